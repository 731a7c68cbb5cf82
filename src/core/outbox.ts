/** Gathers what is said in one tick into one message. */
import * as Wire from './protocol.js'
import type { Arguments } from './ticket.js'

/** A message that waits for the other side to listen. */
interface Waiting {
  message: unknown[]
  transfer: Transferable[]
  /** What it says, where that may turn out to be unreadable. */
  fragile?: readonly unknown[]
}

/** What was said with a changeable value, and has not arrived. */
export interface LostOp {
  tag: number
  id: number
}

/** So many ops that may be unreadable are remembered before the other side is asked how far it has read. */
const REMEMBERED = 128

export class Outbox {
  /** The message being gathered. What is in it can wait, because nothing can change it any more. */
  batch: unknown[]
  /** Messages that wait for the other side to listen; undefined once it does. */
  #waiting: Waiting[] | undefined = []
  #scheduled = false
  #closed = false
  /** Does something at the end of this tick, or when it is its turn. */
  defer: (work: () => void) => void = (work) => queueMicrotask(work)
  /** Adds what has to leave with this batch: snapshots and replies. */
  beforeFlush = () => {}
  /** Messages that have left. */
  sent = 0
  /** What was said and may yet turn out to be unreadable, the oldest first: its message's number, its tag and its id. */
  #fragile: number[] = []
  /** The other side was asked how far it has read. */
  #asked = false

  /**
   * @param token first slot of every message
   * @param deliver hands a message to the endpoint, which clones it at once
   */
  constructor(
    readonly token: string,
    private readonly deliver: (message: unknown[], transfer: Transferable[]) => void,
  ) {
    this.batch = [token]
  }

  /** True until the other side listens: nothing that was said has left. */
  get waiting(): boolean {
    return this.#waiting !== undefined
  }

  /** Adds an op without arguments. Its payload must be unchangeable. */
  put(tag: number, id: number, a: unknown, b: unknown): void {
    this.batch.push(tag, id, a, b)
    this.schedule()
  }

  /** Adds an asking op whose arguments are unchangeable: `count` primitives, or one JSON text. */
  ask(tag: number, id: number, target: number, count: number, slots: readonly unknown[]): void {
    this.batch.push(tag, id, target, count)
    for (const slot of slots) this.batch.push(slot)
    this.schedule()
  }

  /**
   * Sends ops that hold a changeable value now, so that it arrives as it is now. It travels alone, behind what waits:
   * should it turn out to be unreadable, nothing else is lost with it, and nothing comes out of order.
   *
   * @param first ahead of all that waits: the first word to a thread, whenever it is known
   * @throws where the value cannot be cloned; then it was not sent
   */
  post(ops: readonly unknown[], transfer: Transferable[], first = false): void {
    if (this.#closed) return
    if (this.#waiting) {
      const [copy, moved] = structuredClone([ops, transfer], { transfer }) as [unknown[], Transferable[]]
      const waiting: Waiting = { message: [this.token, ...copy], transfer: moved, fragile: copy }
      if (first) return void this.#waiting.unshift(waiting)
      if (this.batch.length > 1) this.#waiting.push({ message: this.batch, transfer: [] })
      this.#waiting.push(waiting)
      this.batch = [this.token]
      return
    }
    if (this.batch.length > 1) this.#send()
    this.#deliver([this.token, ...ops], transfer, ops)
  }

  /** Ops that are remembered, since they may not have been read. */
  get remembered(): number {
    return this.#fragile.length / 3
  }

  /** The other side could not read a message; of those before it, all is known. @returns what it said */
  lost(number: number): LostOp[] {
    const lost: LostOp[] = []
    const fragile = this.#fragile
    for (let at = 0; (fragile[at] as number) <= number; at += 3)
      if (fragile[at] === number) lost.push({ tag: fragile[at + 1] as number, id: fragile[at + 2] as number })
    this.#forget(number)
    return lost
  }

  /** The other side has read the messages up to this number, or has said which of them were lost. */
  read(number: unknown): void {
    this.#forget(number as number)
    this.#asked = false
    this.#askWhereManyWait()
  }

  #forget(number: number): void {
    let read = 0
    while ((this.#fragile[read] as number) <= number) read += 3
    this.#fragile = this.#fragile.slice(read)
  }

  #remember(number: number, ops: readonly unknown[]): void {
    for (let at = 0; at < ops.length; at += Wire.opLength(ops[at] as number, ops[at + 3]))
      this.#fragile.push(number, ops[at] as number, ops[at + 1] as number)
    this.#askWhereManyWait()
  }

  /** No number of messages is too many to remember: only those that were read can be forgotten. */
  #askWhereManyWait(): void {
    if (this.#asked || this.remembered < REMEMBERED) return
    this.#asked = true
    this.put(Wire.PING, 0, 0, 0)
  }

  /** Leaves at the end of this tick. */
  schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    this.defer(() => {
      this.#scheduled = false
      this.flush()
    })
  }

  /** Sends what was gathered. */
  flush(): void {
    if (this.#waiting) return
    // What is said too late is forgotten, not gathered.
    if (this.#closed) return this.close()
    this.beforeFlush()
    if (this.batch.length > 1) this.#send()
  }

  /** The other side listens: sends what waited, in order. */
  open(): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    for (const { message, transfer, fragile } of waiting ?? []) this.#deliver(message, transfer, fragile)
    this.flush()
  }

  /** Nothing leaves any more. */
  close(): void {
    this.#closed = true
    this.#waiting = undefined
    this.batch = [this.token]
  }

  #send(): void {
    this.#deliver(this.batch, [])
    this.batch = [this.token]
  }

  #deliver(message: unknown[], transfer: Transferable[], fragile?: readonly unknown[]): void {
    this.deliver(message, transfer)
    this.sent++
    if (fragile) this.#remember(this.sent, fragile)
  }
}

/** Takes an op back that has not left yet. Its slots stay, so that those behind it keep their places. */
export function takeBack(batch: unknown[], at: number): Arguments {
  batch[at] = Wire.NOTHING
  return slotsAt(batch, at)
}

/** The arguments of an asking op. */
export function slotsAt(batch: unknown[], at: number): Arguments {
  const count = batch[at + 3] as number
  return { count, slots: batch.slice(at + 4, at + Wire.opLength(Wire.NOTHING, count)) }
}
