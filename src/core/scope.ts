/** What belongs to one call or subscription in the thread, and ends with it. */
import { realm } from './realm.js'

export class Scope {
  #controller: AbortController | undefined
  /** The call is settled, or the subscription over: callbacks that were not kept are dead. */
  released = false

  /** Aborts when the call is cancelled, its last reader leaves, or its client is gone. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    return this.#controller.signal
  }

  get aborted(): boolean {
    return this.#controller?.signal.aborted ?? false
  }

  abort(reason?: unknown): void {
    // Without anybody to hear it now, it must still be heard by a signal that is asked for later.
    this.#controller ??= new AbortController()
    this.#controller.abort(reason)
  }

  release(): void {
    this.released = true
  }

  /** Runs the synchronous part of a method or a generator's step, so that `callSignal()` finds this scope. */
  run<T>(work: (...args: never[]) => T, self?: unknown, args: readonly unknown[] = []): T {
    const before = realm.scope
    realm.scope = this
    try {
      return Reflect.apply(work, self, args)
    } finally {
      realm.scope = before
    }
  }
}

let idle: AbortSignal | undefined

/**
 * The signal of the action or generator that is running: it aborts when its call is cancelled, when its stream's last
 * reader leaves, or when its client is gone. Read it before the first `await`. Outside a call it never aborts.
 *
 * @example
 * async *watchPrice(symbol: string) {
 *   const signal = callSignal()
 *   const socket = await open(symbol, { signal })
 *   for await (const price of socket) yield price
 * }
 */
export function callSignal(): AbortSignal {
  return realm.scope?.signal ?? (idle ??= new AbortController().signal)
}
