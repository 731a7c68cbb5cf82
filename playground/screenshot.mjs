// Takes docs/playground.png, by hand: node playground/screenshot.mjs (BGTHREAD_CHROMIUM says which browser).
// The picture tells the story: 50 MB read in the page tears its frames, read in a thread it does not.
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright'
import { build, preview } from 'vite'

const root = fileURLToPath(new URL('.', import.meta.url))
const picture = fileURLToPath(new URL('../docs/playground.png', import.meta.url))

await build({ root, logLevel: 'warn' })
const server = await preview({ root, preview: { port: 20_000 + Math.floor(Math.random() * 40_000) } })
const browser = await chromium.launch({
  executablePath: process.env['BGTHREAD_CHROMIUM'] || '/usr/bin/chromium',
  args: ['--no-sandbox'],
})
const page = await browser.newPage({ viewport: { width: 1440, height: 860 } })
await page.goto(server.resolvedUrls?.local[0] ?? '')

const choose = (/** @type {string} */ name) => page.getByRole('radio', { name, exact: true }).check()
const whole = page.getByText(/^3\d\d,\d\d\d rows$/)

await page.waitForTimeout(1500)
await page.getByText('Make one of 50 MB').click()
await whole.waitFor({ timeout: 60_000 })
await choose('this page')
await whole.waitFor({ timeout: 60_000 })
await choose('a thread')
await page.getByLabel('Search').pressSequentially('kyoto gate', { delay: 80 })
await page.getByRole('button', { name: 'due' }).click()
await page.locator('[aria-sort=ascending]').waitFor()
for (const tick of [1, 2, 4]) await page.getByRole('checkbox').nth(tick).check()
await page.getByRole('heading', { level: 1 }).hover()
await page.waitForTimeout(1200)
await page.screenshot({ path: picture })

await browser.close()
await server.close()
console.log(picture)
