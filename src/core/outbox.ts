/** Gathers what is said in one tick into one message. */
import * as Wire from './protocol.js'
import type { Arguments } from './ticket.js'

export type Message = [message: unknown[], transfer: Transferable[]]

/** What was said with a changeable value, and has not arrived. */
export interface LostOp {
  tag: number
  id: number
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
  /** Messages that may leave and yet turn out to be unreadable: what each of them said. */
  readonly #fragile = new Map<number, LostOp[]>()

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
   * @throws where the value cannot be cloned; then it was not sent
   */
  post(ops: readonly unknown[], transfer: Transferable[]): void {
    if (this.#closed) return
    if (this.#waiting) {
      const [copy, moved] = structuredClone([ops, transfer], { transfer }) as [unknown[], Transferable[]]
      if (this.batch.length > 1) this.#waiting.push([this.batch, []])
      this.#waiting.push([[this.token, ...copy], moved])
      this.batch = [this.token]
      return this.#remember(this.#waiting.length, ops)
    }
    if (this.batch.length > 1) this.#send()
    this.#deliver([this.token, ...ops], transfer)
    this.#remember(this.sent, ops)
  }

  /** The other side could not read a message. @returns what it said */
  lost(number: number): LostOp[] {
    const lost = this.#fragile.get(number) ?? []
    this.#fragile.delete(number)
    return lost
  }

  #remember(number: number, ops: readonly unknown[]): void {
    const said: LostOp[] = []
    for (let at = 0; at < ops.length; at += Wire.opLength(ops[at] as number, ops[at + 3]))
      said.push({ tag: ops[at] as number, id: ops[at + 1] as number })
    this.#fragile.set(number, said)
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
    if (this.batch.length > 1) this.#send()
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

  #send(): void {
    this.#deliver(this.batch, [])
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
