/** Promise 7, an update costs what changed, not what is there. */
import { describe, expect, it, vi } from 'vitest'
import type { Thread } from 'bgthread'
import type { Contract } from './harness'
import type ContractLogic from './logic'
import type { Row } from './row'

/** Reads the table from now on. */
async function readTable({ proxy }: Thread<ContractLogic>, count: number) {
  const seen: Row[][] = []
  await proxy.fillTable(count)
  const leave = proxy.watchTable().subscribe((rows) => seen.push(rows))
  await vi.waitFor(() => expect(seen.at(-1)).toHaveLength(count))
  return { seen, last: () => seen.at(-1) as Row[], leave }
}

export function describePatches({ transport, start }: Contract): void {
  describe(`${transport}: promise 7, an update costs what changed`, () => {
    it.each(['replaced', 'mutated', 'copied'] as const)(
      'one row that is %s is one row on the page, and all others are the same objects',
      async (how) => {
        const thread = start()
        const { last } = await readTable(thread, 1_000)
        const before = last()
        await thread.proxy.changeRow(500, how, how)
        const now = last()
        expect(now[500]).toEqual({ id: 500, title: how, tags: ['a', 'b'] })
        expect(now[500]?.tags).toBe(before[500]?.tags)
        expect(before[500]?.title).toBe('title 500')
        expect(now.filter((row, at) => row !== before[at])).toEqual([now[500]])
        expect(thread.stats()).toMatchObject({ snapshots: 2, patches: 1 })
      },
    )

    it('a row that moves stays what it is', async () => {
      const thread = start()
      const { last } = await readTable(thread, 1_000)
      const before = last()
      await thread.proxy.moveFirstRow()
      expect(last()).toHaveLength(1_000)
      expect(last().at(-1)).toBe(before[0])
      expect(last().every((row, at) => row === before[(at + 1) % 1_000])).toBe(true)
      expect(thread.stats().patches).toBe(1)
    })

    it('knows the rows by the key that was given', async () => {
      const thread = start()
      const seen: { code: string }[][] = []
      thread.proxy.watchStock().subscribe((stock) => seen.push(stock))
      await thread.proxy.setStock([
        { code: 'a', count: 1 },
        { code: 'b', count: 2 },
        { code: 'c', count: 3 },
      ])
      const before = seen.at(-1)
      await thread.proxy.setStock([
        { code: 'c', count: 3 },
        { code: 'b', count: 0 },
        { code: 'a', count: 1 },
      ])
      expect(seen.at(-1)?.[0]).toBe(before?.[2])
      expect(seen.at(-1)?.[1]).toEqual({ code: 'b', count: 0 })
      expect(seen.at(-1)?.[2]).toBe(before?.[0])
    })

    it('sends nothing where nothing has changed', async () => {
      const thread = start()
      const { seen } = await readTable(thread, 100)
      const { length } = seen
      await thread.proxy.setTableAgain()
      expect(seen).toHaveLength(length)
      const counts = await thread.proxy.countSnapshots()
      expect(counts).toMatchObject({ wholes: 1, patches: 0 })
    })

    it('misses nothing of the snapshots that were skipped', async () => {
      const { proxy } = start()
      const { last } = await readTable({ proxy } as Thread<ContractLogic>, 100)
      const calls = Array.from({ length: 300 }, (_, i) =>
        proxy.changeRow(i % 100, `changed ${i}`, i % 2 ? 'replaced' : 'mutated'),
      )
      await Promise.all(calls)
      expect(last().map(({ title }) => title)).toEqual(
        Array.from({ length: 100 }, (_, i) => `changed ${200 + i}`),
      )
    })

    it('a reader that comes back begins with the whole', async () => {
      const thread = start()
      const { leave } = await readTable(thread, 100)
      leave()
      await thread.proxy.changeRow(5, 'meanwhile', 'mutated')
      const seen: Row[][] = []
      thread.proxy.watchTable().subscribe((rows) => seen.push(rows))
      await vi.waitFor(() => expect(seen.at(-1)?.[5]?.title).toBe('meanwhile'))
      expect(await thread.proxy.countSnapshots()).toMatchObject({ wholes: 2, patches: 0 })
    })

    it('what is in two places arrives in two places', async () => {
      const thread = start()
      const { last } = await readTable(thread, 10)
      await thread.proxy.addFirstRowAgain()
      expect(last()).toHaveLength(11)
      expect(last()[10]).toBe(last()[0])
      await thread.proxy.changeRow(0, 'both', 'mutated')
      expect(last()[10]).toEqual({ id: 0, title: 'both', tags: ['a', 'b'] })
      expect(last()[10]).toBe(last()[0])
    })

    it('follows maps, sets, dates, bytes and big integers that are changed in place', async () => {
      const thread = start()
      let last: unknown
      thread.proxy.watchBoxes().subscribe((boxes) => (last = boxes))
      await vi.waitFor(() => expect(last).toBeDefined())
      await thread.proxy.changeBoxes('one')
      await thread.proxy.changeBoxes('three')
      expect(last).toEqual({
        byName: new Map([
          ['one', { count: 3 }],
          ['three', { count: 5 }],
        ]),
        open: new Set(['one', 'three']),
        at: new Date(2),
        bytes: new Uint8Array([0, 5, 0, 0]),
        big: 3n,
        rest: Array.from({ length: 100 }, (_, i) => i),
      })
      expect(thread.stats()).toMatchObject({ snapshots: 3, patches: 2 })
    })

    it('sends the whole where patches are switched off', async () => {
      const thread = start()
      await thread.proxy.fillTable(100)
      const seen: Row[][] = []
      thread.proxy.watchWholeTable().subscribe((rows) => seen.push(rows))
      await vi.waitFor(() => expect(seen.at(-1)).toHaveLength(100))
      await thread.proxy.changeRow(5, 'changed', 'mutated')
      expect(seen.at(-1)?.[5]?.title).toBe('changed')
      expect(seen.at(-1)?.[6]).not.toBe(seen.at(-2)?.[6])
      expect(thread.stats().patches).toBe(0)
    })

    it('counts what the streams emit and send, and lets go of their pictures with the last reader', async () => {
      const thread = start()
      const { leave } = await readTable(thread, 1_000)
      await thread.proxy.changeRow(1, 'changed', 'mutated')
      const counts = await thread.proxy.countSnapshots()
      expect(counts).toMatchObject({ emitted: 2, skipped: 0, wholes: 1, patches: 1 })
      expect(counts?.slots).toBeGreaterThan(5_000)
      expect(counts?.slots).toBeLessThan(20_000)
      leave()
      await vi.waitFor(async () => expect((await thread.proxy.countSnapshots())?.slots).toBe(0))
    })
  })
}
