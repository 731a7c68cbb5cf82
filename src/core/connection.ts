/** One endpoint with both halves of a conversation: each side asks and each side answers. */
import * as Wire from './protocol.js'
import type { Answerer } from './answerer.js'
import type { Asker } from './asker.js'
import { Callbacks } from './callbacks.js'
import type { Endpoint } from './endpoint.js'
import { NotCloneableError } from './errors.js'
import type { Line } from './line.js'
import { Outbox } from './outbox.js'
import { decode } from './thrown.js'
import { isToken } from './token.js'

export interface ConnectionOptions<A extends Asker> {
  /** First slot of every message; others are not for us. */
  token: string
  /** The thread's name, for messages. */
  name: string
  /** Listens to the endpoint already, and calls `receive`. */
  listener?: (event: MessageEvent) => void
  /** Makes the asking half: for callbacks only, or for actions and streams too. */
  asks(line: Line): A
  /** Makes the answering half: for callbacks only, or for a logic too. */
  answers(line: Line, asker: A): Answerer
  /** The other side has an error that nothing caught. */
  onUncaught?(error: unknown): void
  /** The other side holds this lock as long as it lives. */
  onLocked?(lock: string): void
  /** The other side ends the conversation. */
  onEnd?(how: number, error: unknown): void
}

export class Connection<A extends Asker = Asker> implements Line {
  readonly name: string
  readonly outbox: Outbox
  readonly callbacks = new Callbacks()
  readonly asker: A
  readonly #answerer: Answerer
  #endpoint: Endpoint | undefined
  #received = 0
  #ignored = 0
  /** The numbers that messages had which could not be read, if they were ours. */
  readonly #missed: number[] = []
  /** Questions about what is missing that have not been answered. */
  #doubts = 0
  /** Streams that are said to have ended, while something is missing that may have been their last word. */
  readonly #ends: number[] = []

  /** What is said waits until the outbox is opened, and may be said before there is an endpoint. */
  constructor(private readonly options: ConnectionOptions<A>) {
    this.name = options.name
    this.outbox = new Outbox(options.token, (message, transfer) =>
      this.#endpoint?.postMessage(message, transfer),
    )
    this.asker = options.asks(this)
    this.#answerer = options.answers(this, this.asker)
  }

  /** Hears what comes from the other side. */
  connect(endpoint: Endpoint): void {
    this.#endpoint = endpoint
    if (!this.options.listener) endpoint.addEventListener('message', this.receive)
    endpoint.addEventListener('messageerror', this.#miss)
  }

  get stats() {
    return {
      ...(this.asker.stats as A['stats']),
      callbacks: this.callbacks.size,
      sent: this.outbox.sent,
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
    this.#answerer.begin()
    for (let at = 1; at < data.length;) {
      const tag: unknown = data[at]
      const known = Number.isInteger(tag) && (tag as number) >= Wire.START && (tag as number) <= Wire.LAST
      const length = known ? Wire.opLength(tag as number, data[at + 3]) : NaN
      if (!(at + length <= data.length)) return void this.#ignored++
      try {
        // A late answer is dropped, and seen in the statistics.
        if (!this.#take(data, at)) this.#ignored++
      } catch {
        this.#ignored++
      }
      at += length
    }
  }

  /** Nothing is said or heard any more. What is pending on this side is for the asker's `end`. */
  close(): void {
    this.#endpoint?.removeEventListener('message', this.options.listener ?? this.receive)
    this.#endpoint?.removeEventListener('messageerror', this.#miss)
    this.outbox.close()
    this.#answerer.end()
    this.callbacks.clear()
  }

  /** Some values can be cloned, and their clones cannot be read: very deep ones. Which message was it, if one of ours? */
  readonly #miss = (): void => {
    const missed = this.#missed.push(this.#received + this.#missed.length + 1)
    if (missed === 1) this.#doubt()
  }

  /** Asks for a sign of life, and for how much was said. @param inDoubt since something is missing */
  ping(inDoubt = 0): void {
    this.outbox.put(Wire.PING, 0, inDoubt, 0)
  }

  #doubt(): void {
    this.#doubts++
    this.ping(1)
  }

  /** All up to this number was read, or is known to be lost. */
  get #read(): number {
    return (this.#missed[0] ?? this.#received + 1) - 1
  }

  /**
   * @param number of this message, as the other side counts: what is missing before it was lost
   * @param read what the other side has read of this one's
   */
  #compare(number: number, inDoubt: unknown, read: unknown): void {
    if (typeof read === 'number') this.outbox.read(read)
    const lost = number - this.#received
    for (const missed of this.#missed.splice(0).slice(0, Math.max(0, lost)))
      this.outbox.put(Wire.LOST, missed, 0, 0)
    if (lost > 0) {
      this.#received = number
      // What comes of it comes before the answer to this.
      this.#doubt()
    }
    if (inDoubt !== 1 || this.#doubts === 0 || --this.#doubts > 0) return
    for (const id of this.#ends.splice(0)) this.asker.take(Wire.COMPLETE, id, 0, 0)
  }

  #lose(message: number): void {
    const error = new NotCloneableError(
      `thread '${this.name}': a value was sent that the other side cannot read; it may be nested too deeply, or of a class that is not known there`,
      'value',
    )
    for (const op of this.outbox.lost(message)) {
      this.asker.lose(op, error)
      this.#answerer.lose(op, error)
    }
  }

  /** @returns false where an op is for nobody */
  #take(message: unknown[], at: number): boolean {
    const tag = message[at] as number
    const id = message[at + 1] as number
    const a = message[at + 2]
    const b = message[at + 3]
    // Numbers only: what else may be said back, and could not be cloned.
    if (!Number.isSafeInteger(id)) return false
    switch (tag) {
      case Wire.KEEP:
        this.callbacks.keep(id)
        break
      case Wire.RELEASE:
        this.callbacks.release(id)
        break
      case Wire.UNCAUGHT:
        this.options.onUncaught?.(decode(a, b))
        break
      case Wire.LOCKED:
        if (isToken(a)) this.options.onLocked?.(a)
        break
      case Wire.END:
        this.options.onEnd?.(id, decode(a, b))
        break
      case Wire.PING:
        this.outbox.put(Wire.HERE, this.outbox.sent + 1, a === 1 ? 1 : 0, this.#read)
        break
      case Wire.HERE:
        this.#compare(id, a, b)
        break
      case Wire.LOST:
        this.#lose(id)
        break
      case Wire.COMPLETE:
        if (this.#doubts === 0) return this.asker.take(tag, id, a, b)
        this.#ends.push(id)
        break
      default:
        return tag >= Wire.RETURN && tag <= Wire.FAIL
          ? this.asker.take(tag, id, a, b)
          : this.#answerer.take(message, at)
    }
    return true
  }
}
