/** What stands in the thread for a function of the page. */
import * as Wire from './protocol.js'
import type { Action } from './actions.js'
import { ThreadError } from './errors.js'
import { KEEP } from './keep.js'
import type { Outbox } from './outbox.js'
import type { Scope } from './scope.js'

export interface StandInParts {
  outbox: Outbox
  /** The thread's name, for messages. */
  name: string
  /** Calls a function of the other side. */
  invoke(callback: number, args: unknown[]): Promise<unknown>
}

/** @param scope of the call the function was passed to, and with which it is released */
export function standIn(callback: number, scope: Scope, { outbox, name, invoke }: StandInParts): Action {
  let kept = 0
  const call = (...args: unknown[]) => {
    if (!scope.released || kept > 0) return invoke(callback, args)
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
