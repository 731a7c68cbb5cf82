/** Development builds freeze snapshots: whoever changes one learns it where it happens. */
import { isPlain } from './look.js'

/** Freezes plain objects and arrays, and what is in them, in maps and in sets. Other objects cannot be frozen. */
export function deepFreeze(value: unknown): void {
  // One after the other, and not one in the other: for what is nested very deeply the stack would be too small.
  const found = new Set<object>()
  const find = (part: unknown) => {
    if (typeof part === 'object' && part !== null && !Object.isFrozen(part)) found.add(part)
  }
  find(value)
  for (const object of found) {
    if (object instanceof Map || object instanceof Set) for (const part of object.values()) find(part)
    else if (Array.isArray(object) || isPlain(object)) {
      Object.freeze(object)
      for (const part of Object.values(object)) find(part)
    }
  }
}
