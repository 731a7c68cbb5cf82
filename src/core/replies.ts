/** Replies on their way out: none overtakes a snapshot that was emitted before it. */
import type { Outbox } from './outbox.js'
import type { Publisher } from './publisher.js'
import type { Mouth } from './say.js'

export class Replies implements Mouth {
  #slots: unknown[] = []
  #transfer: Transferable[] = []
  /** Results that wait as copies. */
  #copies = 0
  /** They wait until a reader of snapshots has caught up. */
  held = false

  /** @param snapshots that replies must not overtake */
  constructor(
    private readonly outbox: Outbox,
    private readonly snapshots: Pick<Publisher, 'idle' | 'pull'>,
    /** Slots and copies that may wait for a reader to catch up. */
    private readonly most = { slots: Infinity, copies: Infinity },
  ) {}

  /** So many wait. */
  get length(): number {
    return this.#slots.length / 4
  }

  put(tag: number, id: number, a: unknown, b: unknown): void {
    // Nothing waits that it could overtake.
    if (this.#slots.length === 0 && this.snapshots.idle) return this.outbox.put(tag, id, a, b)
    this.#slots.push(tag, id, a, b)
    this.outbox.schedule()
  }

  post(op: readonly unknown[], transfer: Transferable[]): void {
    if (this.#mayLeave()) return this.outbox.post(op, transfer)
    // It has to wait, and may be changed meanwhile: a copy waits in its place.
    const [copy, moved] = structuredClone([op, transfer], { transfer }) as [unknown[], Transferable[]]
    this.#copies++
    this.#slots.push(...copy)
    this.#transfer.push(...moved)
  }

  /** Into the batch that is about to leave. */
  move(): void {
    if (this.#slots.length > 0) this.#mayLeave()
  }

  #mayLeave(): boolean {
    const { slots: most, copies } = this.most
    this.held = !this.snapshots.pull(this.#slots.length > most || this.#copies > copies)
    if (this.held) return false
    const slots = this.#slots
    this.#slots = []
    this.#copies = 0
    if (this.#transfer.length > 0) this.outbox.post(slots, this.#transfer.splice(0))
    else for (const slot of slots) this.outbox.batch.push(slot)
    return true
  }
}
