import { describe, expect, it } from 'vitest'
import type { ContextStats, ThreadClient, ThreadContext } from 'bgthread/worker'
import { cellAt, type Cloth, COLUMNS, DYES, ROWS } from '../../playground/logic/cloth'
import Loom, { type TabHost } from '../../playground/logic/loom'
import { cellByKey, cellsBetween } from '../../playground/shared/shuttle'
import { cellText, statusText, tabsText, tabText } from '../../playground/shared/tabs-text'

/** A loom, and what it takes to come and to leave. */
function loomWithTabs() {
  const loom = new Loom()
  const here = new Set<number>()
  loom.onStart({ stats: () => ({ clients: here.size }) as ContextStats } as ThreadContext<TabHost>)
  const client = (id: number) => ({ id }) as ThreadClient
  const come = (...ids: number[]) => {
    for (const id of ids) {
      here.add(id)
      loom.onConnect(client(id))
    }
  }
  const go = (id: number) => {
    here.delete(id)
    loom.onDisconnect(client(id))
  }
  return { loom, come, go, cloth: (): Cloth => loom.watchCloth().get() }
}

describe('the loom', () => {
  it('gives each tab a dye that no other has, as long as there are any', () => {
    const { come, go, cloth } = loomWithTabs()
    come(1, 2, 3, 4, 5, 6)
    expect(cloth().tabs.map(({ dye }) => dye)).toEqual([1, 2, 3, 4, 5, 6])
    come(7)
    expect(cloth().tabs[6]).toMatchObject({ id: 7, dye: 1 })
    go(3)
    come(8)
    expect(cloth().tabs.find(({ id }) => id === 8)!.dye).toBe(3)
    expect(DYES).toHaveLength(6)
  })

  it('counts those that are here, and remembers the last four that have left', () => {
    const { come, go, cloth } = loomWithTabs()
    come(1, 2, 3, 4, 5, 6)
    for (const id of [2, 3, 4, 5, 6]) go(id)
    expect(cloth().clients).toBe(1)
    expect(cloth().tabs.map(({ id, left }) => [id, left !== undefined])).toEqual([
      [1, false],
      [6, true],
      [5, true],
      [4, true],
      [3, true],
    ])
    come(7)
    expect(cloth().tabs.map(({ id }) => id)).toEqual([1, 7, 6, 5, 4, 3])
  })

  it('dyes cells, and counts only those that were not so before', () => {
    const { loom, come, cloth } = loomWithTabs()
    come(1, 2)
    loom.weave(1, [cellAt(0, 0), cellAt(0, 1), cellAt(0, 1)], true)
    loom.weave(2, [cellAt(0, 1)], true)
    loom.weave(2, [cellAt(0, 1)], true)
    expect(cloth().rows[0]!.slice(0, 3)).toEqual([1, 2, 0])
    expect(cloth().tabs.map(({ picks }) => picks)).toEqual([2, 1])
    loom.weave(2, [cellAt(0, 0), cellAt(0, 1)], false)
    expect(cloth().rows[0]!.slice(0, 3)).toEqual([0, 0, 0])
  })

  it('leaves a row as it is in which nothing has changed, so that nothing of it crosses', () => {
    const { loom, come, cloth } = loomWithTabs()
    come(1)
    const { rows } = cloth()
    loom.weave(1, [cellAt(2, 0)], true)
    expect(cloth().rows.map((row, at) => row === rows[at])).toEqual(rows.map((_, at) => at !== 2))
  })

  it('knows no other cells and no other tabs', () => {
    const { loom, come } = loomWithTabs()
    come(1)
    for (const cell of [-1, 0.5, ROWS * COLUMNS])
      expect(() => loom.weave(1, [cell], true)).toThrow('The cloth has no cell')
    expect(() => loom.point(2, 0)).toThrow('There is no tab 2')
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
