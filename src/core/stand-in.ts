/** What stands on this side for a function of the other. */
import * as Wire from './protocol.js'
import type { Action } from './actions.js'
import type { Asker } from './asker.js'
import { ThreadError } from './errors.js'
import { KEEP } from './keep.js'
import type { Line } from './line.js'
import type { Scope } from './scope.js'

/** @param scope of the call the function was passed to, and with which it is released */
export function standIn(callback: number, scope: Scope, { outbox, name }: Line, asker: Asker): Action {
  let kept = 0
  const call = (...args: unknown[]) => {
    if (!scope.released || kept > 0) return asker.invoke(callback, args)
    const refused = Promise.reject(released(name))
    // A late progress report that nobody awaits is no error.
    refused.catch(() => {})
    return refused
  }
  const keep = () => {
    kept++
    outbox.put(Wire.KEEP, callback, 0, 0)
    let done = false
    return () => {
      if (done) return
      done = true
      kept--
      outbox.put(Wire.RELEASE, callback, 0, 0)
    }
  }
  return Object.defineProperty(call, KEEP, { value: keep })
}

/** The call that a callback was passed to is over. */
export function released(thread: string): ThreadError {
  return new ThreadError(
    'CALLBACK_RELEASED',
    `thread '${thread}': the call that this callback was passed to is over; keep it with keep(callback)`,
  )
}
