import type { Settings } from '../core/thread.js'

/** Returns the names of the options that a call has changed since its module ran before. */
export function changedSettings(former: Settings, now: Settings): (keyof Settings)[] {
  const keys = new Set([...Object.keys(former), ...Object.keys(now)]) as Set<keyof Settings>
  // The services of the former run use what that run of the module has imported.
  return [...keys].filter(
    (key) => !(key === 'host' ? former.host === now.host : equal(former[key], now[key])),
  )
}

function equal(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true
  // Each run of a module makes its functions anew.
  if (typeof one === 'function' && typeof other === 'function') return String(one) === String(other)
  if (typeof one !== 'object' || typeof other !== 'object' || !one || !other) return false
  const prototype: unknown = Object.getPrototypeOf(one)
  if (prototype !== Object.getPrototypeOf(other)) return false
  if (prototype !== Object.prototype && prototype !== Array.prototype) return false
  const keys = Object.keys(one)
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => equal(Reflect.get(one, key), Reflect.get(other, key)))
  )
}
