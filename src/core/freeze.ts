/** Development builds freeze snapshots: whoever changes one learns it where it happens. */

/** Freezes plain objects and arrays, and what is in them. */
export function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  const proto = Object.getPrototypeOf(value)
  if (!Array.isArray(value) && proto !== Object.prototype && proto !== null) return
  Object.freeze(value)
  for (const part of Object.values(value)) deepFreeze(part)
}
