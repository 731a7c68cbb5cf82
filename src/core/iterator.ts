/** Every value of a stream for one `for await`, with credit: the reader's pace is the thread's. */
import { WINDOW } from './flow.js'
import type { Unsubscribe } from './types.js'
import type { Sink } from './snapshot.js'

type Result<U> = IteratorResult<U, void>

/** Where values come from, and how more of them are granted. */
export interface Valve<U> {
  open(sink: Sink<U>): { grant(count: number): void; close: Unsubscribe }
}

/** Starts at the first `next()`. */
export function iterate<U>(valve: Valve<U>): AsyncIterableIterator<U, void, undefined> {
  const values: U[] = []
  const askers: { resolve(result: Result<U>): void; reject(error: unknown): void }[] = []
  let source: ReturnType<Valve<U>['open']> | undefined
  let end: 'done' | { error: unknown } | undefined
  let taken = 0

  const finish = (how: 'done' | { error: unknown }) => {
    if (end) return
    end = how
    const [first, ...others] = askers.splice(0)
    if (first && end !== 'done') first.reject(takeError())
    else first?.resolve(over)
    for (const asker of others) asker.resolve(over)
  }
  /** An error is thrown once; after it the iterator is done, like a generator. */
  const takeError = () => {
    const { error } = end as { error: unknown }
    end = 'done'
    return error
  }
  const sink: Sink<U> = {
    next(value) {
      if (end) return
      const asker = askers.shift()
      if (asker) asker.resolve(take(value))
      else values.push(value)
    },
    error: (error) => finish({ error }),
    complete: () => finish('done'),
  }
  const take = (value: U): Result<U> => {
    // Half a window at a time: the thread need not wait for the grant, and not every value costs a message.
    if (++taken === WINDOW / 2) {
      source?.grant(taken)
      taken = 0
    }
    return { done: false, value }
  }
  const over: Result<U> = { done: true, value: undefined }

  return {
    [Symbol.asyncIterator]() {
      return this
    },
    next() {
      if (values.length > 0) return Promise.resolve(take(values.shift() as U))
      if (end) return end === 'done' ? Promise.resolve(over) : Promise.reject(takeError())
      const result = new Promise<Result<U>>((resolve, reject) => askers.push({ resolve, reject }))
      source ??= valve.open(sink)
      return result
    },
    return() {
      values.length = 0
      source?.close()
      end = undefined
      finish('done')
      return Promise.resolve(over)
    },
  }
}
