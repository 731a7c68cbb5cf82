/** Patches on the wire: what a reader does when one is missing or makes no sense. */
import { expect, it, vi } from 'vitest'
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
  const { proxy, forge, seen } = await read()
  forge.thread([TOKEN, Wire.WHOLE, 99, 0, 0])
  await proxy.change!(1, 'first')
  expect(seen).toHaveLength(2)
})
