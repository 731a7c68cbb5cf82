// @vitest-environment happy-dom
import { flushSync, mount, tick, unmount } from 'svelte'
import { derived, fromStore, get, readable, type Readable, writable } from 'svelte/store'
import { bgAction, bgStore } from 'bgthread/svelte'
import { describe, expect, it, vi } from 'vitest'
import { watchReports } from '../core/watch.js'
import { MemoryStream, streamsBy } from '../memory-stream.js'
import Legacy from './Legacy.svelte'
import Runes from './Runes.svelte'
import { selection } from './selection.svelte.js'

function seen<V>(store: Readable<V>) {
  const values: V[] = []
  return { values, unsubscribe: store.subscribe((value) => void values.push(value)) }
}
const broken = new Error('broken reader')
const throwAfter = (first: unknown) => (value: unknown) => {
  if (value !== first) throw broken
}

describe('a reader that throws', () => {
  it('is reported once for each value, and the others of all stores are called', () => {
    const reports = watchReports()
    const stream = new MemoryStream(1)
    const store = bgStore(stream, { initial: 0 })
    const before = seen(store)
    const stop = store.subscribe(throwAfter(1))
    const after = seen(store)
    const other = new MemoryStream('a')
    const others = seen(bgStore(other))
    stream.emit(2)
    other.emit('b')
    expect(reports).toEqual([broken])
    stream.emit(3)
    expect(reports).toEqual([broken, broken])
    expect([before.values, after.values, others.values]).toEqual([
      [1, 2, 3],
      [1, 2, 3],
      ['a', 'b'],
    ])
    stop()
    stream.emit(4)
    expect([reports.length, after.values.at(-1)]).toEqual([2, 4])
  })

  it('leaves the stores of errors, of statuses and of actions as they should be', async () => {
    const reports = watchReports()
    const stream = new MemoryStream(1)
    const { error, status } = bgStore(stream)
    error.subscribe(throwAfter(undefined))
    status.subscribe(throwAfter('live'))
    const errors = seen(error)
    const statuses = seen(status)
    stream.fail('offline')
    expect([errors.values, statuses.values]).toEqual([
      [undefined, 'offline'],
      ['live', 'error'],
    ])
    expect(reports).toEqual([broken, broken])

    const add = bgAction(async (value: number) => value)
    add.subscribe(({ pending }) => {
      if (pending) throw broken
    })
    const states = seen(add)
    await add(5)
    expect(states.values.map(({ result, pending }) => [result, pending])).toEqual([
      [undefined, false],
      [undefined, true],
      [5, false],
    ])
    expect(reports).toHaveLength(3)
  })

  it('is a derived, its error is reported, and what reads the stores themselves goes on', () => {
    const reports = watchReports()
    const stream = new MemoryStream(1)
    const store = bgStore(stream, { initial: 0 })
    seen(derived(store, throwAfter(1)))
    const direct = seen(store)
    const good = seen(derived(store, (value) => value * 2))
    stream.emit(2)
    stream.emit(3)
    expect([direct.values, good.values]).toEqual([
      [1, 2, 3],
      [2, 4, 6],
    ])
    expect(reports).toEqual([broken, broken])
  })

  it.each([
    ['null', null],
    ['undefined', undefined],
  ])(
    'may throw when it subscribes, and throw %s: the caller gets it, and nothing stays open',
    (_, thrown) => {
      const stream = new MemoryStream(1)
      const store = bgStore(stream)
      expect(() =>
        store.subscribe(() => {
          throw thrown
        }),
      ).toThrow()
      expect(stream.readers.size).toBe(0)
    },
  )

  it('may be a function that gives no stream for a while: the next reader is as good as the first', () => {
    const stream = new MemoryStream(1)
    let broken = true
    const store = bgStore(() => (broken ? (undefined as unknown as typeof stream) : stream))
    expect(() => store.subscribe(() => {})).toThrow(TypeError)
    broken = false
    expect([seen(store).values, stream.readers.size]).toEqual([[1], 1])
  })
})

describe('readers that subscribe, leave and set while they are called', () => {
  it('get the newest value, and none gets one after it has left', () => {
    const stream = new MemoryStream(1)
    const store = bgStore(stream)
    const log: string[] = []
    const stops: (() => void)[] = []
    store.subscribe((value) => {
      log.push(`a${value}`)
      if (value === 2) {
        stops[0]?.()
        stops.push(store.subscribe((now) => void log.push(`c${now}`)))
        stream.emit(3)
      }
    })
    stops.push(store.subscribe((value) => void log.push(`b${value}`)))
    const last = seen(store)
    stream.emit(2)
    expect(log).toEqual(['a1', 'b1', 'a2', 'c2', 'a3', 'c3'])
    expect(last.values).toEqual([1, 3])
  })

  it('may set one store from another, and all have what is last', () => {
    const streams = [new MemoryStream(1), new MemoryStream(1)] as const
    const [first, second] = streams.map((stream) => bgStore(stream))
    first!.subscribe((value) => streams[1].emit(value! * 10))
    const values = [seen(second!), seen(derived([first!, second!], ([a, b]) => `${a}/${b}`))]
    streams[0].emit(2)
    expect(values.map(({ values }) => values.at(-1))).toEqual([20, '2/20'])
  })

  it('may leave by themselves as the last', () => {
    const stream = new MemoryStream(1)
    const store = bgStore(stream)
    const stop = store.subscribe((value) => {
      if (value === 2) stop()
    })
    stream.emit(2)
    expect(stream.readers.size).toBe(0)
  })
})

const times = (store: Readable<number>, by: number) => derived(store, (n) => n * by)
const join = (...stores: Readable<unknown>[]) => derived(stores, (all) => all.join('/'))

describe('a derived of several', () => {
  it('sees value, error and status change together', () => {
    const stream = new MemoryStream<number>()
    const store = bgStore(stream, { initial: 0 })
    const { error, status } = store
    const { values } = seen(derived([store, error, status], (all) => all.join('/')))
    stream.emit(1)
    stream.fail('offline')
    expect(values).toEqual(['0//connecting', '1//live', '1/offline/error'])
  })

  it.each<[string, (store: Readable<number>, own: Readable<number>) => Readable<string>]>([
    ['a diamond', (store) => join(times(store, 2), times(store, 3))],
    ['a diamond of two floors', (store) => join(times(times(store, 2), 2), times(times(store, 3), 3))],
    ['a diamond beside its store', (store) => join(times(store, 2), store)],
    ['a store beside its diamond', (store) => join(store, times(store, 2), times(times(store, 2), 2))],
    ['with a writable of the page', (store, own) => join(times(store, 2), join(times(store, 3), own), own)],
  ])('sees of %s what it sees of a writable', (_, graph) => {
    const stream = new MemoryStream(1)
    const store = bgStore(stream, { initial: 0 })
    const like = writable(1)
    const own = writable(1)
    const ours = seen(graph(store, own))
    const theirs = seen(graph(like, own))
    for (const change of [2, 3]) {
      stream.emit(change)
      like.set(change)
      own.set(change * 5)
    }
    expect(ours.values.length).toBeGreaterThan(2)
    expect(ours.values).toEqual(theirs.values)
  })

  it('follows stores that are set within a turn of the queue of Svelte', () => {
    const stream = new MemoryStream(1)
    const store = bgStore(stream, { initial: 0 })
    const own = writable(1)
    own.subscribe((value) => value > 1 && stream.emit(value))
    const next = derived(store, (n) => n + 1)
    const double = derived(store, (n) => n * 2)
    const { values } = seen(derived([next, double], (all) => all.join('/')))
    own.set(2)
    own.set(3)
    expect(values).toEqual(['2/2', '3/4', '4/6'])
  })
})

/** From here on the queue of `svelte/store` is full, as on a page where a reader of any other store has thrown. */
describe('where the queue of Svelte is full for good', () => {
  it('stores, $store, current, functions that read $state, and get() go on', async () => {
    const own = writable(1)
    own.subscribe(throwAfter(1))
    expect(() => own.set(2)).toThrow(broken)
    const other = writable(1)
    const frozen = seen(other)
    other.set(2)
    expect(frozen.values, 'Svelte goes on after a throw: this test is not needed').toEqual([1])

    const stream = new MemoryStream('milk')
    const runes = mount(Runes, { target: document.body, props: { source: stream } })
    const watch = streamsBy<number, string>()
    watch(1).emit('one')
    watch(2).emit('two')
    selection.id = 1
    const legacy = mount(Legacy, { target: document.body, props: { id: 1, watch } })
    const followed = seen(bgStore(() => watch(selection.id)))
    const store = bgStore(stream)
    const direct = seen(store)
    const { current } = fromStore(derived(store, (value) => value))
    await tick()
    flushSync()
    for (let i = 0; i < 3; i++) {
      stream.emit(`bread ${i}`)
      flushSync()
      expect(document.body.textContent).toContain(`bread ${i} BREAD ${i} live`)
      expect([store.current, get(store), get(derived(store, String))]).toEqual(Array(3).fill(`bread ${i}`))
    }
    selection.id = 2
    await tick()
    expect(followed.values).toEqual(['one', 'two'])
    watch(1).emit('uno')
    flushSync()
    expect(document.body.textContent).toContain('1 uno')
    expect([direct.values.at(-1), current]).toEqual(['bread 2', 'milk'])
    for (const app of [runes, legacy]) await unmount(app)
  })

  it('nothing is kept for each change', () => {
    const push = vi.spyOn(Array.prototype, 'push')
    const stream = new MemoryStream(0)
    const values: number[] = []
    bgStore(stream, { initial: 0 }).subscribe((value) => (values[0] = value))
    stream.emit(1)
    const before = push.mock.calls.length
    for (let i = 2; i < 100; i++) stream.emit(i)
    const pushes = push.mock.calls.length - before
    push.mockRestore()
    expect([values, pushes]).toEqual([[99], 0])
  })
})

it('a store of ours is one to Svelte: readable() and derived() take it with a start and a stop', () => {
  const stream = new MemoryStream(1)
  const store = bgStore(stream)
  const wrapped = readable<number | undefined>(0, (set) => store.subscribe(set))
  const { unsubscribe } = seen(wrapped)
  expect(stream.readers.size).toBe(1)
  unsubscribe()
  expect(stream.readers.size).toBe(0)
})
