/** What a call of an action gives: a promise of its result that is also the stream it may turn out to be. */
import type { Observer, RemoteStream, Unsubscribe } from './types.js'

/** Adapters cancel a call by this key; a symbol of the realm, since they may come from another bundle. */
export const CANCEL: unique symbol = Symbol.for('bgthread.cancel') as never

/** What stands behind a call. */
export interface CallSource {
  /** The call, taken as a stream. Asked in the tick it was made, the call leaves as a subscription. */
  stream(): RemoteStream<unknown>
  cancel(reason: unknown): void
}

export class RemoteCall extends Promise<unknown> implements RemoteStream<unknown> {
  static {
    // `then` and `await` ask a promise for its constructor: with this one they take the engine's fast way.
    Object.defineProperty(this.prototype, 'constructor', { value: Promise })
  }
  declare source: CallSource

  get(): unknown {
    return this.source.stream().get()
  }
  subscribe(listener: ((snapshot: unknown) => void) | Observer<unknown>): Unsubscribe {
    return this.source.stream().subscribe(listener as Observer<unknown>)
  }
  [Symbol.asyncIterator](): AsyncIterableIterator<unknown, void, undefined> {
    return this.source.stream()[Symbol.asyncIterator]()
  }
  ['@@observable'](): RemoteStream<unknown> {
    return this.source.stream()
  }
  [CANCEL](reason: unknown): void {
    this.source.cancel(reason)
  }
}
