/** Finds what structured clone would copy without an error, but not as it is meant. */
import { kindOf, MAP, OBJECT, REF, SET } from './part.js'

/** Deeper objects wait in a list, so that the stack is large enough for any depth. */
const DEEP = 100
/** After this many steps objects are remembered. Most values are trees, and a set of 100,000 rows costs more than they do. */
const MOST = 2 ** 22

/**
 * Looks through a whole value for Vue refs, which would arrive as Vue's inner objects, and for abort signals, which
 * Node clones to `{}`.
 *
 * @param meet receives the prototypes of the class instances in it, perhaps several times
 */
export function holdsMiscloned(value: unknown, meet?: (prototype: object) => void): boolean {
  let steps = 0
  let seen: Set<object> | undefined
  const later: object[] = []
  /** Of the class met last: rows mostly have the same. */
  let last: unknown
  let lastKind = OBJECT

  function isWrong(object: object, depth: number): boolean {
    // A cycle goes deep at once, so that no tree pays for it.
    if (seen) {
      if (seen.size === seen.add(object).size) return false
    } else if (depth > DEEP || ++steps > MOST) seen = new Set([object])
    if (depth > DEEP) {
      later.push(object)
      return false
    }
    return holdsWrong(object, depth + 1)
  }

  function holdsWrong(object: object, depth: number): boolean {
    if (Array.isArray(object)) {
      // Without gaps, and with the properties that it has besides; by index, which is much faster than an iterator.
      const parts: unknown[] = Object.values(object)
      for (let at = 0; at < parts.length; at++) {
        const part = parts[at]
        if (typeof part === 'object' && part !== null && isWrong(part, depth)) return true
      }
      return false
    }
    const prototype: unknown = Object.getPrototypeOf(object)
    if (prototype === Object.prototype) {
      for (const key in object) {
        const part = (object as Record<string, unknown>)[key]
        if (typeof part === 'object' && part !== null && isWrong(part, depth)) return true
      }
      return false
    }
    if (prototype !== last) {
      if (object instanceof AbortSignal) return true
      last = prototype
      lastKind = kindOf(object)
      if (lastKind === OBJECT && prototype !== null) meet?.(prototype as object)
    }
    switch (lastKind) {
      case MAP:
        return (
          areWrong((object as Map<unknown, unknown>).keys(), depth) ||
          areWrong((object as Map<unknown, unknown>).values(), depth)
        )
      case SET:
        return areWrong(object as Set<unknown>, depth)
      case OBJECT:
        return areWrong(Object.values(object), depth)
    }
    return lastKind === REF
  }

  function areWrong(parts: Iterable<unknown>, depth: number): boolean {
    for (const part of parts)
      if (typeof part === 'object' && part !== null && isWrong(part, depth)) return true
    return false
  }

  try {
    if (areWrong([value], 0)) return true
    for (let object = later.pop(); object; object = later.pop()) if (holdsWrong(object, 0)) return true
  } catch {
    // A proxy may throw when it is read: structured clone reports it.
  }
  return false
}
