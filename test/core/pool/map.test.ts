/** One action over many items. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { bgPool, type Pool } from 'bgthread'
import { atWork, log, openGates, reset, Workshop } from './workshop'

let pool: Pool<Workshop>
beforeEach(() => {
  reset()
  pool = bgPool(async () => Workshop, { size: 2 })
})
afterEach(() => pool.terminate())
const workers = (count: number) => vi.waitFor(() => expect(atWork()).toBe(count))

it('gives the results in the order of the items, whichever is done first', async () => {
  const ends: ((value: string) => void)[] = []
  const results = pool.map(
    ['a', 'b', 'c'],
    (item) => new Promise<string>((end) => ends.push(() => end(item + item))),
  )
  await vi.waitFor(() => expect(ends).toHaveLength(2))
  ends[1]!('')
  await vi.waitFor(() => expect(ends).toHaveLength(3))
  ends[2]!('')
  ends[0]!('')
  expect(await results).toEqual(['aa', 'bb', 'cc'])
})

it('takes a method of the proxy as it is, and passes it the item only', async () => {
  expect(await pool.map([1, 2, 3], pool.proxy.echo)).toEqual([[1], [2], [3]])
  expect(await pool.map(new Set<number>(), pool.proxy.echo)).toEqual([])
})

it('takes no more items than there are places', async () => {
  let taken = 0
  function* endless() {
    for (;;) yield `${taken++}`
  }
  const controller = new AbortController()
  const all = pool.map(endless(), pool.proxy.work, { signal: controller.signal })
  await workers(2)
  expect(taken).toBe(2)
  expect(pool.stats().queuedCalls).toBe(0)
  openGates()
  await workers(2)
  expect(taken).toBe(4)
  controller.abort(new Error('enough'))
  await expect(all).rejects.toThrow('enough')
})

it('reads an async source, and ends it when it is aborted', async () => {
  const controller = new AbortController()
  let ended = false
  async function* items() {
    try {
      yield 'a'
      yield 'b'
      yield 'c'
    } finally {
      ended = true
    }
  }
  expect(await pool.map(items(), (name) => pool.proxy.echo(name))).toEqual([['a'], ['b'], ['c']])
  expect(ended).toBe(true)
  ended = false
  const all = pool.map(items(), pool.proxy.work, { signal: controller.signal })
  await workers(2)
  controller.abort(new Error('stop'))
  await expect(all).rejects.toThrow('stop')
  await vi.waitFor(() => expect(ended).toBe(true))
})

it('tells its progress, and how much there is where that is known', async () => {
  const told: unknown[] = []
  const onProgress = (done: number, total: number | undefined) => told.push([done, total])
  await pool.map(['a', 'b'], pool.proxy.echo, { onProgress })
  await pool.map(new Map([[1, 2]]), pool.proxy.echo, { onProgress })
  await pool.map(['a'].values(), pool.proxy.echo, { onProgress })
  expect(told).toEqual([
    [1, 2],
    [2, 2],
    [1, 1],
    [1, undefined],
  ])
})

it('ends with the first failure: no more items are taken, and what is under way is given up', async () => {
  let taken = 0
  function* items() {
    while (taken < 10) yield taken++
  }
  const all = pool.map(items(), (item) =>
    item === 1 ? pool.proxy.fail('broken') : pool.proxy.work(`${item}`),
  )
  await expect(all).rejects.toThrow('broken')
  expect(taken).toBe(2)
  await vi.waitFor(() => expect(pool.stats().pendingCalls).toBe(0))
})

it('tells the error of the action that failed, also where others give nothing', async () => {
  const broken = new Error('broken')
  const give = (value: undefined | null) => (item: number) => {
    if (item === 30) throw broken
    return value
  }
  const items = Array.from({ length: 100 }, (_, i) => i)
  await expect(pool.map(items, give(undefined))).rejects.toBe(broken)
  await expect(pool.map(items, give(null))).rejects.toBe(broken)
})

it('takes no item once an action has thrown, and ends the source', async () => {
  let taken = 0
  let ended = false
  function* items() {
    try {
      for (;;) yield taken++
    } finally {
      ended = true
    }
  }
  const all = pool.map(items(), (item) => {
    if (item === 3) throw new Error('broken')
    return item
  })
  await expect(all).rejects.toThrow('broken')
  expect(ended).toBe(true)
  // One item for each of the pool's places.
  expect(taken).toBeLessThanOrEqual(5)
})

it('tells what the items throw', async () => {
  function* items() {
    yield 'a'
    throw new Error('no more')
  }
  await expect(pool.map(items(), pool.proxy.echo)).rejects.toThrow('no more')
  await vi.waitFor(() => expect(pool.stats().pendingCalls).toBe(0))
})

it('takes the characters of a string', async () => {
  const totals: unknown[] = []
  const onProgress = (_done: number, total: number | undefined) => totals.push(total)
  expect(await pool.map('a😀', pool.proxy.echo, { onProgress })).toEqual([['a'], ['😀']])
  expect(totals).toEqual([2, 2])
})

it('does nothing where its signal has aborted before', async () => {
  const signal = AbortSignal.abort(new Error('no'))
  await expect(pool.map(['a'], pool.proxy.work, { signal })).rejects.toThrow('no')
  expect(pool.stats().threads).toBe(0)
  expect(log).toEqual([])
})

it.each([
  ['an action by its name', ['a'], 'work', /^pool 'bgpool': map\(items, action\): action must be a function/],
  [
    'nothing to take items from',
    null,
    () => {},
    /^pool 'bgpool': map\(items, action\): items must be iterable/,
  ],
  ['what has no items', 7, () => {}, /items must be iterable/],
])('rejects %s, and says what it wants', async (_, items, action, message) => {
  const wrong = pool.map(items as never, action as never)
  await expect(wrong).rejects.toThrow(TypeError)
  await expect(wrong).rejects.toThrow(message)
  expect(pool.stats().threads).toBe(0)
})
