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
  /** The time in which this side reads has passed: a message is left before its end. */
  isLate?(): boolean
  /** The other side ends the conversation. */
  onEnd?(how: number, error: unknown): void
}

/** Of more messages than these it is not asked what they were. */
const MOST_MISSED = 10_000

export class Connection<A extends Asker = Asker> implements Line {
  readonly name: string
  readonly outbox: Outbox
  readonly callbacks = new Callbacks()
  readonly asker: A
  readonly #answerer: Answerer
  #endpoint: Endpoint | undefined
  #closed = false
  #received = 0
  #ignored = 0
  /** The numbers that messages had which could not be read, if they were ours. */
  readonly #missed: number[] = []
  /** Questions about what is missing that have not been answered. */
  #doubts = 0
  /** Streams that are said to have ended, while something is missing that may have been their last word. */
  readonly #ends = new Set<number>()
  /** A message that was left before its end, and where. */
  #rest: { message: unknown[]; at: number } | undefined

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
    this.#readFrom(data, 1)
  }

  /** A message was left before its end. */
  get isReading(): boolean {
    return this.#rest !== undefined
  }

  /** Goes on with it. */
  goOn(): void {
    const { message, at } = this.#rest ?? { message: [], at: 0 }
    this.#readFrom(message, at)
  }

  #readFrom(message: unknown[], from: number): void {
    this.#rest = undefined
    for (let at = from; at < message.length;) {
      const tag: unknown = message[at]
      const known = Number.isInteger(tag) && (tag as number) >= Wire.START && (tag as number) <= Wire.LAST
      const length = known ? Wire.opLength(tag as number, message[at + 3]) : NaN
      if (!(at + length <= message.length)) return void this.#ignored++
      try {
        // A late answer is dropped, and seen in the statistics.
        if (!this.#take(message, at)) this.#ignored++
      } catch {
        this.#ignored++
      }
      at += length
      if (this.#closed) return
      if (this.options.isLate?.() && at < message.length) {
        this.#rest = { message, at }
        return
      }
    }
  }

  /** Nothing is said or heard any more. What is pending on this side is for the asker's `end`. */
  close(): void {
    this.#closed = true
    this.#rest = undefined
    this.#endpoint?.removeEventListener('message', this.options.listener ?? this.receive)
    this.#endpoint?.removeEventListener('messageerror', this.#miss)
    this.outbox.close()
    this.#answerer.end()
    this.callbacks.clear()
  }

  /** Some values can be cloned, and their clones cannot be read: very deep ones. Which message was it, if one of ours? */
  readonly #miss = (): void => {
    if (this.#missed.length >= MOST_MISSED) return
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
    for (const id of this.#ends) this.asker.take(Wire.COMPLETE, id, 0, 0)
    this.#ends.clear()
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
        if (this.#doubts === 0 || !this.asker.reads(id)) return this.asker.take(tag, id, a, b)
        this.#ends.add(id)
        break
      default:
        return tag >= Wire.RETURN && tag <= Wire.FAIL
          ? this.asker.take(tag, id, a, b)
          : this.#answerer.take(message, at)
    }
    return true
  }
}
