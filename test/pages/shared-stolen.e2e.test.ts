/** A thread that tabs share, and a script of one of them that steals every lock of the origin. By either way. */
import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { AGAIN, add, born, clients, describeBoard, events, opener, seen, SOON, status } from './board.js'

/** @param times one right after the other @returns once nothing that is free is doubted any more */
const steal = (page: Page, times = 1) =>
  page.evaluate(async (times) => {
    for (let i = 0; i < times; i++) {
      const { held = [] } = await navigator.locks.query()
      const names = new Set(held.map(({ name = '' }) => name))
      await Promise.all([...names].map((name) => navigator.locks.request(name, { steal: true }, () => {})))
    }
    await new Promise((resolve) => setTimeout(resolve, 500))
  }, times)

describeBoard('a shared thread whose locks are stolen', (tabs) => {
  const open = opener(tabs)

  test.each(['', '?hurry'])('goes on with all its tabs: %s', async (query) => {
    const pages = [await open(query), await open(query), await open(query)]
    const [one, two, three] = pages as [Page, Page, Page]
    const before = await born(one)
    await steal(two)
    for (const page of pages) expect(await status(page)).toEqual({ state: 'ready', epoch: 1 })
    expect(await Promise.all(pages.map(born))).toEqual([before, before, before])
    expect((await events(one)).filter((event) => event.startsWith('-'))).toEqual([])
    // A tab that comes, and one that goes, are noticed as ever.
    const next = await open(query)
    expect(await born(next)).toBe(before)
    await three.close()
    await expect.poll(() => clients(two), AGAIN).toBe(3)
    await add(next)
    await expect.poll(() => seen(two), SOON).toBe(1)
  })

  test('again and again is one for all tabs in the end', async () => {
    const pages = [await open(), await open()]
    const [one, two] = pages as [Page, Page]
    await steal(two, 3)
    for (const page of pages) await expect.poll(async () => (await status(page))?.state, AGAIN).toBe('ready')
    await expect.poll(async () => new Set(await Promise.all(pages.map(born))).size, AGAIN).toBe(1)
    await expect.poll(() => clients(one), AGAIN).toBe(2)
  })
})
