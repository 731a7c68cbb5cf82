import type { Locator, Page } from 'playwright'
import { createServer, type ViteDevServer } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { complaintsOf, longestTask, root, type Site, somePort, startSite } from './site'

let site: Site
let page: Page
let complaints: string[]

beforeAll(async () => {
  site = await startSite()
})

afterAll(() => site?.close())

async function openPage(url: string, viewport = { width: 1440, height: 900 }): Promise<void> {
  page = await site.browser.newPage({ viewport })
  page.setDefaultTimeout(15_000)
  complaints = complaintsOf(page)
  await page.goto(url)
}

const built = () => site.url
const panel = (ui: 'svelte' | 'vue') => page.locator(`#${ui}`)
const choose = (name: string) => page.getByRole('radio', { name, exact: true }).check()

/** The app that is shown. */
const app = () => page.locator('.panel:visible')

/** The titles of the rows drawn, from above. */
async function titles(within: Locator = app()): Promise<string[]> {
  const drawn = await within
    .locator('.lines > .line:not(.gap)')
    .evaluateAll((lines) =>
      lines
        .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
        .map((line) => line.querySelector('.title')!.textContent!.trim()),
    )
  return drawn
}
const shows = (expected: string[], within?: Locator) => expect.poll(() => titles(within)).toEqual(expected)

const csv = 'title;hours;done\nMend the gate;2;no\nOil the loom;10;yes\n"Paint; the gate";1,5;no\n'
const json = JSON.stringify(
  [
    { task: 'Böden schrubben', tags: ['a'], done: true },
    { task: 'Zelt nähen', due: '2027-01-02', done: false },
  ],
  null,
  2,
)

async function openFile(name: string, text: string) {
  const input = app().locator('input[type=file]:visible').first()
  await input.setInputFiles({ name, mimeType: '', buffer: Buffer.from(text) })
}

describe.each(['svelte', 'vue'] as const)('the built playground, drawn by %s', (ui) => {
  beforeEach(async () => {
    await openPage(built())
    await choose(ui === 'svelte' ? 'Svelte' : 'Vue')
  })
  afterEach(async () => {
    await page.close()
    expect(complaints).toEqual([])
  })

  it('opens a CSV file, then a JSON file in its place', async () => {
    await openFile('list.csv', csv)
    await shows(['Mend the gate', 'Oil the loom', 'Paint; the gate'])
    expect(await app().getByRole('columnheader').allInnerTexts()).toEqual([
      'Done',
      'title',
      'hours',
      'Change',
    ])
    expect(await app().getByRole('checkbox', { name: 'Done: Oil the loom' }).isChecked()).toBe(true)

    await openFile('liste.json', json)
    await shows(['Böden schrubben', 'Zelt nähen'])
    expect(await panel(ui).locator('.status').innerText()).toContain('liste.json')
  })

  it('opens a file that is dropped on it', async () => {
    const files = await page.evaluateHandle((text) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([text], 'dropped.csv'))
      return transfer
    }, csv)
    await panel(ui).locator('.app').dispatchEvent('drop', { dataTransfer: files })
    await shows(['Mend the gate', 'Oil the loom', 'Paint; the gate'])
  })

  it('filters while one types, by words and by what is done', async () => {
    await openFile('list.csv', csv)
    await app().getByLabel('Search').pressSequentially('GATE')
    await shows(['Mend the gate', 'Paint; the gate'])
    await expect.poll(() => panel(ui).locator('.title mark').allInnerTexts()).toEqual(['gate', 'gate'])
    await app().getByLabel('Search').fill('nothing like it')
    await app().getByText('No row contains').waitFor()
    await app().getByLabel('Search').fill('')
    await app().getByRole('radio', { name: 'Done 1' }).check()
    await shows(['Oil the loom'])
  })

  it('sorts by a column, upwards, downwards and not at all', async () => {
    await openFile('list.csv', csv.replace('1,5', '1.5'))
    const hours = app().getByRole('button', { name: 'hours' })
    await hours.click()
    await shows(['Paint; the gate', 'Mend the gate', 'Oil the loom'])
    await hours.click()
    await shows(['Oil the loom', 'Mend the gate', 'Paint; the gate'])
    expect(await app().getByRole('columnheader', { name: 'hours' }).getAttribute('aria-sort')).toBe(
      'descending',
    )
    await hours.click()
    await shows(['Mend the gate', 'Oil the loom', 'Paint; the gate'])
  })

  it('says where a bad file is wrong, and keeps the list', async () => {
    await openFile('list.csv', csv)
    await shows(['Mend the gate', 'Oil the loom', 'Paint; the gate'])
    await openFile('bad.json', '[\n  { "a": 1 },\n  { "a": }\n]')
    const fault = app().getByRole('alert')
    await expect.poll(() => fault.innerText()).toMatch(/bad\.json could not be read/)
    expect(await fault.innerText()).toMatch(/A value is missing before \}[^]*Line 3[^]*Column 10/)
    expect(await fault.locator('mark').innerText()).toBe('}')
    expect(await titles()).toHaveLength(3)
    await fault.getByRole('button').click()
    await fault.waitFor({ state: 'detached' })
  })

  it('cancels an import, and keeps the list', async () => {
    await openFile('list.csv', csv)
    await app().getByText('Make 50 MB').click()
    await expect.poll(() => app().locator('.import').innerText()).toMatch(/ [1-9]\d* %/)
    await app().getByRole('button', { name: 'Cancel' }).click()
    await app().getByText('Cancelled.').waitFor()
    await app().locator('.import').waitFor({ state: 'detached' })
    await app().getByLabel('Search').fill('loom')
    await shows(['Oil the loom'])
  })

  it('adds, ticks, renames and removes rows, by the keyboard alone', async () => {
    await openFile('list.csv', csv)
    await app().getByLabel('New to-do').fill('Wind the warp')
    await page.keyboard.press('Enter')
    await shows(['Wind the warp', 'Mend the gate', 'Oil the loom', 'Paint; the gate'])

    await app().getByRole('grid').focus()
    for (const key of ['ArrowDown', 'ArrowDown', 'Space']) await page.keyboard.press(key)
    await expect.poll(() => app().getByRole('checkbox', { name: 'Mend the gate' }).isChecked()).toBe(true)

    await page.keyboard.press('Enter')
    await app().getByLabel('Title').fill('Mend the fence')
    await page.keyboard.press('Enter')
    await shows(['Wind the warp', 'Mend the fence', 'Oil the loom', 'Paint; the gate'])

    await page.keyboard.press('Home')
    await page.keyboard.press('Delete')
    await shows(['Mend the fence', 'Oil the loom', 'Paint; the gate'])
  })

  it('draws a screenful of a list of 300,000 rows, to its very end', { timeout: 120_000 }, async () => {
    await app().getByText('Make one of 50 MB').click()
    await app().getByRole('grid').waitFor({ timeout: 90_000 })
    const total = Number(
      (await panel(ui).locator('.status').innerText()).match(/([\d,]+) rows/)![1]!.replaceAll(',', ''),
    )
    expect(total).toBeGreaterThan(300_000)
    expect(await app().locator('.line').count()).toBeLessThan(60)
    await app().getByRole('grid').focus()
    await page.keyboard.press('End')
    const last = app().locator(`.line[aria-rowindex="${total + 1}"]:not(.gap)`)
    await expect.poll(() => last.getAttribute('aria-selected')).toBe('true')
    expect(await app().locator('.line').count()).toBeLessThan(60)
  })
})

describe('the built playground', () => {
  afterEach(async () => {
    await page.close()
    expect(complaints).toEqual([])
  })

  it('shows in one UI what was done in the other', async () => {
    await openPage(built())
    await openFile('list.csv', csv)
    await app().getByRole('checkbox', { name: 'Mend the gate' }).check()
    await choose('Vue')
    await expect
      .poll(() => panel('vue').getByRole('checkbox', { name: 'Mend the gate' }).isChecked())
      .toBe(true)

    await choose('Both')
    await panel('vue').getByRole('checkbox', { name: 'Paint; the gate' }).check()
    await expect
      .poll(() => panel('svelte').getByRole('checkbox', { name: 'Paint; the gate' }).isChecked())
      .toBe(true)
    await panel('svelte').getByLabel('Search').fill('oil')
    await shows(['Oil the loom'], panel('vue'))
    expect(await panel('vue').getByLabel('Search').inputValue()).toBe('oil')
  })

  it('runs the same logic in a thread or in the page, and opens the file there too', async () => {
    await openPage(built())
    await expect.poll(() => page.workers().length).toBe(1)
    await openFile('list.csv', csv)
    await app().getByRole('checkbox', { name: 'Mend the gate' }).check()
    await choose('this page')
    await shows(['Mend the gate', 'Oil the loom', 'Paint; the gate'])
    // A list of its own: the tick was made in the thread.
    expect(await app().getByRole('checkbox', { name: 'Mend the gate' }).isChecked()).toBe(false)
    await app().getByLabel('Search').fill('loom')
    await shows(['Oil the loom'])
    await choose('a thread')
    await shows(['Mend the gate', 'Oil the loom', 'Paint; the gate'])
    expect(await app().getByRole('checkbox', { name: 'Mend the gate' }).isChecked()).toBe(true)
  })

  it('works longest on the UI thread where the logic runs in the page', { timeout: 180_000 }, async () => {
    await openPage(built())
    const inThread = await longestTask(page, async () => {
      await app().getByText('Make one of 50 MB').click()
      await searchAndSort()
    })
    const inPage = await longestTask(page, async () => {
      await choose('this page')
      await searchAndSort()
    })
    expect(inPage).toBeGreaterThan(100)
    expect(inThread).toBeLessThan(inPage / 2)
    const figure = async (id: string) => parseInt((await page.locator(id).innerText()).replace(',', ''))
    await expect.poll(() => figure('#longest-page')).toBeGreaterThan(100)

    async function searchAndSort() {
      await app()
        .getByText(/^3\d\d,\d\d\d rows$/)
        .waitFor({ timeout: 90_000 })
      await app().getByRole('button', { name: 'title' }).click()
      await app().locator('[aria-sort=ascending]').waitFor()
      await app().getByLabel('Search').fill('gate')
      await app()
        .getByText(/ of 3\d\d,\d\d\d rows$/)
        .waitFor()
    }
  })

  it('fits a narrow screen', async () => {
    await openPage(built(), { width: 390, height: 844 })
    await app().getByText('5,000 rows').click()
    await expect.poll(async () => (await titles()).length).toBeGreaterThan(5)
    const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth
    expect(await page.evaluate(overflow)).toBe(0)
    expect(
      await app()
        .locator('.grid')
        .evaluate((grid) => grid.scrollWidth - grid.clientWidth),
    ).toBe(0)
    await app().getByLabel('Sort by').selectOption({ label: 'cost' })
    const costs = () => app().locator('.others > :last-child').allInnerTexts()
    await expect.poll(async () => (await costs())[0]).toMatch(/^cost 0/)
  })

  it('is light or dark as the system says, until one chooses', async () => {
    await openPage(built())
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const light = await background()
    await page.emulateMedia({ colorScheme: 'dark' })
    const dark = await background()
    expect(dark).not.toBe(light)
    await page.getByRole('button', { name: 'Use light colours' }).click()
    expect(await background()).toBe(light)
    await page.reload()
    expect(await background()).toBe(light)
  })

  it('serves the README', async () => {
    await openPage(built())
    const href = await page.getByRole('link', { name: 'Read me' }).getAttribute('href')
    const answer = await page.request.get(new URL(href!, built()).href)
    expect(answer.status()).toBe(200)
    expect(answer.headers()['content-type']).toMatch(/^text\/plain/)
  })
})

describe('the playground in development', () => {
  let dev: ViteDevServer

  beforeEach(async () => {
    dev = await createServer({ root, server: { port: somePort() }, logLevel: 'warn' })
    await dev.listen()
    await openPage(dev.resolvedUrls!.local[0]!)
    await openFile('list.csv', csv)
    // A server that has just begun takes its time to make a worker.
    await app().locator('.lines > .line:not(.gap)').first().waitFor()
  })
  afterEach(async () => {
    await page.close()
    await dev.close()
    expect(complaints).toEqual([])
  })

  it('works in both UIs', async () => {
    await shows(['Mend the gate', 'Oil the loom', 'Paint; the gate'])
    await choose('Both')
    await panel('svelte').getByLabel('Search').fill('oil')
    await shows(['Oil the loom'], panel('vue'))
  })

  it('has the other rooms, and the list is there when one comes back', async () => {
    await page.getByRole('link', { name: 'Tabs' }).click()
    await app().getByText(', this tab').waitFor()
    await app().locator('.cloth').click()
    await app().locator('.cell[data-dye="1"]').waitFor()
    await page.getByRole('link', { name: 'Pictures' }).click()
    await app().getByText('Make 24 pictures').click()
    await app().getByRole('button', { name: 'Run: In 1 thread' }).click()
    await expect.poll(() => app().locator('.smalls canvas').count(), { timeout: 60_000 }).toBe(24)
    await page.getByRole('link', { name: 'Table' }).click()
    await shows(['Mend the gate', 'Oil the loom', 'Paint; the gate'])
  })
})
