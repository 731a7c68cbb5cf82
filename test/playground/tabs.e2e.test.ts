/** Several tabs on one cloth, in real tabs. */
import type { BrowserContext, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { complaintsOf, type Site, startSite } from './site'

let site: Site
let context: BrowserContext
let complaints: string[][]

beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site?.close())

beforeEach(async () => {
  context = await site.browser.newContext({ viewport: { width: 1440, height: 900 } })
  context.setDefaultTimeout(15_000)
  complaints = []
})
afterEach(async () => {
  await context.close()
  expect(complaints.flat()).toEqual([])
})

/** A tab at the loom, when it is there. */
async function openTab(ui: 'svelte' | 'vue' = 'svelte'): Promise<Page> {
  const page = await context.newPage()
  complaints.push(complaintsOf(page))
  await page.goto(`${site.url}#tabs/${ui}`)
  await page.getByText('Shared worker: ready').waitFor()
  await page.getByText(', this tab').waitFor()
  return page
}

const count = (page: Page) => page.locator('.panel:visible .tally').innerText()
const tabs = async (page: Page) =>
  (await page.locator('.panel:visible .tabs li p').allInnerTexts()).map((text) =>
    text.replace(/\s+/g, ' ').replace(/\d\d:\d\d:\d\d/, 'TIME'),
  )

/** The cells that are dyed, as `row,column:dye`. */
const dyed = (page: Page) =>
  page
    .locator('.panel:visible .cell:not([data-dye="0"])')
    .evaluateAll((cells) =>
      cells.map((cell) => `${cell.ariaLabel!.replace(/Row (\d+), column (\d+): /, '$1,$2:')}`),
    )

/** Draws a straight stroke from one cell to another. */
async function stroke(page: Page, from: [number, number], to: [number, number]): Promise<void> {
  const box = (await page.locator('.cloth:visible').boundingBox())!
  const move = ([row, column]: [number, number]) =>
    page.mouse.move(box.x + ((column - 0.5) * box.width) / 32, box.y + ((row - 0.5) * box.height) / 14)
  await move(from)
  await page.mouse.down()
  await move(to)
  await page.mouse.up()
}

describe.each(['svelte', 'vue'] as const)('the tabs, drawn by %s', (ui) => {
  it('weave on one cloth, and know of each other', async () => {
    const one = await openTab(ui)
    expect(await count(one)).toBe('1 tab, one thread')
    const two = await openTab(ui)
    await expect.poll(() => count(one)).toBe('2 tabs, one thread')
    expect(await count(two)).toBe('2 tabs, one thread')

    await stroke(one, [2, 3], [2, 6])
    await expect.poll(() => dyed(two)).toEqual(['2,3:indigo', '2,4:indigo', '2,5:indigo', '2,6:indigo'])
    await stroke(two, [2, 6], [2, 7])
    await expect
      .poll(() => dyed(one))
      .toEqual(['2,3:indigo', '2,4:indigo', '2,5:indigo', '2,6:madder', '2,7:madder'])
    expect(await tabs(one)).toEqual([
      'Indigo, this tab 4 picks, here since TIME',
      'Madder 2 picks, here since TIME',
    ])
    expect(await tabs(two)).toEqual([
      'Indigo 4 picks, here since TIME',
      'Madder, this tab 2 picks, here since TIME',
    ])
  })

  it('show where the pointers of the others are', async () => {
    const one = await openTab(ui)
    const two = await openTab(ui)
    await two.locator('.cloth:visible').hover({ position: { x: 5, y: 5 } })
    const pointer = one.locator('.pointer:visible')
    await pointer.getByText('Madder').waitFor()
    expect(await pointer.getAttribute('style')).toMatch(/--row: 0; --column: 0/)
    expect(await two.locator('.pointer:visible').count()).toBe(0)
    await two.mouse.move(0, 0)
    await pointer.waitFor({ state: 'detached' })
  })

  it('take out again what was woven, by the keyboard too', async () => {
    const one = await openTab(ui)
    const cloth = one.locator('.cloth:visible')
    await cloth.focus()
    for (const key of ['ArrowRight', 'ArrowDown', 'Space', 'ArrowRight', 'Enter'])
      await one.keyboard.press(key)
    await expect.poll(() => dyed(one)).toEqual(['2,2:indigo', '2,3:indigo'])
    await one.keyboard.press('Space')
    await expect.poll(() => dyed(one)).toEqual(['2,2:indigo'])
    await stroke(one, [2, 2], [2, 3])
    await expect.poll(() => dyed(one)).toEqual([])
    await stroke(one, [1, 1], [14, 32])
    await expect.poll(async () => (await dyed(one)).length).toBe(32)
    await one.getByRole('button', { name: 'Unpick all' }).click()
    await expect.poll(() => dyed(one)).toEqual([])
  })
})

describe('the tabs', () => {
  it('see one of them close, and keep what it has woven', async () => {
    const one = await openTab()
    const two = await openTab('vue')
    await stroke(two, [5, 5], [5, 5])
    await expect.poll(() => dyed(one)).toEqual(['5,5:madder'])
    await two.close()
    await expect.poll(() => count(one)).toBe('1 tab, one thread')
    expect(await tabs(one)).toEqual([
      'Indigo, this tab 0 picks, here since TIME',
      'Madder left at TIME, 1 pick stays',
    ])
    expect(await dyed(one)).toEqual(['5,5:madder'])
    // The dye is free again.
    const three = await openTab()
    expect((await tabs(three))[1]).toBe('Madder, this tab 0 picks, here since TIME')
    expect(await dyed(three)).toEqual(['5,5:madder'])
  })

  it('are opened by a button, drawn by the other UI', async () => {
    const one = await openTab()
    const [two] = await Promise.all([
      context.waitForEvent('page'),
      one.getByRole('link', { name: 'Open a second tab' }).click(),
    ])
    complaints.push(complaintsOf(two))
    await two.getByText(', this tab').waitFor()
    expect(await two.locator('.panel:visible').getAttribute('id')).toBe('vue')
    await expect.poll(() => count(one)).toBe('2 tabs, one thread')
    await one.getByRole('link', { name: 'Open another tab' }).waitFor()
  })

  it('are fewer when one goes to another room, and the cloth goes with the last', async () => {
    const one = await openTab()
    const two = await openTab()
    await stroke(two, [5, 5], [5, 5])
    await two.getByRole('link', { name: 'Table' }).click()
    await two.getByText('Drop a JSON or CSV file here').waitFor()
    await expect.poll(() => count(one)).toBe('1 tab, one thread')
    await one.getByRole('link', { name: 'Table' }).click()
    await one.getByText('Drop a JSON or CSV file here').waitFor()
    await one.goBack()
    await one.getByText(', this tab').waitFor()
    await expect.poll(() => tabs(one)).toEqual(['Indigo, this tab 0 picks, here since TIME'])
    expect(await dyed(one)).toEqual([])
  })

  it('are drawn by both UIs as one', async () => {
    const one = await openTab()
    await one.getByRole('radio', { name: 'Both' }).check()
    await one.locator('#vue').getByText(', this tab').waitFor()
    expect(await one.locator('#vue .tally').innerText()).toBe('1 tab, one thread')
    await one.locator('#svelte .cloth').focus()
    await one.keyboard.press('Space')
    await expect.poll(() => one.locator('#vue .cell[data-dye="1"]').count()).toBe(1)
  })

  it('have a cloth each where there are no shared workers', async () => {
    await context.addInitScript('delete window.SharedWorker')
    const page = await context.newPage()
    await page.goto(`${site.url}#tabs`)
    await page.getByText('each tab has a cloth of its own').waitFor()
    await page.getByText(', this tab').waitFor()
    await stroke(page, [5, 5], [5, 5])
    await expect.poll(() => dyed(page)).toEqual(['5,5:indigo'])
  })

  it('fit a narrow screen', async () => {
    const one = await openTab()
    await one.setViewportSize({ width: 390, height: 844 })
    const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth
    await expect.poll(() => one.evaluate(overflow)).toBe(0)
    const box = (await one.locator('.cloth:visible').boundingBox())!
    expect(box.x).toBeGreaterThan(0)
    expect(box.x + box.width).toBeLessThan(390)
  })
})
