import type { Settings } from '../core/thread.js'

/** What is different in a thread's options: nothing, what starts its logic, the services for it, or anything else. */
export type Change = '' | 'args' | 'host' | 'other'

/** Compares the options that a call has now with those that it had before its module ran again. */
export function compareSettings(former: Settings, now: Settings): Change {
  const keys = new Set([...Object.keys(former), ...Object.keys(now)]) as Set<keyof Settings>
  let change: Change = ''
  for (const key of keys) {
    // Functions of the former run see what that run of the module has seen.
    const isEqual = key === 'host' ? former.host === now.host : equal(former[key], now[key])
    if (isEqual) continue
    if (key === 'args') change = 'args'
    else if (key === 'host') change ||= 'host'
    else return 'other'
  }
  return change
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
