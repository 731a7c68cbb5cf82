/** A stream source is read once, whoever asks: what it emits reaches all of its readers. */
import { isIterator, open, type Emit, type Feed } from './feed.js'
import { Mirror } from './mirror.js'
import { isPart, type Part } from './part.js'
import { realm } from './realm.js'
import { Scope } from './scope.js'
import { report } from './report.js'
import { Moves } from './transfer.js'
import type { SnapshotStats } from './types.js'

/** One who reads a source. */
export interface SourceReader extends Emit {
  /** May it take another value now? A pull source waits until all of its readers may. */
  readonly open: boolean
  /** It begins with what was emitted last, where there is such a value; a store does. */
  readonly wantsLast: boolean
}

/** What became of the snapshots of all sources together. */
type Counts = { -readonly [K in Exclude<keyof SnapshotStats, 'slots'>]: number }

/** One who is sent what has changed in a source's snapshots. */
export interface Follower {
  /** Of what it was sent last. */
  readonly picture: Part | undefined
}

/** All readers of one source object: it is read once. */
export class Hub implements Emit {
  readonly #source: object
  /** What stores have been sent of it. */
  #mirror: Mirror | undefined
  /** The newest. */
  #picture: Part | undefined
  readonly #followers = new Set<Follower>()
  readonly #readers = new Set<SourceReader>()
  /** The step of a generator that runs asks this scope for its signal. */
  #scope = new Scope()
  #feed: Feed | undefined
  #last: unknown
  #hasLast = false
  /** It told its value as soon as it was subscribed to: so every new reader is told at once. */
  #behaves = false
  #ended: 'complete' | { error: unknown } | undefined
  #holds = 0

  /** @param counts of all hubs together @param followed those with pictures */
  constructor(
    source: object,
    readonly counts: Counts,
    private readonly followed: Set<Hub>,
  ) {
    this.#source = source
  }

  /** Whether a snapshot is to be followed; what was marked to be moved is moved, whole. */
  follows(snapshot: unknown): boolean {
    return realm.streams.get(this.#source)?.patches !== false && !new Moves().takeWithin(snapshot).list.length
  }

  /** A picture of a snapshot, to tell what changes in it; undefined for what can only cross whole. */
  picture(snapshot: unknown, follower: Follower): Part | undefined {
    this.#followers.add(follower)
    this.followed.add(this)
    this.#mirror ??= new Mirror(realm.streams.get(this.#source)?.key)
    return (this.#picture = this.#mirror.take(snapshot))
  }

  /** Memory that its pictures take: what several of them share is there once. */
  get slots(): number {
    const seen = new Set<Part>()
    const measure = (part: Part | undefined): number => {
      if (!part || seen.has(part)) return 0
      seen.add(part)
      return part.values.reduce<number>(
        (sum, value) => (isPart(value) ? sum + measure(value) - value.size : sum),
        part.size,
      )
    }
    const pictures = new Set([this.#picture])
    for (const { picture } of this.#followers) pictures.add(picture)
    pictures.delete(undefined)
    if (pictures.size < 2) return [...pictures][0]?.size ?? 0
    return [...pictures].reduce((sum, picture) => sum + measure(picture), 0)
  }

  add(reader: SourceReader): void {
    this.#readers.add(reader)
    if (this.#feed) {
      if (this.#behaves || (reader.wantsLast && this.#hasLast)) reader.next(this.#last)
      this.#feed.pull?.()
      return
    }
    // An iterator that has ended cannot be read again: its last value and its end is all there is.
    if (this.#ended && isIterator(this.#source)) {
      if (this.#hasLast) reader.next(this.#last)
      return this.#end(this.#ended)
    }
    this.#ended = undefined
    this.#scope = new Scope()
    this.#hasLast = false
    try {
      const feed = open(this.#source, this, this.#scope, () => this.#open)
      this.#behaves = this.#hasLast
      if (this.#ended || this.#readers.size === 0) feed.close()
      else {
        this.#feed = feed
        feed.pull?.()
      }
    } catch (error) {
      this.error(error)
    }
  }

  /** @param reason that it leaves for, if not by itself */
  remove(reader: SourceReader, reason?: unknown): void {
    const wasReading = this.#readers.delete(reader)
    // Also for one that has only its last snapshot to send, since the source has ended.
    this.#followers.delete(reader as SourceReader & Follower)
    if (this.#followers.size === 0) this.#forgetPictures()
    if (!wasReading) return
    if (this.#readers.size > 0) return this.#feed?.pull?.()
    // An iterator that has ended cannot be read again: while its client holds it, it only waits.
    if (this.#holds === 0 || !isIterator(this.#source)) this.#close(reason)
  }

  /** A client holds the source, to read it later or again. */
  hold(): void {
    this.#holds++
  }

  /** The client holds it no more. */
  letGo(): void {
    this.#holds--
    this.discard()
  }

  /** Ends what nobody reads or holds, also where nobody has read it yet. */
  discard(): void {
    if (this.#holds > 0 || this.#readers.size > 0 || this.#ended) return
    if (isIterator(this.#source)) this.#feed ??= this.#tryOpen()
    this.#close()
  }

  #close(reason: unknown = new DOMException('The last reader has left', 'AbortError')): void {
    const feed = this.#feed
    this.#feed = undefined
    this.#scope.abort(reason)
    try {
      feed?.close()
    } catch (error) {
      report(error)
    }
  }

  #tryOpen(): Feed | undefined {
    try {
      return open(this.#source, this, this.#scope, () => this.#open)
    } catch {
      // Somebody else reads it.
      return undefined
    }
  }

  /** Several read it: what it emits must not be moved away from one to the other. */
  get shared(): boolean {
    return this.#readers.size > 1
  }

  /** A reader may take more. */
  pull(): void {
    this.#feed?.pull?.()
  }

  next(value: unknown): void {
    this.#last = value
    this.#hasLast = true
    // A reader that looks at the value may run getters of the logic, which may emit a newer one: stores have that.
    for (const reader of [...this.#readers])
      if (this.#readers.has(reader)) reader.next(reader.wantsLast ? this.#last : value)
  }
  error(error: unknown): void {
    this.#end({ error })
  }
  complete(): void {
    this.#end('complete')
  }

  #forgetPictures(): void {
    this.#mirror = this.#picture = undefined
    this.followed.delete(this)
  }

  get #open(): boolean {
    for (const reader of this.#readers) if (!reader.open) return false
    return this.#readers.size > 0
  }

  #end(how: 'complete' | { error: unknown }): void {
    this.#ended = how
    this.#feed = undefined
    const readers = [...this.#readers]
    this.#readers.clear()
    for (const reader of readers) {
      if (how === 'complete') reader.complete()
      else reader.error(how.error)
    }
  }
}

/** The hubs of one thread: the same source object is read once, whoever asks. */
export class Hubs {
  readonly counts: Counts = { emitted: 0, skipped: 0, wholes: 0, patches: 0 }
  readonly #hubs = new WeakMap<object, Hub>()
  readonly #followed = new Set<Hub>()

  get stats(): SnapshotStats {
    let slots = 0
    for (const hub of this.#followed) slots += hub.slots
    return { ...this.counts, slots }
  }

  of(source: object): Hub {
    let hub = this.#hubs.get(source)
    if (!hub) this.#hubs.set(source, (hub = new Hub(source, this.counts, this.#followed)))
    return hub
  }
}
