/** The streams that one client reads, and the sources that wait for it to read them. */
import * as Wire from './protocol.js'
import { NotCloneableError } from './errors.js'
import type { Outbox } from './outbox.js'
import { StoreReader, ValueReader, type Reader, type ReaderClient, type Room } from './readers.js'
import { sayThrown } from './say.js'
import type { Scope } from './scope.js'
import type { Hubs } from './sources.js'

export class Publisher {
  readonly #readers = new Map<number, Reader>()
  /** Sources that calls have brought, until the other side lets go of them. */
  readonly #held = new Map<number, { source: object; scope: Scope }>()
  /** Stores with a snapshot that has not left. */
  readonly #dirty = new Set<StoreReader>()
  /** Values that may wait for a slow `for await`. */
  buffer = Infinity
  /** Bytes that may wait, of a client that does not own the thread. */
  room: Room | undefined

  /** @param isLate the time in which snapshots are sent has passed: what is left has its turn later */
  constructor(
    private readonly outbox: Outbox,
    private readonly hubs: Hubs,
    private readonly isLate = () => false,
  ) {}

  /** So many readers there are. */
  get size(): number {
    return this.#readers.size
  }

  /** Sources that are held, for later readers. */
  get held(): number {
    return this.#held.size
  }

  /** Something is read or held under this number. */
  has(id: number): boolean {
    return this.#readers.has(id) || this.#held.has(id)
  }

  /** @param tag whether a store or a `for await` reads @param ownsScope the call was for this reader alone */
  read(tag: unknown, id: number, source: object, where: string, scope: Scope, ownsScope = true): void {
    const hub = this.hubs.of(source)
    const client: ReaderClient = {
      outbox: this.outbox,
      where,
      buffer: this.buffer,
      room: this.room,
      ended: (reader) => this.#forget(reader),
      offered: (reader) => {
        this.#dirty.add(reader)
        this.outbox.schedule()
      },
    }
    const Kind = tag === Wire.SUBSCRIBE ? StoreReader : ValueReader
    const reader = new Kind(id, hub, scope, ownsScope, client)
    this.#readers.set(id, reader)
    hub.add(reader)
  }

  /** Keeps the source that a call has brought, under the call's id. */
  hold(id: number, source: object, scope: Scope): void {
    this.hubs.of(source).hold()
    this.#held.set(id, { source, scope })
  }

  /** @returns false where the source is not held (any more) */
  readHeld(tag: unknown, id: number, call: number, where: string): boolean {
    const held = this.#held.get(call)
    if (held) this.read(tag, id, held.source, where, held.scope, false)
    return held !== undefined
  }

  /** The call that brought a source is its reader from now on. @returns false where the source is not held */
  adopt(tag: unknown, id: number, where: string): boolean {
    const held = this.#held.get(id)
    if (!held) return false
    this.#held.delete(id)
    this.read(tag, id, held.source, where, held.scope)
    this.hubs.of(held.source).letGo()
    return true
  }

  letGo(id: number): void {
    const held = this.#held.get(id)
    if (!held) return
    this.#held.delete(id)
    held.scope.abort(new DOMException('Nobody holds the stream any more', 'AbortError'))
    held.scope.release()
    this.hubs.of(held.source).letGo()
  }

  /** Ends a source that its client does not want, unless others read or hold it. */
  discard(source: object): void {
    this.hubs.of(source).discard()
  }

  /** A subscription, or the call that brought a source, was cancelled: its readers end with the reason. */
  cancel(id: number, reason: unknown): void {
    const { scope } = this.#held.get(id) ?? this.#readers.get(id) ?? {}
    scope?.abort(reason)
    if (scope)
      for (const reader of [...this.#readers.values()]) if (reader.scope === scope) reader.error(reason)
  }

  /** Ends a stream's reader: something it was to have was lost. */
  fail(id: number, error: unknown): void {
    const reader = this.#readers.get(id)
    if (reader) reader.fail(error)
    // It was the last it was to have: what looked like a good end is none.
    else sayThrown(this.outbox, Wire.FAIL, id, error, '')
  }

  unsubscribe(id: number): void {
    const reader = this.#readers.get(id)
    if (!reader) return
    this.#forget(reader)
    reader.leave()
  }

  acknowledge(id: number): void {
    const reader = this.#readers.get(id)
    if (reader instanceof StoreReader) reader.flow.acknowledged()
    // A snapshot may leave now, or replies that waited for this reader to catch up.
    this.outbox.schedule()
  }

  /** A reader has lost track of its patches. */
  again(id: number): void {
    const reader = this.#readers.get(id)
    if (reader instanceof StoreReader) reader.again()
    else if (!reader)
      this.fail(id, new NotCloneableError('the last snapshot has not arrived whole', 'snapshot'))
  }

  credit(id: number, count: unknown): void {
    const reader = this.#readers.get(id)
    if (reader instanceof ValueReader) reader.grant(count as number)
  }

  /** Nothing was emitted that has not left. */
  get idle(): boolean {
    return this.#dirty.size === 0
  }

  /**
   * Before replies leave: sends what was emitted before them.
   *
   * @param isUrgent also to readers that have not caught up
   * @returns false where a reader has to catch up first, or time has passed
   */
  pull(isUrgent: boolean): boolean {
    let caughtUp = true
    for (const reader of [...this.#dirty]) {
      const { pullable, waiting } = reader.flow
      if (pullable || (isUrgent && waiting)) {
        if (this.#sendInTime(reader)) return false
      } else if (waiting) caughtUp = false
    }
    return caughtUp
  }

  /** Sends the snapshots whose readers have seen all before. */
  sendReady(): void {
    for (const reader of [...this.#dirty]) if (reader.flow.ready && this.#sendInTime(reader)) return
  }

  /** @returns true where time has passed */
  #sendInTime(reader: StoreReader): boolean {
    this.#send(reader)
    if (!this.isLate()) return false
    this.outbox.schedule()
    return true
  }

  /** The client is gone. */
  end(): void {
    for (const id of [...this.#readers.keys()]) this.unsubscribe(id)
    for (const id of [...this.#held.keys()]) this.letGo(id)
  }

  #send(reader: StoreReader): void {
    this.#dirty.delete(reader)
    reader.send()
  }

  #forget(reader: Reader): void {
    this.#readers.delete(reader.id)
    if (reader instanceof StoreReader) this.#dirty.delete(reader)
    // Replies may have waited for it to catch up.
    this.outbox.schedule()
  }
}
