// @vitest-environment happy-dom
import { derived, get } from 'svelte/store'
import { flushSync, tick } from 'svelte'
import { bgAction, bgStore, type BgSource } from 'bgthread/svelte'
import { describe, expect, it } from 'vitest'
import { MemoryStream, streamsBy } from '../memory-stream.js'
import { selection } from './selection.svelte.js'

function seen<V>(store: { subscribe(next: (value: V) => void): () => void }) {
  const values: V[] = []
  const unsubscribe = store.subscribe((value) => values.push(value))
  return { values, unsubscribe }
}

describe('bgStore outside of components', () => {
  it('is initial until the first snapshot', () => {
    const stream = new MemoryStream<string[]>()
    const { values } = seen(bgStore(stream, { initial: [] }))
    stream.emit(['milk'])
    expect(values).toEqual([[], ['milk']])
  })

  it('is undefined until the first snapshot without initial', () => {
    const stream = new MemoryStream<string>()
    const { values } = seen(bgStore(stream))
    stream.emit('milk')
    expect(values).toEqual([undefined, 'milk'])
  })

  it('begins with a snapshot that is known', () => {
    expect(seen(bgStore(new MemoryStream('milk'), { initial: 'none' })).values).toEqual(['milk'])
    expect(get(bgStore(new MemoryStream('milk')))).toBe('milk')
    expect(bgStore(new MemoryStream('milk')).current).toBe('milk')
  })

  it('calls a function only when somebody reads', () => {
    const watch = streamsBy<string, string>()
    let calls = 0
    const store = bgStore(() => (calls++, watch('milk')))
    expect(calls).toBe(0)
    seen(store)
    expect([calls > 0, watch('milk').readers.size]).toEqual([true, 1])
  })

  it('touches a stream at once, so that its call does not leave as an action', () => {
    let touched = false
    const stream = new MemoryStream('milk')
    stream.get = () => ((touched = true), 'milk')
    bgStore(stream)
    expect(touched).toBe(true)
  })

  it('holds one subscription while the value, the error or the status is read', () => {
    const stream = new MemoryStream<string>()
    const store = bgStore(stream)
    const readers = [store, store.error, store.status].map((part) => part.subscribe(() => {}))
    for (const unsubscribe of readers) {
      expect([stream.readers.size, stream.subscriptions]).toEqual([1, 1])
      unsubscribe()
    }
    expect(stream.readers.size).toBe(0)
    const { values } = seen(store)
    stream.emit('milk')
    expect([values, stream.subscriptions]).toEqual([[undefined, 'milk'], 2])
  })

  it('shows no half changed state under derived', () => {
    const stream = new MemoryStream(1)
    const store = bgStore(stream, { initial: 0 })
    const next = derived(store, (n) => n + 1)
    const double = derived(store, (n) => n * 2)
    const { values } = seen(derived([next, double], ([more, twice]) => `${more}/${twice}`))
    stream.emit(2)
    stream.emit(3)
    expect(values).toEqual(['2/2', '3/4', '4/6'])
  })

  it('has error and status as stores', () => {
    const stream = new MemoryStream<string>()
    const { error, status } = bgStore(stream)
    const errors = seen(error)
    const states = seen(status)
    stream.emit('milk')
    stream.fail(new Error('offline'))
    expect(errors.values).toEqual([undefined, new Error('offline')])
    expect(states.values).toEqual(['connecting', 'live', 'error'])
    expect([error.current, status.current]).toEqual([new Error('offline'), 'error'])
  })

  it('says nothing of the value when only the status has changed', () => {
    const stream = new MemoryStream(['milk'])
    const { values } = seen(bgStore(stream))
    stream.setStatus('stale')
    expect(values).toEqual([['milk']])
  })

  it('follows $state that its function reads', async () => {
    const watch = streamsBy<number, string>()
    const { values, unsubscribe } = seen(bgStore(() => watch(selection.id), { initial: 'none' }))
    watch(1).emit('milk')
    selection.id = 2
    await tick()
    watch(2).emit('bread')
    expect(values).toEqual(['none', 'milk', 'none', 'bread'])
    expect([watch(1).readers.size, watch(2).readers.size]).toEqual([0, 1])
    unsubscribe()
    flushSync(() => (selection.id = 1))
    expect([watch(1).readers.size, watch(2).readers.size]).toEqual([0, 0])
  })

  it('a later reader follows as the first did, once', () => {
    const watch = streamsBy<number, string>()
    const todo = bgStore(() => watch(selection.id))
    todo.subscribe(() => {})()
    const { unsubscribe } = seen(todo)
    const before = watch(9).subscriptions
    flushSync(() => (selection.id = 9))
    expect(watch(9).subscriptions - before).toBe(1)
    unsubscribe()
  })

  it('a reader may leave while a change is told', async () => {
    const watch = streamsBy<number, string>()
    watch(1).emit('milk')
    watch(2).emit('bread')
    selection.id = 1
    const values: string[] = []
    const unsubscribe = bgStore(() => watch(selection.id), { initial: 'none' }).subscribe((value) => {
      values.push(value)
      if (value === 'bread') unsubscribe()
    })
    flushSync(() => (selection.id = 2))
    expect(values).toEqual(['milk', 'bread'])
    expect([watch(1).readers.size, watch(2).readers.size]).toEqual([0, 0])
  })
})

describe('bgStore refuses', () => {
  const refusal = new TypeError(
    'bgStore(source): source must be a stream or a function that returns one, as in bgStore(proxy.watchTodos)',
  )
  // As JavaScript would: the types do not let it pass.
  const store = (source: unknown) => bgStore(source as BgSource<unknown>)

  it.each([undefined, null, 'milk', {}, Promise.resolve()])('%s where it is made', (source) => {
    expect(() => store(source)).toThrow(refusal)
  })

  it.each([[undefined], [[1, 2]], [{ subscribe() {} }]])(
    'a function that gives %s where it is read',
    (given) => {
      expect(() => store(() => given).subscribe(() => {})).toThrow(refusal)
      expect(() => store(() => given).current).toThrow(refusal)
    },
  )
})

it.each([undefined, {}, Promise.resolve()])('bgAction refuses %s where it is made', (method) => {
  expect(() => bgAction(method as unknown as () => Promise<void>)).toThrow(
    new TypeError('bgAction(method): method must be an action, as in bgAction(proxy.add)'),
  )
})
