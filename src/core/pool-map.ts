/** One action over many items: so many at a time, the results in the items' order. */
import { CANCEL } from './call.js'
import type { MapOptions } from './pool-types.js'

/** Of a pool whose threads take any number of calls; more would only wait. */
const MOST = 256

/**
 * @param atOnce calls that run at a time; as many items are taken ahead, and no more
 * @throws what the first action to fail throws, the signal's reason, or what the items throw
 */
export async function mapOver<I, R>(
  items: Iterable<I> | AsyncIterable<I>,
  action: (item: I) => R | PromiseLike<R>,
  atOnce: number,
  { signal, onProgress }: MapOptions,
): Promise<R[]> {
  const results: R[] = []
  // Its length is not the number of its characters.
  if (typeof items === 'string') items = Array.from<I>(items)
  const total = countOf(items)
  const source = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()
  const running = new Set<unknown>()
  let next = 0
  let done = 0
  const over = new AbortController()

  let fail!: (error: unknown) => void
  const failed = new Promise<never>((_, reject) => {
    fail = (error) => {
      if (over.signal.aborted) return
      over.abort()
      reject(error)
      for (const call of running) (call as Cancellable)?.[CANCEL]?.(error)
      // Not waited for: a generator may be in the midst of something.
      void end(source)
    }
  })
  const work = async () => {
    try {
      while (!over.signal.aborted) {
        const place = next++
        const item = await source.next()
        if (item.done || over.signal.aborted) return
        const call = action(item.value)
        running.add(call)
        results[place] = await call
        running.delete(call)
        if (!over.signal.aborted) onProgress?.(++done, total)
      }
    } catch (error) {
      fail(error)
    }
  }
  const abort = () => fail(signal?.reason)
  signal?.addEventListener('abort', abort)
  if (signal?.aborted) abort()
  try {
    await Promise.race([failed, Promise.all(Array.from({ length: Math.min(atOnce, MOST) }, work))])
    return results
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

/** What an action gives: a call, or anything else. */
type Cancellable = { [CANCEL]?: (reason: unknown) => void } | null | undefined

function countOf(items: object): number | undefined {
  const { length, size } = items as { length?: unknown; size?: unknown }
  if (typeof length === 'number') return length
  return typeof size === 'number' ? size : undefined
}

async function end(source: Iterator<unknown> | AsyncIterator<unknown>): Promise<void> {
  try {
    await source.return?.()
  } catch {
    // Something has failed before, and that is told.
  }
}
