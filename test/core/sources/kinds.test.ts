import { readable, writable } from 'svelte/store'
import { BehaviorSubject, from, of } from 'rxjs'
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
