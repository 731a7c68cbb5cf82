/** One endpoint with both halves of a conversation: each side asks and each side answers. */
import * as Wire from './protocol.js'
import { Callbacks } from './callbacks.js'
import { Caller } from './caller.js'
import type { Endpoint } from './endpoint.js'
import { NotCloneableError } from './errors.js'
import type { Logic } from './logic.js'
import { Outbox } from './outbox.js'
import { Responder } from './responder.js'
import { decode } from './thrown.js'

export interface ConnectionOptions {
  /** First slot of every message; others are not for us. */
  token: string
  /** The thread's name, for messages. */
  name: string
  /** What answers here; a page offers only its callbacks. */
  logic?: Logic | undefined
  /** The lock this side holds as long as it lives; the other side is told before it hears that this one is ready. */
  lock?: Promise<string | undefined> | undefined
  /** Milliseconds a subscription outlives its last reader. */
  linger?: number
  /** The other side has an error that nothing caught. */
  onUncaught?(error: unknown): void
  /** The other side holds this lock as long as it lives. */
  onLocked?(lock: string): void
}

export class Connection {
  readonly outbox: Outbox
  readonly caller: Caller
  readonly #callbacks = new Callbacks()
  readonly #responder: Responder
  #received = 0
  #ignored = 0
  /** The numbers that messages had which could not be read, if they were ours. */
  readonly #missed: number[] = []

  constructor(
    private readonly endpoint: Endpoint,
    private readonly options: ConnectionOptions,
  ) {
    const { token, name, logic, lock, linger = 0 } = options
    this.outbox = new Outbox(
      token,
      (message, transfer) => endpoint.postMessage(message, transfer),
      () => this.#responder.beforeFlush(),
    )
    this.caller = new Caller(this.outbox, this.#callbacks, name, linger)
    this.#responder = new Responder({
      outbox: this.outbox,
      name,
      logic,
      lock,
      callbacks: this.#callbacks,
      invoke: (callback, args) => this.caller.invoke(callback, args),
    })
    endpoint.addEventListener('message', this.receive)
    endpoint.addEventListener('messageerror', this.#miss)
  }

  get stats() {
    const { outbox, caller } = this
    return {
      ...caller.stats,
      callbacks: this.#callbacks.size,
      sent: outbox.sent,
      received: this.#received,
      ignored: this.#ignored,
    }
  }

  /** Takes a message; whatever is not ours or not well-formed is counted and dropped. */
  readonly receive = ({ data }: { data: unknown }): void => {
    if (!Array.isArray(data) || data[0] !== this.options.token) {
      // So Chromium gives what it cannot read; it may be somebody else's, too.
      if (data === null) this.#miss()
      return void this.#ignored++
    }
    this.#received++
    this.#responder.turns.begin()
    for (let at = 1; at < data.length;) {
      const tag: unknown = data[at]
      const known = Number.isInteger(tag) && (tag as number) >= Wire.START && (tag as number) <= Wire.LAST
      const length = known ? Wire.opLength(tag as number, data[at + 3]) : NaN
      if (!(at + length <= data.length)) return void this.#ignored++
      try {
        this.#take(data, at)
      } catch {
        this.#ignored++
      }
      at += length
    }
  }

  /** Nothing is said or heard any more. What is pending on this side is for the caller's `end`. */
  close(): void {
    this.endpoint.removeEventListener('message', this.receive)
    this.endpoint.removeEventListener('messageerror', this.#miss)
    this.outbox.close()
    this.#responder.end()
    this.#callbacks.clear()
  }

  /** Some values can be cloned, and their clones cannot be read: very deep ones. Which message was it, if one of ours? */
  readonly #miss = (): void => {
    this.#missed.push(this.#received + this.#missed.length + 1)
    this.outbox.put(Wire.MISSED, 0, 0, 0)
  }

  /** @param number of this message, as the other side counts: what is missing before it was lost */
  #compare(number: number): void {
    const lost = number - this.#received
    for (const missed of this.#missed.splice(0).slice(0, Math.max(0, lost)))
      this.outbox.put(Wire.LOST, missed, 0, 0)
    if (lost > 0) this.#received = number
  }

  #lose(message: number): void {
    const error = new NotCloneableError(
      `thread '${this.options.name}': a value was sent that the other side cannot read; it may be nested too deeply`,
      'value',
    )
    for (const op of this.outbox.resend(message)) {
      this.caller.lose(op, error)
      this.#responder.lose(op, error)
    }
  }

  #take(message: unknown[], at: number): void {
    const tag = message[at] as number
    const id = message[at + 1] as number
    const a = message[at + 2]
    const b = message[at + 3]
    if (tag <= Wire.NOTHING) return this.#responder.ask(message, at)
    switch (tag) {
      case Wire.RETURN:
      case Wire.THROW:
      case Wire.RETURN_STREAM:
        return this.#count(this.caller.answer(tag, id, a, b))
      case Wire.SNAPSHOT:
      case Wire.PATCH:
      case Wire.VALUE:
      case Wire.COMPLETE:
      case Wire.FAIL:
        return this.#count(this.caller.hear(tag, id, a, b))
      case Wire.NAME:
        return this.#responder.name(id, a)
      case Wire.ACKNOWLEDGE:
        return this.#responder.streams.acknowledge(id)
      case Wire.WHOLE:
        return this.#responder.streams.again(id)
      case Wire.CREDIT:
        return this.#responder.streams.credit(id, a)
      case Wire.UNSUBSCRIBE:
        return this.#responder.unsubscribe(id)
      case Wire.LET_GO:
        return this.#responder.streams.letGo(id)
      case Wire.CANCEL:
        return this.#responder.cancel(id, decode(a, b))
      case Wire.KEEP:
        return this.#callbacks.keep(id)
      case Wire.RELEASE:
        return this.#callbacks.release(id)
      case Wire.CLOSE:
        return void this.#responder.close(id)
      case Wire.UNCAUGHT:
        return this.options.onUncaught?.(decode(a, b))
      case Wire.LOCKED:
        return this.options.onLocked?.(String(a))
      case Wire.MISSED:
        return this.outbox.put(Wire.HERE, this.outbox.sent + 1, 0, 0)
      case Wire.HERE:
        return this.#compare(id)
      case Wire.LOST:
        return this.#lose(id)
    }
  }

  /** A late answer is dropped, and seen in the statistics. */
  #count(taken: boolean): void {
    if (!taken) this.#ignored++
  }
}
