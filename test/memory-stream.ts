/** A stream in memory that keeps the contract of a thread's, for tests that decide themselves when things happen. */
import type { Observer, RemoteStream, StreamStatus } from 'bgthread'

export class MemoryStream<U> implements RemoteStream<U> {
  readonly readers = new Set<Observer<U>>()
  /** How often somebody has subscribed. */
  subscriptions = 0
  #last: { snapshot: U } | undefined
  #status: StreamStatus = 'connecting'

  constructor(...known: [] | [U]) {
    if (known.length > 0) this.emit(known[0] as U)
  }

  emit(snapshot: U): void {
    this.#last = { snapshot }
    for (const reader of [...this.readers]) reader.next?.(snapshot)
    this.setStatus('live')
  }

  setStatus(status: StreamStatus): void {
    if (status === this.#status) return
    this.#status = status
    for (const reader of [...this.readers]) reader.status?.(status)
  }

  fail(error: unknown): void {
    this.setStatus('error')
    for (const reader of [...this.readers]) reader.error?.(error)
    this.readers.clear()
  }

  end(): void {
    this.setStatus('done')
    for (const reader of [...this.readers]) reader.complete?.()
    this.readers.clear()
  }

  get(): U | undefined {
    return this.#last?.snapshot
  }

  subscribe(listener: ((snapshot: U) => void) | Observer<U>): () => void {
    const reader = typeof listener === 'function' ? { next: listener } : { ...listener }
    this.subscriptions += 1
    this.readers.add(reader)
    if (this.#status === 'error') this.#status = this.#last ? 'stale' : 'connecting'
    if (this.#last) reader.next?.(this.#last.snapshot)
    reader.status?.(this.#status)
    return () => void this.readers.delete(reader)
  }

  async *[Symbol.asyncIterator](): AsyncIterableIterator<U, void, undefined> {
    const reader = { waiting: [] as U[], wake: () => {}, over: false }
    const unsubscribe = this.subscribe({
      next: (snapshot) => (reader.waiting.push(snapshot), reader.wake()),
      complete: () => ((reader.over = true), reader.wake()),
    })
    try {
      while (reader.waiting.length > 0 || !reader.over) {
        if (reader.waiting.length > 0) yield reader.waiting.shift() as U
        else await new Promise<void>((resolve) => (reader.wake = resolve))
      }
    } finally {
      unsubscribe()
    }
  }
}

/** One stream for each argument, as `proxy.watchTodo` has. */
export function streamsBy<K, U>() {
  const streams = new Map<K, MemoryStream<U>>()
  const watch = (key: K): MemoryStream<U> => {
    const stream = streams.get(key) ?? new MemoryStream<U>()
    streams.set(key, stream)
    return stream
  }
  return watch
}
