/** A stream's last snapshot and those who listen to it. */
import { isNoNews } from './errors.js'
import { report } from './report.js'
import { after } from './task.js'
import type { Observer, RemoteStream, StreamStatus, Unsubscribe } from './types.js'

/** Where a stream puts what arrives. */
export interface Sink<U> {
  next(snapshot: U): void
  error(error: unknown): void
  complete(): void
  /** The thread starts anew, and forgets who listened: subscribes again. What cannot is told the error instead. */
  renew?(): void
}

/** Where a stream's snapshots come from. */
export interface Origin<U> {
  /** Starts the snapshots; called for the first reader. */
  open(sink: Sink<U>): Unsubscribe
  /** Every value, for one reader. */
  iterate(): AsyncIterableIterator<U, void, undefined>
  /** Milliseconds between the last reader's leaving and the end of the subscription. */
  linger: number
  /** Failed streams that have readers still, to be retried when their source may work again. */
  failed?: Set<{ retry(): void }> | undefined
}

/** An observer, and whether it outlives a failure: it is a reader again when the stream is tried again. */
export type StayingObserver<U> = Observer<U> & { stays?: boolean }

export class Snapshots<U> implements RemoteStream<U> {
  #origin: Origin<U>
  #readers = new Set<{ observer: StayingObserver<U> }>()
  /** Readers that the stream has failed for, and that stay. */
  #stayed = new Set<{ observer: StayingObserver<U> }>()
  #status: StreamStatus = 'connecting'
  #last: U | undefined
  #hasLast = false
  #close: Unsubscribe | undefined
  #linger: ReturnType<typeof setTimeout> | undefined

  constructor(origin: Origin<U>) {
    this.#origin = origin
  }

  /** Somebody listens, or did a moment ago. */
  get active(): boolean {
    return this.#close !== undefined
  }

  get(): U | undefined {
    return this.#last
  }

  /** What it returns may be called with a linger of its own. */
  subscribe(listener: ((snapshot: U) => void) | StayingObserver<U>): Unsubscribe {
    const reader = { observer: typeof listener === 'function' ? { next: listener } : listener }
    this.#readers.add(reader)
    this.#begin()
    if (this.#hasLast) notify(() => reader.observer.next?.(this.#last as U))
    notify(() => reader.observer.status?.(this.#status))
    if (this.#status === 'done') {
      this.#readers.delete(reader)
      notify(() => reader.observer.complete?.())
    } else if (!this.#close && this.#readers.has(reader)) this.#open()
    return (linger?: unknown) =>
      this.#leave(reader, typeof linger === 'number' ? linger : this.#origin.linger)
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<U, void, undefined> {
    return this.#origin.iterate()
  }

  /** To RxJS and others it is an Observable: `from(proxy.watchTodos())`. */
  ['@@observable'](): this {
    return this
  }

  /** The source may work again: readers that stayed subscribe anew. */
  retry(): void {
    const readers = this.#rejoin()
    if (readers.length === 0) return
    this.#begin()
    for (const { observer } of readers) notify(() => observer.status?.(this.#status))
    if (!this.#close && this.#readers.size > 0) this.#open()
  }

  /** A snapshot has arrived. */
  next(snapshot: U): void {
    if (this.#stayed.size > 0) this.#rejoin()
    this.#last = snapshot
    this.#hasLast = true
    // Not `snapshot`: a reader may bring about a newer one, and none is to end at the older.
    this.#tell((observer) => observer.next?.(this.#last as U))
    this.#setStatus('live')
  }

  /** A reader comes, and the stream begins anew unless it is open. */
  #begin(): void {
    clearTimeout(this.#linger)
    if (!this.#close && this.#status !== 'done') this.#status = this.#hasLast ? 'stale' : 'connecting'
  }

  #rejoin(): { observer: StayingObserver<U> }[] {
    const readers = [...this.#stayed]
    this.#stayed.clear()
    this.#origin.failed?.delete(this)
    for (const reader of readers) this.#readers.add(reader)
    return readers
  }

  #open(): void {
    let over = false
    let close: Unsubscribe | undefined
    const sink: Sink<U> = {
      next: (snapshot) => over || this.next(snapshot),
      error: (error) => over || end('error', (observer) => observer.error?.(error), error),
      complete: () => over || end('done', (observer) => observer.complete?.()),
      renew: () => {
        if (over) return
        if (this.#readers.size === 0) return this.#stop()
        this.#setStatus(this.#hasLast ? 'stale' : 'connecting')
        if (!over) open()
      },
    }
    const open = () => {
      close = this.#origin.open(sink)
      // The origin may have ended at once, or its first reader has left on the first snapshot.
      if (over) close()
    }
    const end = (status: 'done' | 'error', tell: (observer: Observer<U>) => void, error?: unknown) => {
      over = true
      this.#close = undefined
      clearTimeout(this.#linger)
      this.#status = status
      // A reader may subscribe again while it is told: then it begins anew, and is none of these.
      if (status === 'done') this.#rejoin()
      const readers = [...this.#readers]
      this.#readers.clear()
      if (status === 'error') this.#stay(readers)
      // While it lingers there is nobody to miss anything.
      const heard = readers.length === 0 || readers.some(({ observer }) => observer.error)
      for (const { observer } of readers) notify(() => observer.status?.(status))
      for (const reader of readers) notify(() => tell(reader.observer))
      if (status === 'error' && !heard && !isNoNews(error)) reportOnce(error)
    }
    this.#close = () => {
      over = true
      close?.()
    }
    open()
  }

  #stay(readers: readonly { observer: StayingObserver<U> }[]): void {
    for (const reader of readers) if (reader.observer.stays) this.#stayed.add(reader)
    if (this.#stayed.size > 0) this.#origin.failed?.add(this)
  }

  #stop(): void {
    clearTimeout(this.#linger)
    this.#close?.()
    this.#close = undefined
  }

  #leave(reader: { observer: Observer<U> }, linger: number): void {
    reader.observer = {}
    if (this.#stayed.delete(reader) && this.#stayed.size === 0) this.#origin.failed?.delete(this)
    if (!this.#readers.delete(reader) || this.#readers.size > 0 || !this.#close) return
    clearTimeout(this.#linger)
    if (linger > 0) this.#linger = after(linger, () => this.#stop())
    else this.#stop()
  }

  #setStatus(status: StreamStatus): void {
    if (status === this.#status) return
    this.#status = status
    this.#tell((observer) => observer.status?.(this.#status))
  }

  #tell(what: (observer: Observer<U>) => void): void {
    for (const reader of [...this.#readers])
      if (this.#readers.has(reader)) notify(() => what(reader.observer))
  }
}

/** A failed start ends many streams: that is one error. */
const reported = new WeakSet<object>()

function reportOnce(error: unknown): void {
  if (typeof error === 'object' && error !== null) {
    if (reported.has(error)) return
    reported.add(error)
  }
  report(error)
}

/** A reader that throws must not silence the others. */
function notify(tell: () => void): void {
  try {
    tell()
  } catch (error) {
    report(error)
  }
}
