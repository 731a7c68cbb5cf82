/** Patches on the wire: what a reader does when one is missing or makes no sense. */
import { expect, it, vi } from 'vitest'
import { reactive, toRaw } from 'vue'
import { state } from '../../../src/core/state'
import * as Wire from '../../../src/core/protocol'
import { connect, TOKEN } from '../pair'

class Logic {
  #rows = state(Array.from({ length: 100 }, (_, id) => ({ id, title: `title ${id}` })))
  watchRows() {
    return this.#rows
  }
  change(id: number, title: string) {
    this.#rows.update((rows) => rows.map((row) => (row.id === id ? { ...row, title } : row)))
  }
}

async function read() {
  const pair = await connect(Logic)
  const seen: { id: number; title: string }[][] = []
  pair.proxy.watchRows!().subscribe((rows) => seen.push(rows as never))
  await vi.waitFor(() => expect(seen).toHaveLength(1))
  return { ...pair, seen }
}

/** The id of the only subscription: the start has 1, the call that became it 2. */
const SUBSCRIPTION = 3

it.each<[string, unknown]>([
  ['that is not the next', [7, [[0, 100]]]],
  ['for something else', [1, [[0, 100, 100, 5]]]],
  ['of an object for an array', [1, [{ a: 1 }]]],
  ['that is none', 'nonsense'],
  ['that is null', null],
])('a patch %s is not applied, and the whole is asked for', async (_, patch) => {
  const { proxy, page, seen, forge } = await read()
  forge.page([TOKEN, Wire.PATCH, SUBSCRIPTION, Wire.RAW, patch])
  // The whole comes.
  await vi.waitFor(() => expect(seen).toHaveLength(2))
  expect(seen[1]).toEqual(seen[0])
  await proxy.change!(5, 'changed')
  expect(seen).toHaveLength(3)
  expect(seen[2]?.[5]).toEqual({ id: 5, title: 'changed' })
  expect(seen[2]?.[6]).toBe(seen[1]?.[6])
  expect(page.stats).toMatchObject({ snapshots: 3, patches: 1, ignored: 1 })
})

it('asking for the whole of what was never sent does nothing', async () => {
  let emit: (value: unknown) => void = () => {}
  const pair = await connect({
    watch: () => ({ subscribe: (next: typeof emit) => ((emit = next), () => {}) }),
    ping: () => 'pong',
  })
  const seen: unknown[] = []
  pair.proxy.watch!().subscribe((value) => seen.push(value))
  await pair.proxy.ping!()
  pair.forge.thread([TOKEN, Wire.WHOLE, SUBSCRIPTION, 0, 0])
  await pair.proxy.ping!()
  expect(seen).toEqual([])
  emit({ first: true })
  await vi.waitFor(() => expect(seen).toEqual([{ first: true }]))
})

it('a snapshot whose getter emits a newer one is followed by that', async () => {
  class Restless {
    rest = Array.from({ length: 100 }, (_, i) => i)
    #cell = state<{ n: number; rest: number[] }>({ n: 0, rest: this.rest })
    watch() {
      return this.#cell
    }
    set(n: number) {
      this.#cell.set({ n, rest: this.rest })
    }
    /** Sets a value that is followed by `n + 1` as soon as it is looked at. */
    setRestless(n: number) {
      let looked = false
      const look = () => {
        if (looked) return n
        looked = true
        this.set(n + 1)
        return n
      }
      const value = Object.defineProperty({ rest: this.rest }, 'n', { get: look, enumerable: true })
      this.#cell.set(value as { n: number; rest: number[] })
    }
  }
  const { proxy, page } = await connect(Restless)
  const seen: { n: number }[] = []
  proxy.watch!().subscribe((value) => seen.push(value as never))
  await vi.waitFor(() => expect(seen.at(-1)?.n).toBe(0))
  await proxy.setRestless!(5)
  await vi.waitFor(() => expect(seen.at(-1)?.n).toBe(6))
  await proxy.set!(7)
  expect(seen.at(-1)?.n).toBe(7)
  expect(page.stats.patches).toBeGreaterThan(0)
})

it('what cannot be cloned in a patch is named by its place in the snapshot', async () => {
  const cell = state<Record<string, unknown>>({ rest: Array.from({ length: 100 }, (_, i) => i) })
  const pair = await connect({ watch: () => cell, ping: () => 'pong' })
  let failure: unknown
  pair.proxy.watch!().subscribe({ error: (error) => (failure = error) })
  await pair.proxy.ping!()
  cell.update((value) => ({ ...value, view: new WeakMap() }))
  await vi.waitFor(() => expect(failure).toMatchObject({ code: 'NOT_CLONEABLE', path: 'snapshot.view' }))
})

it('reactive data is followed, and crosses as plain data', async () => {
  const data = reactive({ rows: Array.from({ length: 100 }, (_, id) => ({ id, tags: ['a'] })) })
  const cell = state<unknown>(data)
  const pair = await connect({ watch: () => cell, ping: () => 'pong' })
  const seen: (typeof data)[] = []
  pair.proxy.watch!().subscribe((value) => seen.push(value as never))
  await vi.waitFor(() => expect(seen).toHaveLength(1))
  data.rows.reverse()
  for (const row of data.rows.slice(0, 5)) row.tags.push('b')
  cell.set(data)
  await pair.proxy.ping!()
  expect(seen[1]).toEqual(structuredClone(toRaw(data)))
  expect(seen[1]?.rows[99]).toBe(seen[0]?.rows[0])
  expect(pair.page.stats).toMatchObject({ snapshots: 2, patches: 1 })
})

it('a getter that gives something else each time does not leave the page behind', async () => {
  let asked = 0
  const value = {
    rest: Array.from({ length: 100 }, (_, at) => at),
    get lazy() {
      return asked++ ? 'loaded' : 'loading'
    },
  }
  const cell = state<unknown>(value)
  const { proxy } = await connect({ watch: () => cell, ping: () => 'pong' })
  let last: unknown
  proxy.watch!().subscribe((now) => (last = now))
  await vi.waitFor(() => expect(last).toBeDefined())
  cell.set(value)
  await proxy.ping!()
  expect(last).toMatchObject({ lazy: 'loaded' })
})
