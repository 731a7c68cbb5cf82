/** One stream per method and equal arguments, and how long its last snapshot is kept for the next reader. */
import { isPrimitive } from './look.js'
import type { Snapshots } from './snapshot.js'

/** Streams with arguments that are kept although nobody holds them; the ones used last. */
const KEPT = 64

export class Shelf {
  /** Streams that have failed and have readers that stay. */
  readonly failed = new Set<{ retry(): void }>()
  #streams = new Map<string, WeakRef<Snapshots<unknown>>>()
  #kept = new Map<string, Snapshots<unknown>>()
  #pinned = new Set<Snapshots<unknown>>()
  #gone = new FinalizationRegistry<string>((key) => {
    if (!this.#streams.get(key)?.deref()) this.#streams.delete(key)
  })

  /**
   * @param args primitives and plain data
   * @param make the stream, where there is none yet
   */
  take(method: string, args: readonly unknown[], make: () => Snapshots<unknown>): Snapshots<unknown> {
    const key = method + canonical(args)
    let stream = this.#streams.get(key)?.deref()
    if (!stream) {
      stream = make()
      this.#streams.set(key, new WeakRef(stream))
      this.#gone.register(stream, key)
    }
    // There are only so many methods, but any number of arguments.
    if (args.length === 0) this.#pinned.add(stream)
    else {
      this.#kept.delete(key)
      this.#kept.set(key, stream)
      for (const oldest of this.#kept.keys()) {
        if (this.#kept.size <= KEPT) break
        this.#kept.delete(oldest)
      }
    }
    return stream
  }

  /** Opens failed streams again for readers that stay: the thread starts anew. */
  retry(): void {
    for (const stream of [...this.failed]) stream.retry()
  }
}

/** A text that equal arguments share: `{ a, b }` and `{ b, a }` are equal, `-0` and `0` are not. */
function canonical(args: readonly unknown[]): string {
  return JSON.stringify(
    args.map((arg) => (isPrimitive(arg) ? `${typeof arg} ${show(arg)}` : arg)),
    sortKeys,
  )
}

const show = (value: unknown) => (Object.is(value, -0) ? '-0' : String(value))

function sortKeys(_: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value
}
