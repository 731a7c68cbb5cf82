/** What stands on this side for a function of the other. */
import * as Wire from './protocol.js'
import type { Action } from './actions.js'
import type { Asker } from './asker.js'
import { ThreadError } from './errors.js'
import { KEEP } from './keep.js'
import type { Line } from './line.js'
import type { Scope } from './scope.js'

export interface StandIn {
  readonly call: Action
  /** The function has another number as the method of this object. */
  add(self: object, number: number): void
}

/**
 * @param callback its first number, by which it is known where it is called as no method
 * @param scope of the call the function was passed to, and with which it is released
 */
export function standIn(callback: number, scope: Scope, { outbox, name }: Line, asker: Asker): StandIn {
  const numbers = new Set([callback])
  const methods = new WeakMap<object, number>()
  let kept = 0
  const isKept = () => kept > 0
  function call(this: object, ...args: unknown[]) {
    if (isKept() || !(scope.aborted || scope.released))
      return asker.invoke(methods.get(this) ?? callback, args, scope.signal, isKept)
    const refused = Promise.reject(scope.aborted ? (scope.signal.reason as Error) : released(name))
    // A late progress report that nobody awaits is no error.
    refused.catch(() => {})
    return refused
  }
  const keep = () => {
    kept++
    for (const number of numbers) outbox.put(Wire.KEEP, number, 0, 0)
    let done = false
    return () => {
      if (done) return
      done = true
      kept--
      for (const number of numbers) outbox.put(Wire.RELEASE, number, 0, 0)
    }
  }
  const add = (self: object, number: number) => {
    numbers.add(number)
    methods.set(self, number)
  }
  return { call: Object.defineProperty(call, KEEP, { value: keep }), add }
}

/** The call that a callback was passed to is over. */
export function released(thread: string): ThreadError {
  return new ThreadError(
    'CALLBACK_RELEASED',
    `thread '${thread}': the call that this callback was passed to is over; keep it with keep(callback)`,
  )
}
