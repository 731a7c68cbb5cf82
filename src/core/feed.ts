/** Stream sources of every kind the field uses, opened as one: values come, are pulled where the source waits, and end. */
import { isNoNews } from './errors.js'
import { report } from './report.js'
import type { Scope } from './scope.js'
import { afterTask } from './task.js'

/** Who hears what a source tells. */
export interface Emit {
  next(value: unknown): void
  error(error: unknown): void
  complete(): void
}

/** A source that is being read. */
export interface Feed {
  /** A reader has become open: go on, where values are pulled. */
  pull?(): void
  close(): void
}

interface Subscribable {
  subscribe(observer: unknown, options?: { signal: AbortSignal }): unknown
}

/** The kinds of sources. */
type Kind = 'readable' | 'observable' | 'store' | 'iterable'

function kindOf(value: unknown): Kind | undefined {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined
  const source = value as Record<PropertyKey, unknown>
  if (typeof ReadableStream === 'function' && value instanceof ReadableStream) return 'readable'
  // Another thread's stream is both, and as a subscription it would skip values.
  const iterable = typeof source[Symbol.asyncIterator] === 'function'
  if (observableOf(source)) return iterable ? 'iterable' : 'observable'
  if (typeof source.subscribe === 'function') return isObservable(source) ? 'observable' : 'store'
  return iterable || isSyncIterator(source) ? 'iterable' : undefined
}

/** A generator's result, not what can be iterated over and is a value: a list, a map, a text. */
function isSyncIterator(source: Record<PropertyKey, unknown>): boolean {
  return typeof source.next === 'function' && typeof source[Symbol.iterator] === 'function'
}

/** What `Symbol.observable` of a library answers, be it a symbol or the string that stands for it. */
function observableOf(source: Record<PropertyKey, unknown>): (() => Subscribable) | undefined {
  const symbol = (Symbol as { observable?: symbol }).observable
  const method = (symbol && source[symbol]) ?? source['@@observable']
  return typeof method === 'function' ? (method as () => Subscribable) : undefined
}

function isObservable(source: Record<PropertyKey, unknown>): boolean {
  const { Observable } = globalThis as { Observable?: abstract new () => unknown }
  return (
    typeof source.pipe === 'function' || (typeof Observable === 'function' && source instanceof Observable)
  )
}

/** A stream source of one kind or another. */
export function isSource(value: unknown): value is object {
  return kindOf(value) !== undefined
}

/** It can be read once: what has been taken does not come again. */
export function isIterator(source: object): boolean {
  return typeof (source as { next?: unknown }).next === 'function' || kindOf(source) === 'readable'
}

/**
 * Begins to read a source.
 *
 * @param scope that of the source's own code
 * @param mayPull whether a value that is pulled is wanted now; asked before each
 * @throws what the source throws, as where somebody else reads it
 */
export function open(source: object, emit: Emit, scope: Scope, mayPull: () => boolean): Feed {
  switch (kindOf(source)) {
    case 'observable':
      return openObservable(source as Subscribable & Record<PropertyKey, unknown>, emit)
    case 'store':
      return openStore(source as Subscribable, emit)
    case 'readable': {
      const reader = (source as ReadableStream<unknown>).getReader()
      const cancel = () => {
        const cancelled = reader.cancel()
        // A later reader is to find it ended, not locked.
        reader.releaseLock()
        return cancelled
      }
      return pullFrom(() => reader.read(), cancel, emit, scope, mayPull)
    }
    default: {
      const iterator = scope.run(() =>
        Symbol.asyncIterator in source
          ? (source as AsyncIterable<unknown>)[Symbol.asyncIterator]()
          : toAsync(source as Iterator<unknown>),
      )
      return pullFrom(
        () => iterator.next(),
        () => iterator.return?.(),
        emit,
        scope,
        mayPull,
      )
    }
  }
}

function openObservable(source: Subscribable & Record<PropertyKey, unknown>, emit: Emit): Feed {
  const observable = observableOf(source)?.call(source) ?? source
  // A native Observable answers nothing and ends by a signal.
  const end = new AbortController()
  return subscribe(source, emit, (observer) => {
    const subscription = observable.subscribe(observer, { signal: end.signal })
    return () => {
      unsubscribe(subscription)
      end.abort()
    }
  })
}

function openStore(source: Subscribable, emit: Emit): Feed {
  return subscribe(source, emit, (observer) => {
    // Told without a value, as by Redux, it is to look for itself.
    const told = (...values: unknown[]) =>
      observer.next(values.length > 0 ? values[0] : presentOf(source)?.())
    // Both in one: a store calls it, an Observable that takes nothing but an observer calls its members.
    const subscription = source.subscribe(Object.assign(told, observer))
    return () => unsubscribe(subscription)
  })
}

/** Subscribes, and takes the present value from a source that has one and does not tell it by itself. */
function subscribe(source: object, emit: Emit, begin: (observer: Emit) => () => void): Feed {
  let told = false
  const tell = (what: () => void) => {
    told = true
    what()
  }
  const close = begin({
    next: (value) => tell(() => emit.next(value)),
    error: (error) => tell(() => emit.error(error)),
    complete: () => tell(() => emit.complete()),
  })
  try {
    const present = told ? undefined : presentOf(source)
    if (present) emit.next(present())
  } catch (error) {
    close()
    throw error
  }
  return { close }
}

/** What gives the present value of Zustand's stores, of XState's actors, of TanStack's, and of those like them. */
function presentOf(source: object): (() => unknown) | undefined {
  const store = source as Record<string, (() => unknown) | undefined>
  for (const name of ['getState', 'getSnapshot', 'get']) {
    const get = store[name]
    // One that wants to know what to get is another.
    if (typeof get === 'function' && get.length === 0) return () => store[name]?.()
  }
  return 'state' in store && typeof store.state !== 'function' ? () => store.state : undefined
}

/** Promises among its values are awaited, as `for await` does. */
function toAsync(iterator: Iterator<unknown>): AsyncIterator<unknown> {
  const step = async ({ done, value }: IteratorResult<unknown>) =>
    ({ done, value: await value }) as IteratorResult<unknown>
  return {
    next: async () => step(iterator.next()),
    return: async () => step(iterator.return?.() ?? { done: true, value: undefined }),
  }
}

function unsubscribe(subscription: unknown): void {
  if (typeof subscription === 'function') subscription()
  else (subscription as { unsubscribe?: () => void } | undefined)?.unsubscribe?.()
}

/** What a source throws after its last reader has left is for nobody; that it was aborted is no news. */
function reportLate(error: unknown, scope: Scope): void {
  const aborted =
    scope.aborted && (error === scope.signal.reason || (error as Error | null)?.name === 'AbortError')
  if (!aborted && !isNoNews(error)) report(error)
}

/** Values pulled without a turn of the event loop in between, where the source never waits by itself. */
const PULLS_PER_TASK = 64

/** Asks for one value after the other, as long as every reader may take one. */
function pullFrom(
  take: () => Promise<IteratorResult<unknown>>,
  end: () => unknown,
  emit: Emit,
  scope: Scope,
  mayPull: () => boolean,
): Feed {
  let state: 'idle' | 'busy' | 'closed' = 'idle'
  const close = () => {
    state = 'closed'
    // A generator that is waiting ends at its next yield; what its end throws has no reader any more.
    Promise.resolve(scope.run(end)).catch((error: unknown) => reportLate(error, scope))
  }
  const run = async () => {
    let pulls = 0
    // After every await the feed may have been closed.
    const closed = () => state === 'closed'
    try {
      while (mayPull()) {
        if (++pulls % PULLS_PER_TASK === 0) await new Promise<void>(afterTask)
        if (closed()) return
        const result = await scope.run(take)
        if (closed()) return
        if (result.done) {
          state = 'closed'
          return emit.complete()
        }
        emit.next(result.value)
        if (closed()) return
      }
      state = 'idle'
    } catch (error) {
      if (closed()) return reportLate(error, scope)
      state = 'closed'
      emit.error(error)
    }
  }
  return {
    pull() {
      if (state !== 'idle') return
      state = 'busy'
      void run()
    },
    close,
  }
}
