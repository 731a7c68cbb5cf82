/** What a call of an action gives: a promise of its result that is also the stream it may turn out to be. */
import { CALL_TIMEOUT } from './call-clock.js'
import { appendStack, type Trace } from './stacks.js'
import { passForPromise, Ticket } from './ticket.js'
import type { Observer, RemoteStream, Unsubscribe } from './types.js'

/** Adapters cancel a call by this key; a symbol of the realm, since they may come from another bundle. */
export const CANCEL: unique symbol = Symbol.for('bgthread.cancel') as never

/** What a call needs of the one who has made it. */
export interface Owner {
  readonly name: string
  nextId(): number
  cancel(id: number, reason: unknown): void
  /** The call is to be done in its time from now on. */
  bound(call: RemoteCall): void
  /** The call, taken as a stream. Asked in the tick it was made, the call leaves as a subscription. */
  streamOf(call: RemoteCall): RemoteStream<unknown>
}

export class RemoteCall extends Ticket implements RemoteStream<unknown> {
  static {
    passForPromise(this)
  }
  trace: Trace | undefined
  /** Milliseconds that it may take, and that are left of them; undefined where it may take any. */
  timeout: number | undefined
  timeLeft = 0
  /** Its arguments as they were passed, where no batch has them. */
  args: readonly unknown[] | undefined
  /** Told when it is answered, given up, or taken as a stream; perhaps more than once. */
  whenOver: (() => void) | undefined
  /** What its stream is opened with when it is read again; an error where it cannot be. Set once it is taken as a stream. */
  again: readonly unknown[] | Error | undefined
  /** What it turned out to be. */
  stream: RemoteStream<unknown> | undefined

  constructor(
    public caller: Owner,
    action: string,
  ) {
    super(caller.nextId(), action)
  }

  get(): unknown {
    return this.#read().get()
  }
  subscribe(listener: ((snapshot: unknown) => void) | Observer<unknown>): Unsubscribe {
    return this.#read().subscribe(listener as Observer<unknown>)
  }
  [Symbol.asyncIterator](): AsyncIterableIterator<unknown, void, undefined> {
    return this.#read()[Symbol.asyncIterator]()
  }
  ['@@observable'](): RemoteStream<unknown> {
    return this.#read()
  }
  [CANCEL](reason: unknown): void {
    this.caller.cancel(this.id, reason)
  }

  [CALL_TIMEOUT](milliseconds: number): void {
    this.timeout = milliseconds
    this.caller.bound(this)
  }

  #read(): RemoteStream<unknown> {
    if (this.stream && this.again) return this.stream
    this.catch(() => {})
    return (this.stream = this.caller.streamOf(this))
  }

  override forget(): void {
    super.forget()
    this.trace = this.args = undefined
    this.whenOver?.()
  }

  override explain(thrown: unknown): unknown {
    appendStack(thrown as Error, `${this.caller.name}.${this.action}()`, this.trace)
    return thrown
  }
}
