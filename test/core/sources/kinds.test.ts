import { readable, writable } from 'svelte/store'
import { BehaviorSubject, from, of, Subject } from 'rxjs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { isSource } from '../../../src/core/feed.js'
import type { SourceReader } from '../../../src/core/sources.js'
import { state } from '../../../src/core/state.js'
import { count, hubOf, settled, Taker } from './taker'

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
    [
      'a generator',
      function* () {
        yield 1
        yield Promise.resolve(2)
        yield 3
      },
    ],
    ['the items of a map', () => new Map([1, 2, 3].map((n) => [n, n])).values()],
    ['what takes an observer only', () => subscribable([1, 2, 3])],
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
    ['a promise', Promise.resolve()],
    ['a function', () => {}],
  ])('%s is none', (_, value) => {
    expect(isSource(value)).toBe(false)
  })
})

describe('a source that does not tell its present value', () => {
  /** As Zustand: tells changes only. */
  function silent<M extends object>(make: (now: () => unknown) => M, tell?: (value: unknown) => unknown[]) {
    let value: unknown = 1
    const listeners = new Set<(...values: unknown[]) => void>()
    const source = {
      subscribe(listener: (...values: unknown[]) => void) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    }
    Object.defineProperties(source, Object.getOwnPropertyDescriptors(make(() => value)))
    const set = (next: unknown) => {
      value = next
      for (const listener of listeners) listener(...(tell ? tell(next) : [next, 'before']))
    }
    return { source, set, listeners }
  }

  it.each<[string, (now: () => unknown) => object]>([
    ['getState', (now) => ({ getState: now })],
    ['getSnapshot', (now) => ({ getSnapshot: now })],
    ['get', (now) => ({ get: now })],
    [
      'state',
      (now) => ({
        get state() {
          return now()
        },
      }),
    ],
    ['getState, and a method state', (now) => ({ getState: now, state() {} })],
  ])('is asked for it when it is subscribed to: %s', (_, make) => {
    const { source, set, listeners } = silent(make)
    const hub = hubOf(source)
    const first = new Taker()
    hub.add(first)
    expect(first.told).toEqual([1])
    set(2)
    const second = new Taker()
    hub.add(second)
    set(3)
    expect([first.told, second.told]).toEqual([
      [1, 2, 3],
      [2, 3],
    ])
    hub.remove(first)
    hub.remove(second)
    expect(listeners.size).toBe(0)
    set(4)
    hub.add(first)
    expect(first.told).toEqual([1, 2, 3, 4])
  })

  it('nor what it has changed to is asked for it each time, as Redux', () => {
    const { source, set } = silent(
      (now) => ({ getState: now }),
      () => [],
    )
    const taker = new Taker()
    hubOf(source).add(taker)
    set(2)
    set(undefined)
    expect(taker.told).toEqual([1, 2, undefined])
  })

  it('and has an observer, as XState, is asked for it', () => {
    const taker = new Taker()
    const source = {
      getSnapshot: () => 'now',
      subscribe: (observer: SourceReader) => {
        setTimeout(() => observer.next('later'))
        return { unsubscribe() {} }
      },
      '@@observable'() {
        return this
      },
    }
    hubOf(source).add(taker)
    expect(taker.told).toEqual(['now'])
    return vi.waitFor(() => expect(taker.told).toEqual(['now', 'later']))
  })

  it.each<[string, object]>([
    ['a Svelte store', Object.assign(writable('told'), { get: () => 'asked' })],
    ['a BehaviorSubject', new BehaviorSubject('told')],
    ['a state', state('told')],
    [
      'one that tells undefined',
      { getState: () => 'asked', subscribe: (f: (v: unknown) => void) => f(undefined) },
    ],
  ])('is not asked where it does: %s', (_, source) => {
    const taker = new Taker()
    hubOf(source).add(taker)
    expect(taker.told).toEqual([taker.told[0]])
    expect(taker.told[0]).not.toBe('asked')
  })

  it.each<[string, object]>([
    ['with nothing to ask', { subscribe: () => () => {} }],
    ['whose get wants to know what', { subscribe: () => () => {}, get: (key: string) => key }],
    ['whose state is a method', { subscribe: () => () => {}, state: () => 1 }],
    ['of RxJS', new Subject()],
  ])('has none until its first change: one %s', (_, source) => {
    const taker = new Taker()
    hubOf(source).add(taker)
    expect(taker.told).toEqual([])
  })

  it('fails, and is left, where asking throws', () => {
    const leave = vi.fn()
    const taker = new Taker()
    const getState = () => {
      throw new RangeError('no state')
    }
    hubOf({ getState, subscribe: () => leave }).add(taker)
    expect(taker.told).toEqual([['error', new RangeError('no state')]])
    expect(leave).toHaveBeenCalledOnce()
  })
})

it.each([
  [[1]],
  [new Map()],
  [new Set()],
  ['text'],
  [new Uint8Array(1)],
  [{ next() {} }],
  [{ next: 1, [Symbol.iterator]() {} }],
])('%o is a value, not a stream', (value) => expect(isSource(value)).toBe(false))

it("a generator's finally runs when its last reader leaves, and it waits for its readers", async () => {
  const taken: number[] = []
  let ended = false
  const source = (function* () {
    try {
      for (let i = 1; ; i++) {
        taken.push(i)
        yield i
      }
    } finally {
      ended = true
    }
  })()
  const hub = hubOf(source)
  const taker = new Taker(3)
  hub.add(taker)
  await vi.waitFor(() => expect(taker.told).toEqual([1, 2, 3]))
  expect(taken).toEqual([1, 2, 3])
  hub.remove(taker)
  expect(ended).toBe(true)
})
