/** Gathers what is said in one tick into one message. */
import * as Wire from './protocol.js'
import type { Arguments } from './ticket.js'

export type Message = [message: unknown[], transfer: Transferable[]]

/** What was said with a changeable value, and has not arrived. */
export interface LostOp {
  tag: number
  id: number
}

/** A message that may leave and yet turn out to be unreadable. */
interface Fragile {
  /** Its unchangeable ops, which can be said again. */
  before: unknown[]
  lost: LostOp[]
}

/** Such messages are remembered: an unreadable one is heard of long before so many others have left. */
const REMEMBERED = 64

export class Outbox {
  /** The message being gathered. What is in it can wait, because nothing can change it any more. */
  batch: unknown[]
  /** Messages that wait for the other side to listen; undefined once it does. */
  #waiting: Message[] | undefined = []
  #scheduled = false
  #closed = false
  /** Adds what has to leave with this batch: snapshots and replies. */
  beforeFlush = () => {}
  /** Messages that have left. */
  sent = 0
  readonly #fragile = new Map<number, Fragile>()
  /** The batch says a name for the first time. */
  #named = false

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
    if (tag === Wire.NAME) this.#named = true
    this.schedule()
  }

  /** Adds an asking op whose arguments are unchangeable: `count` primitives, or one JSON text. */
  ask(tag: number, id: number, target: number, count: number, slots: readonly unknown[]): void {
    this.batch.push(tag, id, target, count)
    for (const slot of slots) this.batch.push(slot)
    this.schedule()
  }

  /**
   * Sends an op that holds a changeable value, with all that waits before it: now, so that it arrives as it is now.
   * Where it throws, because the value cannot be cloned, what waited before it still waits.
   */
  post(op: readonly unknown[], transfer: Transferable[]): void {
    if (this.#closed) return
    if (this.#waiting) {
      const [copy, moved] = structuredClone([op, transfer], { transfer }) as [unknown[], Transferable[]]
      this.#waiting.push([this.batch.concat(copy), moved])
      this.#remember(this.#waiting.length, this.batch, op)
      this.batch = [this.token]
      return
    }
    // A name must arrive even where this value does not: later calls go by its number.
    if (this.#named) this.#send([])
    const { batch } = this
    const { length } = batch
    for (const slot of op) batch.push(slot)
    try {
      this.#send(transfer)
    } catch (error) {
      batch.length = length
      throw error
    }
    batch.length = length
    this.#remember(this.sent, batch, op)
  }

  /** The other side could not read a message: says the rest of it again. @returns the ops that are lost */
  resend(number: number): LostOp[] {
    const fragile = this.#fragile.get(number)
    if (!fragile) return []
    this.#fragile.delete(number)
    for (const slot of fragile.before) this.batch.push(slot)
    this.schedule()
    return fragile.lost
  }

  #remember(number: number, before: readonly unknown[], ops: readonly unknown[]): void {
    const lost: LostOp[] = []
    for (let at = 0; at < ops.length; at += Wire.opLength(ops[at] as number, ops[at + 3]))
      lost.push({ tag: ops[at] as number, id: ops[at + 1] as number })
    this.#fragile.set(number, { before: before.slice(1), lost })
    for (const oldest of this.#fragile.keys()) {
      if (this.#fragile.size <= REMEMBERED) break
      this.#fragile.delete(oldest)
    }
  }

  /** Leaves at the end of this tick. */
  schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    queueMicrotask(() => {
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
    if (this.batch.length > 1) this.#send([])
  }

  /** The other side listens: sends what waited, in order. */
  open(): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    for (const [message, transfer] of waiting ?? []) this.#deliver(message, transfer)
    this.flush()
  }

  /** Nothing leaves any more. */
  close(): void {
    this.#closed = true
    this.#waiting = undefined
    this.batch = [this.token]
  }

  #send(transfer: Transferable[]): void {
    this.#deliver(this.batch, transfer)
    this.#named = false
    this.batch = [this.token]
  }

  #deliver(message: unknown[], transfer: Transferable[]): void {
    this.deliver(message, transfer)
    this.sent++
  }
}

/** Takes an op back that has not left yet. Its slots stay, so that those behind it keep their places. */
export function takeBack(batch: unknown[], at: number): Arguments {
  batch[at] = Wire.NOTHING
  const count = batch[at + 3] as number
  return { count, slots: batch.slice(at + 4, at + Wire.opLength(Wire.NOTHING, count)) }
}
