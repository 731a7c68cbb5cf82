/** What a call of an action gives: a promise of its result that is also the stream it may turn out to be. */
import { appendStack, type Trace } from './stacks.js'
import { Ticket } from './ticket.js'
import type { Observer, RemoteStream, Unsubscribe } from './types.js'

/** Adapters cancel a call by this key; a symbol of the realm, since they may come from another bundle. */
export const CANCEL: unique symbol = Symbol.for('bgthread.cancel') as never

export class RemoteCall extends Promise<unknown> implements RemoteStream<unknown> {
  static {
    // `then` and `await` ask a promise for its constructor: with this one they take the engine's fast way.
    Object.defineProperty(this.prototype, 'constructor', { value: Promise })
  }
  declare ticket: CallTicket

  get(): unknown {
    return this.ticket.stream().get()
  }
  subscribe(listener: ((snapshot: unknown) => void) | Observer<unknown>): Unsubscribe {
    return this.ticket.stream().subscribe(listener as Observer<unknown>)
  }
  [Symbol.asyncIterator](): AsyncIterableIterator<unknown, void, undefined> {
    return this.ticket.stream()[Symbol.asyncIterator]()
  }
  ['@@observable'](): RemoteStream<unknown> {
    return this.ticket.stream()
  }
  [CANCEL](reason: unknown): void {
    this.ticket.caller.cancel(this.ticket.id, reason)
  }
}

/** What a call needs of the one who has made it. */
interface Owner {
  readonly name: string
  nextId(): number
  cancel(id: number, reason: unknown): void
  /** The call, taken as a stream. Asked in the tick it was made, the call leaves as a subscription. */
  streamOf(ticket: CallTicket): RemoteStream<unknown>
}

/** A call while it waits for its answer. */
export class CallTicket extends Ticket {
  declare readonly promise: RemoteCall
  trace: Trace | undefined
  #stream: RemoteStream<unknown> | undefined

  constructor(
    readonly caller: Owner,
    action: string,
    args: readonly unknown[],
  ) {
    super(caller.nextId(), action, args, RemoteCall)
    this.promise.ticket = this
  }

  stream(): RemoteStream<unknown> {
    this.promise.catch(() => {})
    return (this.#stream ??= this.caller.streamOf(this))
  }

  override forget(): void {
    super.forget()
    this.trace = undefined
  }

  override explain(thrown: unknown): unknown {
    appendStack(thrown as Error, `${this.caller.name}.${this.action}()`, this.trace)
    return thrown
  }
}
