import { readable, writable } from 'svelte/store'
import { BehaviorSubject, from, Observable, of, Subject, throwError } from 'rxjs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { callSignal } from '../../src/core/scope.js'
import { type Hub, Hubs, isSource, type SourceReader } from '../../src/core/sources.js'
import { state } from '../../src/core/state.js'
import { turn, watchReports } from './watch'

/** A reader that may take so many values and writes down what it is told. */
class Taker implements SourceReader {
  readonly wantsLast = false
  readonly told: unknown[] = []
  constructor(public room = Infinity) {}
  get open() {
    return this.room > 0
  }
  next(value: unknown) {
    this.room--
    this.told.push(value)
  }
  error(error: unknown) {
    this.told.push(['error', error])
  }
  complete() {
    this.told.push('complete')
  }
}

const hubOf = (source: object): Hub => new Hubs().of(source)
const settled = async (taker: Taker) => vi.waitFor(() => expect(taker.told.at(-1)).toSatisfy(isEnd))
const isEnd = (what: unknown) => what === 'complete' || Array.isArray(what)

async function* count(to: number) {
  for (let i = 1; i <= to; i++) yield i
}

/** A subscribable of any library, made by hand. */
function makeSubject() {
  const observers = new Set<{ next(value: unknown): void; error(e: unknown): void; complete(): void }>()
  return {
    observers,
    subscribe(observer: { next(value: unknown): void; error(e: unknown): void; complete(): void }) {
      observers.add(observer)
      return { unsubscribe: () => observers.delete(observer) }
    },
  }
}

afterEach(() => vi.unstubAllGlobals())

describe('every kind of source is read to its end', () => {
  const kinds: [string, () => object][] = [
    ['an async generator', () => count(3)],
    ['an async iterable', () => ({ [Symbol.asyncIterator]: () => count(3) })],
    [
      'an async iterator by hand, without return',
      () => {
        let i = 0
        const next = async () => (++i > 3 ? { done: true, value: undefined } : { done: false, value: i })
        return { [Symbol.asyncIterator]: () => ({ next }) }
      },
    ],
    [
      'a ReadableStream',
      () => new ReadableStream({ start: (c) => ([1, 2, 3].forEach((n) => c.enqueue(n)), c.close()) }),
    ],
    ['an RxJS observable', () => of(1, 2, 3)],
    ['an RxJS observable that waits', () => from(count(3))],
    ['an object with pipe', () => ({ ...subscribable([1, 2, 3]), pipe() {} })],
    ["an object with '@@observable'", () => ({ '@@observable': () => subscribable([1, 2, 3]) })],
    ['a function with subscribe', () => Object.assign(() => {}, { ...subscribable([1, 2, 3]), pipe() {} })],
  ]
  it.each(kinds)('%s', async (_, makeSource) => {
    const source = makeSource()
    expect(isSource(source)).toBe(true)
    const taker = new Taker()
    hubOf(source).add(taker)
    await settled(taker)
    expect(taker.told).toEqual([1, 2, 3, 'complete'])
  })

  function subscribable(values: unknown[]) {
    return {
      subscribe(observer: Partial<SourceReader>) {
        for (const value of values) observer.next?.(value)
        observer.complete?.()
        return { unsubscribe() {} }
      },
    }
  }

  it('an object with Symbol.observable, where the platform has that symbol', () => {
    const observable = Symbol('observable')
    Object.defineProperty(Symbol, 'observable', { value: observable, configurable: true })
    try {
      const source = { [observable]: () => subscribable(['a']) }
      const taker = new Taker()
      expect(isSource(source)).toBe(true)
      hubOf(source).add(taker)
      expect(taker.told).toEqual(['a', 'complete'])
    } finally {
      delete (Symbol as { observable?: symbol }).observable
    }
  })

  it('a native Observable, which is ended by a signal', () => {
    class NativeObservable {
      readonly signals: AbortSignal[] = []
      subscribe(observer: unknown, { signal }: { signal: AbortSignal }): void {
        this.signals.push(signal)
        ;(observer as SourceReader).next('a')
      }
    }
    vi.stubGlobal('Observable', NativeObservable)
    const source = new NativeObservable()
    const hub = hubOf(source)
    const taker = new Taker()
    hub.add(taker)
    expect([taker.told, source.signals[0]?.aborted]).toEqual([['a'], false])
    hub.remove(taker)
    expect(source.signals.map((signal) => signal.aborted)).toEqual([true])
  })

  it.each<[string, () => { source: object; set(value: number): void }]>([
    [
      'a Svelte store',
      () => {
        const store = writable(1)
        return { source: store, set: store.set }
      },
    ],
    [
      'a state',
      () => {
        const cell = state(1)
        return { source: cell, set: cell.set }
      },
    ],
    [
      'a BehaviorSubject',
      () => {
        const subject = new BehaviorSubject(1)
        return { source: subject, set: (n) => subject.next(n) }
      },
    ],
  ])('%s begins with its value, for every reader', (_, makeSource) => {
    const { source, set } = makeSource()
    const hub = hubOf(source)
    const [first, second] = [new Taker(), new Taker()]
    hub.add(first)
    set(2)
    hub.add(second)
    set(3)
    hub.remove(first)
    hub.remove(second)
    set(4)
    expect([first.told, second.told]).toEqual([
      [1, 2, 3],
      [2, 3],
    ])
  })

  it('undefined is a value of a store', () => {
    const taker = new Taker()
    hubOf(readable(undefined)).add(taker)
    expect(taker.told).toEqual([undefined])
  })
})

describe('isSource', () => {
  it.each<[string, unknown]>([
    ['nothing', null],
    ['undefined', undefined],
    ['a text', 'text'],
    ['plain data', { next: 1, subscribe: true }],
    ['an array', [1]],
    ['a Map', new Map()],
    ['a generator that is not async', (function* () {})()],
    ['a promise', Promise.resolve()],
    ['a function', () => {}],
  ])('%s is none', (_, value) => {
    expect(isSource(value)).toBe(false)
  })
})

describe('a source that is read by several', () => {
  it('is subscribed once, and each of them gets every value from then on', () => {
    let subscriptions = 0
    const subject = new Subject<number>()
    const source = new Observable<number>((observer) => (subscriptions++, subject.subscribe(observer)))
    const hub = hubOf(source)
    const [first, second] = [new Taker(), new Taker()]
    hub.add(first)
    subject.next(1)
    hub.add(second)
    subject.next(2)
    hub.remove(first)
    subject.next(3)
    subject.complete()
    expect([first.told, second.told, subscriptions]).toEqual([[1, 2], [2, 3, 'complete'], 1])
  })

  it('is unsubscribed when the last has left, and subscribed again by the next', () => {
    const source = { ...makeSubject(), pipe() {} }
    const hub = hubOf(source)
    const [first, second] = [new Taker(), new Taker()]
    hub.add(first)
    hub.add(second)
    hub.remove(first)
    hub.remove(first)
    expect(source.observers.size).toBe(1)
    hub.remove(second)
    expect(source.observers.size).toBe(0)
    hub.add(first)
    expect(source.observers.size).toBe(1)
  })

  it('is one for all who ask with the same object, and another for another object', () => {
    const hubs = new Hubs()
    const source = state(1)
    expect(hubs.of(source)).toBe(hubs.of(source))
    expect(hubs.of(source)).not.toBe(hubs.of(state(1)))
  })

  it('a reader that leaves while a value is told to the others does not get it', () => {
    const subject = new Subject<number>()
    const hub = hubOf(subject)
    const second = new Taker()
    const first = Object.assign(new Taker(), { next: () => hub.remove(second) })
    hub.add(first)
    hub.add(second)
    subject.next(1)
    expect(second.told).toEqual([])
  })

  it('a reader that leaves during its first value leaves the source closed', () => {
    const cell = state(1)
    let readers = 0
    const source = {
      subscribe: (next: (n: number) => void) => {
        readers++
        const unsubscribe = cell.subscribe(next)
        return () => (readers--, unsubscribe())
      },
    }
    const hub = hubOf(source)
    const taker: Taker = Object.assign(new Taker(), { next: () => hub.remove(taker) })
    hub.add(taker)
    expect(readers).toBe(0)
  })
})

describe('a pulled source', () => {
  it('is asked for no more than its readers may take', async () => {
    let given = 0
    const source = (async function* () {
      while (true) yield ++given
    })()
    const hub = hubOf(source)
    const taker = new Taker(3)
    hub.add(taker)
    await turn()
    expect([taker.told, given]).toEqual([[1, 2, 3], 3])
    taker.room = 2
    hub.pull()
    await turn()
    await turn()
    expect([taker.told, given]).toEqual([[1, 2, 3, 4, 5], 5])
    hub.remove(taker)
  })

  it('goes at the pace of its slowest reader, and faster when that one has left', async () => {
    const hub = hubOf(count(10))
    const [slow, fast] = [new Taker(2), new Taker()]
    hub.add(slow)
    hub.add(fast)
    await turn()
    expect([slow.told, fast.told]).toEqual([
      [1, 2],
      [1, 2],
    ])
    hub.remove(slow)
    await settled(fast)
    expect(fast.told).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 'complete'])
    expect(slow.told).toEqual([1, 2])
  })

  it('a generator that never waits does not starve the event loop', async () => {
    let given = 0
    const source = (async function* () {
      while (true) yield ++given
    })()
    const hub = hubOf(source)
    const taker = new Taker()
    hub.add(taker)
    for (let i = 0; i < 5; i++) await turn()
    const before = given
    await turn()
    expect(given).toBeGreaterThan(before)
    hub.remove(taker)
    const after = given
    for (let i = 0; i < 5; i++) await turn()
    expect(given - after).toBeLessThanOrEqual(1)
  })

  it('one that never waits leaves its turns to a timer', async () => {
    const source = (async function* () {
      while (true) yield 1
    })()
    const hub = hubOf(source)
    const taker = new Taker()
    hub.add(taker)
    await new Promise((resolve) => setTimeout(resolve))
    hub.remove(taker)
    expect(taker.told.length).toBeGreaterThan(0)
  })

  it("a generator's finally runs when the last reader leaves", async () => {
    const log: string[] = []
    const source = (async function* () {
      try {
        while (true) {
          yield 1
          log.push('next')
        }
      } finally {
        log.push('finally')
      }
    })()
    const hub = hubOf(source)
    const taker = new Taker(1)
    hub.add(taker)
    await vi.waitFor(() => expect(taker.told).toEqual([1]))
    hub.remove(taker)
    await vi.waitFor(() => expect(log).toEqual(['finally']))
  })

  it('a generator that waits is told by its callSignal that the last reader has left', async () => {
    const log: unknown[] = []
    const source = (async function* () {
      const signal = callSignal()
      try {
        yield 1
        await new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason as Error)),
        )
      } catch (error) {
        log.push((error as Error).name)
      }
    })()
    const hub = hubOf(source)
    const taker = new Taker()
    hub.add(taker)
    await vi.waitFor(() => expect(taker.told).toEqual([1]))
    await turn()
    hub.remove(taker)
    await vi.waitFor(() => expect(log).toEqual(['AbortError']))
    expect(taker.told).toEqual([1])
  })

  it('a ReadableStream is cancelled, and to the next reader it has ended', async () => {
    const cancel = vi.fn()
    const source = new ReadableStream({ pull: (c) => c.enqueue(1), cancel })
    const hub = hubOf(source)
    const [first, second] = [new Taker(1), new Taker()]
    hub.add(first)
    await vi.waitFor(() => expect(first.told).toEqual([1]))
    hub.remove(first)
    await vi.waitFor(() => expect(cancel).toHaveBeenCalledOnce())
    hub.add(second)
    await settled(second)
    expect(second.told).toEqual(['complete'])
  })

  it('what its end throws is reported, for it has no reader any more', async () => {
    const reports = watchReports()
    const source = (async function* () {
      try {
        while (true) yield 1
      } finally {
        throw new Error('finally')
      }
    })()
    const hub = hubOf(source)
    const taker = new Taker(1)
    hub.add(taker)
    await vi.waitFor(() => expect(taker.told).toEqual([1]))
    hub.remove(taker)
    await vi.waitFor(() => expect(reports).toEqual([new Error('finally')]))
  })
})

describe('the end of a source', () => {
  it.each<[string, () => object]>([
    [
      'an async generator',
      async function* () {
        yield 1
        throw new RangeError('e')
      },
    ],
    [
      'a ReadableStream',
      () => {
        let i = 0
        return new ReadableStream({ pull: (c) => (i++ ? c.error(new RangeError('e')) : c.enqueue(1)) })
      },
    ],
    ['an observable', () => new Observable((o) => (o.next(1), o.error(new RangeError('e'))))],
    [
      'an iterator by hand',
      () => {
        let i = 0
        return {
          [Symbol.asyncIterator]: () => ({
            next: () => {
              if (i++) throw new RangeError('e')
              return Promise.resolve({ done: false, value: 1 })
            },
          }),
        }
      },
    ],
  ])('a failure of %s comes after its values', async (_, makeSource) => {
    const taker = new Taker()
    hubOf(makeSource()).add(taker)
    await settled(taker)
    expect(taker.told).toEqual([1, ['error', new RangeError('e')]])
  })

  it.each<[string, object]>([
    [
      'subscribe',
      {
        subscribe: () => {
          throw new RangeError('e')
        },
      },
    ],
    [
      '[Symbol.asyncIterator]',
      {
        [Symbol.asyncIterator]: () => {
          throw new RangeError('e')
        },
      },
    ],
    [
      "'@@observable'",
      {
        '@@observable': () => {
          throw new RangeError('e')
        },
      },
    ],
    ['an observable', throwError(() => new RangeError('e'))],
  ])('what %s throws at once is a failure too', (_, source) => {
    const taker = new Taker()
    hubOf(source).add(taker)
    expect(taker.told).toEqual([['error', new RangeError('e')]])
  })

  it('a locked ReadableStream is a failure', () => {
    const source = new ReadableStream()
    source.getReader()
    const taker = new Taker()
    hubOf(source).add(taker)
    expect(taker.told).toMatchObject([['error', { name: 'TypeError' }]])
  })

  it('a late reader of a generator gets its last value and its end', async () => {
    const hub = hubOf(count(3))
    const [first, second] = [new Taker(), new Taker()]
    hub.add(first)
    await settled(first)
    hub.add(second)
    expect(second.told).toEqual([3, 'complete'])
  })

  it('a late reader of a generator without values gets its end only', async () => {
    const hub = hubOf(count(0))
    const [first, second] = [new Taker(), new Taker()]
    hub.add(first)
    await settled(first)
    hub.add(second)
    expect(second.told).toEqual(['complete'])
  })

  it('a late reader of a failed generator gets its failure', async () => {
    const hub = hubOf(
      (async function* () {
        yield 1
        throw new Error('e')
      })(),
    )
    const [first, second] = [new Taker(), new Taker()]
    hub.add(first)
    await settled(first)
    hub.add(second)
    expect(second.told).toEqual([1, ['error', new Error('e')]])
  })

  it('a late reader of an observable, and of what makes its iterators anew, reads it again', async () => {
    for (const source of [of(1, 2), { [Symbol.asyncIterator]: () => count(2) }]) {
      const hub = hubOf(source)
      const [first, second] = [new Taker(), new Taker()]
      hub.add(first)
      await settled(first)
      hub.add(second)
      await settled(second)
      expect(second.told).toEqual([1, 2, 'complete'])
    }
  })

  it('a failed observable is tried again by the next reader', () => {
    let tries = 0
    const source = new Observable<number>((o) => (tries++ ? o.next(tries) : o.error(new Error('offline'))))
    const hub = hubOf(source)
    const [first, second] = [new Taker(), new Taker()]
    hub.add(first)
    hub.add(second)
    expect([first.told, second.told]).toEqual([[['error', new Error('offline')]], [2]])
  })

  it('an unsubscribe that throws is reported', () => {
    const reports = watchReports()
    const source = {
      subscribe: () => () => {
        throw new Error('unsubscribe')
      },
    }
    const hub = hubOf(source)
    const taker = new Taker()
    hub.add(taker)
    hub.remove(taker)
    expect(reports).toEqual([new Error('unsubscribe')])
  })
})

describe('a source that is held', () => {
  it('only waits when its last reader leaves, and goes on for the next', async () => {
    const hub = hubOf(count(10))
    hub.hold()
    const first = new Taker(2)
    hub.add(first)
    await vi.waitFor(() => expect(first.told).toEqual([1, 2]))
    hub.remove(first)
    const second = new Taker()
    hub.add(second)
    await settled(second)
    expect(second.told.slice(-3)).toEqual([9, 10, 'complete'])
  })

  it('is ended when it is let go, also where nobody has read it', async () => {
    const cancelled = vi.fn()
    const hub = hubOf(new ReadableStream({ cancel: cancelled }))
    hub.hold()
    hub.letGo()
    await vi.waitFor(() => expect(cancelled).toHaveBeenCalledOnce())
  })

  it('is not ended by another client that does not want it', async () => {
    const hub = hubOf(count(3))
    hub.hold()
    hub.discard()
    const taker = new Taker()
    hub.add(taker)
    await settled(taker)
    expect(taker.told).toEqual([1, 2, 3, 'complete'])
  })
})
