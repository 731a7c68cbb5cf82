/** Pictures that a pool scales down, in a real browser. */
import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { complaintsOf, longestTask, type Site, startSite } from './site'

let site: Site
let page: Page
let complaints: string[]

beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site?.close())

async function openRoom(ui: 'svelte' | 'vue'): Promise<void> {
  page = await site.browser.newPage({ viewport: { width: 1440, height: 900 } })
  page.setDefaultTimeout(30_000)
  complaints = complaintsOf(page)
  await page.goto(`${site.url}#pictures/${ui}`)
  await page.getByText('Drop pictures here').waitFor()
}
afterEach(async () => {
  await page.close()
  expect(complaints).toEqual([])
})

const app = () => page.locator('.panel:visible')
const smalls = () => app().locator('.smalls canvas')
const lane = (name: string) => app().locator(`.lane[data-lane=${name}]`)
const ready = (name: string) => lane(name).getByRole('button', { name: 'Run' })
const time = async (name: string) => parseFloat(await lane(name).locator('.lane-time').innerText())

/** Scales all pictures down in one lane. */
async function run(name: string): Promise<void> {
  await ready(name).click()
  await lane(name)
    .getByText(/^[\d.]+ s$/)
    .waitFor({ timeout: 60_000 })
}

/** What the small pictures show, in their order. */
const shown = () => smalls().evaluateAll((all) => all.map((one) => (one as HTMLCanvasElement).toDataURL()))

/** A picture file of one colour. */
const fileOf = async (colour: string, width: number, height: number) => ({
  name: `${colour}.png`,
  mimeType: 'image/png',
  buffer: Buffer.from(
    await page.evaluate(
      ([colour, width, height]) => {
        const canvas = Object.assign(document.createElement('canvas'), { width, height })
        const context = canvas.getContext('2d')!
        context.fillStyle = colour
        context.fillRect(0, 0, width, height)
        return canvas.toDataURL().split(',')[1]!
      },
      [colour, width, height] as const,
    ),
    'base64',
  ),
})

describe.each(['svelte', 'vue'] as const)('the pictures, drawn by %s', (ui) => {
  beforeEach(() => openRoom(ui))

  it('are all scaled down, in their order, in the page, in one thread and in many', async () => {
    await app().getByText('Make 24 pictures').click()
    await app().locator('.race').waitFor()
    expect(await smalls().count()).toBe(0)
    await run('one')
    const inOne = await shown()
    expect(inOne).toHaveLength(24)
    expect(new Set(inOne).size).toBe(24)
    await run('many')
    expect(await shown()).toEqual(inOne)
    await run('page')
    expect(await shown()).toEqual(inOne)
    for (const name of ['page', 'one', 'many'])
      expect(await lane(name).locator('.lane-row i').count()).toBe(24)
    expect(await app().locator('.status').innerText()).toContain(
      '184 MB moved there and back, nothing copied',
    )
  })

  it('tell what several threads have gained, and of how many cores', async () => {
    const cores = await page.evaluate(() => navigator.hardwareConcurrency)
    const threads = Math.max(2, Math.min(8, cores - 1))
    await app().getByText('Make 24 pictures').click()
    await run('one')
    const gain = app().locator('.gain')
    expect(await gain.innerText()).toMatch(/^× \? with/)
    await run('many')
    const times = (await time('one')) / (await time('many'))
    const said = (await gain.innerText()).match(/^× (\d+\.\d) with (\d) threads/)!
    expect(Number(said[2])).toBe(threads)
    // Both times are rounded, and so is the gain.
    expect(Math.abs(Number(said[1]) - times)).toBeLessThan(0.1 + times * 0.02)
    expect(await gain.innerText()).toContain(`This machine says that it has ${cores} core`)
    expect(await lane('many').locator('.lane-row').count()).toBe(threads)
    expect(await lane('many').locator('.lane-row:has(i)').count()).toBeGreaterThan(1)
  })

  it('leave nothing of a run that is cancelled, and can all be run again', async () => {
    await app().getByText('Make 24 pictures').click()
    await ready('many').waitFor()
    await lane('many').evaluate((element) => {
      // As soon as the first is there: a fast machine has all of them in no time.
      const press = () => element.querySelector('button')!.click()
      const watch = new MutationObserver(() => {
        if (!document.querySelector('.smalls canvas')) return
        watch.disconnect()
        press()
      })
      watch.observe(document.body, { childList: true, subtree: true })
      press()
    })
    await app().getByText('Cancelled.').waitFor()
    await ready('many').waitFor()
    expect(await smalls().count()).toBe(0)
    expect(await lane('many').locator('.lane-row i').count()).toBe(0)
    expect(await lane('many').locator('.lane-time').innerText()).toBe('')
    await run('many')
    expect(await smalls().count()).toBe(24)
    expect(await lane('many').locator('.lane-row i').count()).toBe(24)
  })

  it('may be files, of any size', async () => {
    const files = [
      await fileOf('red', 64, 32),
      await fileOf('blue', 700, 900),
      await fileOf('lime', 2000, 10),
    ]
    await app().locator('input[type=file]:visible').setInputFiles(files)
    await run('many')
    const middles = await smalls().evaluateAll((all) =>
      all.map((one) => {
        const { width, height } = one as HTMLCanvasElement
        const [red, green, blue] = (one as HTMLCanvasElement)
          .getContext('2d')!
          .getImageData(width >> 1, height >> 1, 1, 1).data
        return `${width}x${height}: ${red} ${green} ${blue}`
      }),
    )
    expect(middles).toEqual(['192x96: 255 0 0', '192x247: 0 0 255', '192x1: 0 255 0'])
  })

  it('may be dropped', async () => {
    const { buffer } = await fileOf('red', 40, 40)
    const files = await page.evaluateHandle(
      (bytes) => {
        const transfer = new DataTransfer()
        transfer.items.add(new File([Uint8Array.from(bytes)], 'red.png', { type: 'image/png' }))
        return transfer
      },
      [...buffer],
    )
    await app().locator('.app').dispatchEvent('drop', { dataTransfer: files })
    await app().getByText('1 picture', { exact: true }).waitFor()
  })

  it('stay as they are where a file is no picture', async () => {
    await app()
      .locator('input[type=file]:visible')
      .setInputFiles([await fileOf('red', 64, 64)])
    await run('one')
    await app()
      .locator('input[type=file]:visible')
      .setInputFiles([
        await fileOf('blue', 64, 64),
        { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') },
      ])
    const fault = app().getByRole('alert')
    await fault.getByText('notes.txt could not be read').waitFor()
    expect(await smalls().count()).toBe(1)
    await fault.getByRole('button').click()
    await fault.waitFor({ state: 'detached' })
  })
})

describe('the pictures', () => {
  it('keep the UI thread longest where they are scaled down in the page', { timeout: 180_000 }, async () => {
    await openRoom('svelte')
    await app().getByText('Make 24 pictures').click()
    await ready('one').waitFor()
    const inThreads = await longestTask(page, () => run('many'))
    const inPage = await longestTask(page, () => run('page'))
    expect(inPage).toBeGreaterThan(inThreads * 2)
  })

  it('end their threads when one goes to another room', async () => {
    await openRoom('svelte')
    await app().getByText('Make 24 pictures').click()
    await ready('one').waitFor()
    expect(page.workers().length).toBeGreaterThan(1)
    await page.getByRole('link', { name: 'Tabs' }).click()
    await page.getByText(', this tab').waitFor()
    await expect.poll(() => page.workers().length).toBe(0)
    await page.getByRole('link', { name: 'Pictures' }).click()
    await page.getByText('Drop pictures here').waitFor()
  })

  it('are loaded when their room is opened, and not before', async () => {
    await openRoom('svelte')
    const loaded = () =>
      page.evaluate(() =>
        performance.getEntriesByType('resource').map(({ name }) => name.replace(/.*\//, '')),
      )
    const names = await loaded()
    expect(names.some((name) => name.startsWith('pictures-'))).toBe(true)
    expect(names.filter((name) => /^(table|tabs|app|loom)-/.test(name))).toEqual([])
  })
})
