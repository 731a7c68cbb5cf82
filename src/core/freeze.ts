/** Development builds freeze snapshots: whoever changes one learns it where it happens. */
import { isPlain } from './look.js'

/** Freezes plain objects and arrays, and what is in them, in maps and in sets. Other objects cannot be frozen. */
export function deepFreeze(value: unknown, seen = new Set<object>()): void {
  if (typeof value !== 'object' || value === null || seen.has(value) || Object.isFrozen(value)) return
  seen.add(value)
  if (value instanceof Map || value instanceof Set) for (const part of value.values()) deepFreeze(part, seen)
  else if (Array.isArray(value) || isPlain(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) deepFreeze(part, seen)
  }
}
