import { type AttachedThread, attach, bgThread } from 'bgthread'
import { afterEach, describe, expect, it } from 'vitest'
import { cellAt, type Cloth, COLUMNS, DYES, ROWS } from '../../playground/logic/cloth'
import type Loom from '../../playground/logic/loom'
import { cellByKey, cellsBetween } from '../../playground/shared/shuttle'
import { cellText, statusText, tabsText, tabText } from '../../playground/shared/tabs-text'

/** Ends what a test has opened. */
let close = async () => {}
afterEach(() => close())

/** A loom with its first tab, whose number is 1, and what it takes to come and to leave. */
async function loomWithTabs() {
  const thread = bgThread(() => import('../../playground/logic/loom'), { host: { welcome: () => {} } })
  close = () => thread.close()
  const cloth = (): Promise<Cloth> => once(thread.proxy.watchCloth())
  const tabs = new Map<number, AttachedThread<Loom>>()
  /** So many tabs come, one after the other; gives their numbers. */
  const come = async (count = 1) => {
    const ids: number[] = []
    for (; count > 0; count--) {
      let tab: AttachedThread<Loom>
      const id = await new Promise<number>((welcome) => {
        tab = attach<Loom>(thread.connect(), { host: { welcome } })
      })
      tabs.set(id, tab!)
      ids.push(id)
    }
    return ids
  }
  const go = async (id: number) => {
    await tabs.get(id)!.close()
    await expect.poll(async () => (await cloth()).tabs.find((tab) => tab.id === id)?.left).toBeDefined()
  }
  await thread.ready
  return { loom: thread.proxy, come, go, cloth }
}

/** The first snapshot that there is from now on. */
const once = async <U>(stream: AsyncIterable<U>): Promise<U> => {
  for await (const value of stream) return value
  throw new Error('The stream has ended.')
}

describe('the loom', () => {
  it('welcomes each tab with its number', async () => {
    const { come } = await loomWithTabs()
    expect(await come(2)).toEqual([2, 3])
  })

  it('gives each tab a dye that no other has, as long as there are any', async () => {
    const { come, go, cloth } = await loomWithTabs()
    await come(5)
    expect((await cloth()).tabs.map(({ dye }) => dye)).toEqual([1, 2, 3, 4, 5, 6])
    await come()
    expect((await cloth()).tabs[6]).toMatchObject({ id: 7, dye: 1 })
    await go(3)
    await come()
    expect((await cloth()).tabs.find(({ id }) => id === 8)!.dye).toBe(3)
    expect(DYES).toHaveLength(6)
  })

  it('counts those that are here, and remembers the last four that have left', async () => {
    const { come, go, cloth } = await loomWithTabs()
    await come(5)
    expect((await cloth()).clients).toBe(6)
    for (const id of [2, 3, 4, 5, 6]) await go(id)
    expect((await cloth()).clients).toBe(1)
    expect((await cloth()).tabs.map(({ id, left }) => [id, left !== undefined])).toEqual([
      [1, false],
      [6, true],
      [5, true],
      [4, true],
      [3, true],
    ])
    await come()
    expect((await cloth()).tabs.map(({ id }) => id)).toEqual([1, 7, 6, 5, 4, 3])
  })

  it('dyes cells, and counts only those that were not so before', async () => {
    const { loom, come, cloth } = await loomWithTabs()
    await come()
    await loom.weave(1, [cellAt(0, 0), cellAt(0, 1), cellAt(0, 1)], true)
    await loom.weave(2, [cellAt(0, 1)], true)
    await loom.weave(2, [cellAt(0, 1)], true)
    expect((await cloth()).rows[0]!.slice(0, 3)).toEqual([1, 2, 0])
    expect((await cloth()).tabs.map(({ picks }) => picks)).toEqual([2, 1])
    await loom.weave(2, [cellAt(0, 0), cellAt(0, 1)], false)
    expect((await cloth()).rows[0]!.slice(0, 3)).toEqual([0, 0, 0])
    await loom.weave(2, [cellAt(3, 3)], true)
    await loom.unpick()
    expect((await cloth()).rows.flat().every((dye) => dye === 0)).toBe(true)
  })

  it('leaves a row as it is in which nothing has changed, so that nothing of it crosses', async () => {
    const { loom } = await loomWithTabs()
    const seen: Cloth[] = []
    const unsubscribe = loom.watchCloth().subscribe((cloth) => seen.push(cloth))
    await expect.poll(() => seen.length).toBe(1)
    await loom.weave(1, [cellAt(2, 0)], true)
    await expect.poll(() => seen.length).toBe(2)
    unsubscribe()
    const changed = seen[1]!.rows.flatMap((row, at) => (row === seen[0]!.rows[at] ? [] : [at]))
    expect(changed).toEqual([2])
  })

  it('knows no other cells and no other tabs', async () => {
    const { loom } = await loomWithTabs()
    for (const cell of [-1, 0.5, ROWS * COLUMNS])
      await expect(loom.weave(1, [cell], true)).rejects.toThrow('The cloth has no cell')
    await expect(loom.point(2, 0)).rejects.toThrow('There is no tab 2')
  })
})

describe('a stroke', () => {
  it('has all cells between two', () => {
    expect(cellsBetween(cellAt(0, 0), cellAt(0, 3))).toEqual([1, 2, 3])
    expect(cellsBetween(cellAt(2, 2), cellAt(0, 0))).toEqual([cellAt(1, 1), cellAt(0, 0)])
    expect(cellsBetween(cellAt(0, 0), cellAt(1, 4))).toEqual(
      [1, 2, 3, 4].map((at) => cellAt(at > 1 ? 1 : 0, at)),
    )
    expect(cellsBetween(7, 7)).toEqual([])
  })

  it('stays in the cloth by keys', () => {
    expect(cellByKey('ArrowUp', cellAt(0, 3))).toBe(3)
    expect(cellByKey('ArrowDown', cellAt(ROWS - 1, 3))).toBe(cellAt(ROWS - 1, 3))
    expect(cellByKey('End', cellAt(1, 3))).toBe(cellAt(1, COLUMNS - 1))
    expect(cellByKey('ArrowRight', 0)).toBe(1)
    expect(cellByKey('x', 0)).toBeUndefined()
  })
})

describe('words about tabs', () => {
  it('say how many there are, and what each has done', () => {
    expect([tabsText(1), tabsText(2)]).toEqual(['tab, one thread', 'tabs, one thread'])
    const tab = { id: 1, dye: 2, came: new Date(2026, 0, 1, 9, 5, 7).getTime(), picks: 1 }
    expect(tabText(tab)).toBe('1 pick, here since 09:05:07')
    expect(tabText({ ...tab, picks: 1200, left: tab.came + 1000 })).toBe('left at 09:05:08, 1,200 picks stay')
    expect(cellText(cellAt(1, 2), 2)).toBe('Row 2, column 3: madder')
    expect(statusText(undefined)).toBe('Shared worker: starting')
  })
})
