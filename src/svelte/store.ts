/** Stores that a throwing reader does not stop, and whose changes a `derived` sees together. */
import { type Readable, type Subscriber, writable } from 'svelte/store'
import { report } from '../core/report.js'

/** A store that only the library sets. */
export interface Store<V> extends Readable<V> {
  /** Sets the value, unless it is the same. Readers are called by the next `notifyReaders()`. */
  set(value: V): void
}

/**
 * Makes a store that meets the contract of Svelte's stores, and does not depend on their queue: that queue stays full
 * after a throw, and then no `writable` of the page calls its readers any more.
 *
 * @param start is called for the first reader, and returns what is called after the last
 */
export function createStore<V>(value: V, start: () => () => void = () => () => {}): Store<V> {
  const readers = new Map<() => void, () => void>()
  let stop = () => {}
  return {
    set(next) {
      if (Object.is(next, value)) return
      value = next
      for (const [run, invalidate] of readers) {
        // So a `derived` waits until all that it depends on has arrived.
        invalidate()
        changed.add(run)
      }
    },
    subscribe(subscriber: Subscriber<V>, invalidate: () => void = () => {}) {
      // The value of the moment: a reader before may have set a newer one.
      const run = () => subscriber(value)
      if (readers.size === 0) stop = start()
      readers.set(run, invalidate)
      const unsubscribe = () => {
        changed.delete(run)
        if (readers.delete(run) && readers.size === 0) stop()
      }
      try {
        run()
      } catch (error) {
        // The caller gets the error, and nothing to unsubscribe with.
        unsubscribe()
        throw error
      }
      return unsubscribe
    },
  }
}

/** Readers of stores that were set. */
const changed = new Set<() => void>()
let isRunning = false

/** A turn of Svelte's own queue: in it, a `derived` of several `derived` waits for all of them. */
const turn = writable({})
let isQueued = false
let isSubscribed = false

/** Calls the readers of all stores that were set. What one of them throws is reported, and the others are called. */
export function notifyReaders(): void {
  // The run that goes on calls them, too.
  if (changed.size === 0 || isRunning) return
  if (!isQueued) {
    attempt(() => {
      if (!isSubscribed) turn.subscribe(() => ((isQueued = false), runAll()))
      isSubscribed = isQueued = true
      turn.set({})
    })
  }
  // The queue is full, since it is running or for good.
  runAll()
}

function runAll(): void {
  if (isRunning) return
  isRunning = true
  for (const run of changed) {
    changed.delete(run)
    attempt(run)
  }
  isRunning = false
}

function attempt(run: () => void): void {
  try {
    run()
  } catch (error) {
    report(error)
  }
}
