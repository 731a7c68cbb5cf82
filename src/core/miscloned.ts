/** Finds what structured clone would copy without an error, but not as it is meant. */
import { heldBy, isHolder } from './error-copy.js'
import { kindOf, MAP, OBJECT, REF, SET } from './part.js'

/** Deeper objects wait in a list, so that the stack is large enough for any depth. */
const DEEP = 100
/** After this many steps objects are remembered. Most values are trees, and a set of 100,000 rows costs more than they do. */
const MOST = 2 ** 22
/** In larger values the properties that a list has besides its items are not looked at. */
const THOROUGH = 10_000
/** An object with inherited properties that a loop over its own would meet. */
const INHERITING = -1
/** An error: of what it holds, structured clone takes the cause along. */
const ERROR = -2

/**
 * Looks through a whole value for Vue refs, which would arrive as Vue's inner objects, and for abort signals, which
 * Node clones to `{}`.
 *
 * @param meet receives the prototype of each class that has instances in it
 */
export function holdsMiscloned(value: unknown, meet?: (prototype: object) => void): boolean {
  let steps = 0
  let seen: Set<object> | undefined
  const later: object[] = []
  /** Of each class, by its prototype. */
  const kinds = new Map<unknown, number>()
  /** The one met last: rows mostly have the same. */
  let last: unknown
  let kind: number | undefined

  function isWrong(object: object, depth: number): boolean {
    // A cycle goes deep at once, so that no tree pays for it.
    steps++
    if (seen) {
      if (seen.size === seen.add(object).size) return false
    } else if (depth > DEEP || steps > MOST) seen = new Set([object])
    if (depth > DEEP) {
      later.push(object)
      return false
    }
    return holdsWrong(object, depth + 1)
  }

  function holdsWrong(object: object, depth: number): boolean {
    if (Array.isArray(object)) {
      for (let at = 0; at < object.length; at++) {
        const item: unknown = object[at]
        if (typeof item === 'object' && item !== null) {
          if (isWrong(item, depth)) return true
        } else if (item === undefined && !(at in object)) return areWrong(Object.values(object), depth)
      }
      if (steps + object.length > THOROUGH) return false
      const values: unknown[] = Object.values(object)
      return values.length > object.length && areWrong(values, depth)
    }
    const prototype: unknown = Object.getPrototypeOf(object)
    if (prototype === Object.prototype) return hasWrongProperty(object, depth)
    if (prototype !== last) {
      last = prototype
      kind = kinds.get(prototype)
      if (kind === undefined) kinds.set(prototype, (kind = kindOfClass(object, prototype as object | null)))
    }
    switch (kind) {
      case MAP:
        return (
          areWrong((object as Map<unknown, unknown>).keys(), depth) ||
          areWrong((object as Map<unknown, unknown>).values(), depth)
        )
      case SET:
        return areWrong(object as Set<unknown>, depth)
      case OBJECT:
        return hasWrongProperty(object, depth)
      case INHERITING:
        return areWrong(Object.values(object), depth)
      case ERROR:
        return areWrong(
          heldBy(object as Error).map((name) => (object as unknown as Record<string, unknown>)[name]),
          depth,
        )
    }
    return kind === REF
  }

  function kindOfClass(object: object, prototype: object | null): number {
    if (object instanceof AbortSignal) return REF
    if (isHolder(object)) return ERROR
    const kind = kindOf(object)
    if (kind !== OBJECT || !prototype) return kind
    meet?.(prototype)
    for (const _ in prototype) return INHERITING
    return OBJECT
  }

  /** In the engine's fastest way, where nothing is inherited that would turn up in the loop. */
  function hasWrongProperty(object: object, depth: number): boolean {
    for (const key in object) {
      const part = (object as Record<string, unknown>)[key]
      if (typeof part === 'object' && part !== null && isWrong(part, depth)) return true
    }
    return false
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
