/** What is left in a page and in its thread when all that was used has been let go of: nothing that grows. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { CDPSession, Page } from 'playwright'
import bgthread from 'bgthread/vite'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { watchHeaps, type HeapReader } from '../../bench/harness/heap.js'
import { buildApp, makeFolder, plainConfig, writeApp } from '../vite/support/app.js'
import { visit } from '../vite/support/browser.js'
import { serveFolder, type Site } from '../vite/support/serve.js'

/** kB that a heap may grow in ten rounds. */
const ALLOWED = 64
const ROUNDS = 10
const COUNT = 1_000

let site: Site
let page: Page
let cdp: CDPSession
let heaps: HeapReader

beforeAll(async () => {
  const source = (name: string) =>
    readFile(fileURLToPath(new URL(`./fixtures/${name}.ts`, import.meta.url)), 'utf8')
  const root = await writeApp({
    'main.ts': 'import "./leaks"',
    'leaks.ts': await source('leaks'),
    'counter.ts': await source('counter'),
  })
  const outDir = await makeFolder('dist')
  await buildApp({ ...plainConfig(root), plugins: [bgthread()], build: { outDir, emptyOutDir: true } })
  site = await serveFolder(outDir, '/')
})
afterAll(async () => {
  await site.close()
})

beforeEach(async () => {
  ;({ page } = await visit('about:blank'))
  cdp = await page.context().newCDPSession(page)
  heaps = await watchHeaps(cdp)
  await page.goto(site.url)
  // What is compiled and cached on the first occasions is in the heap, too.
  for (let i = 0; i < 5; i++) await use()
})

const use = () => page.evaluate((count) => window.leaks.use(count), COUNT)

/** How much both heaps grow over ten rounds, in kB. */
async function growth(afterRound?: () => Promise<void>) {
  await page.evaluate(() => window.leaks.forget())
  const before = await heaps.read()
  for (let i = 0; i < ROUNDS; i++) {
    await use()
    await page.evaluate(() => window.leaks.forget())
    await afterRound?.()
  }
  const after = await heaps.read()
  return { page: after.page - before.page, thread: after.thread - before.thread }
}

/** Looks until garbage is gone: what finalizers free takes another collection. */
async function countAlive(): Promise<number> {
  let alive = NaN
  for (let i = 0; i < 10 && alive !== 0; i++) {
    await cdp.send('HeapProfiler.collectGarbage')
    alive = await page.evaluate(() => window.leaks.alive())
  }
  return alive
}

it('ten rounds of 1,000 subscriptions and 1,000 calls leave at most 64 kB in either heap', async () => {
  const { page: ofPage, thread } = await growth()
  console.log(`growth: page ${ofPage.toFixed(1)} kB, thread ${thread.toFixed(1)} kB`)
  expect(ofPage).toBeLessThan(ALLOWED)
  expect(thread).toBeLessThan(ALLOWED)
  const { pendingCalls, subscriptions, callbacks, signals } = await page.evaluate(() => window.leaks.stats())
  expect([pendingCalls, subscriptions, callbacks, signals]).toEqual([0, 0, 0, 0])
})

it.each(['page', 'thread'] as const)('a leak of 10 kB a round in the %s is seen', async (where) => {
  const grown = await growth(() => page.evaluate((where) => window.leaks.leak(10, where), where))
  expect(grown[where]).toBeGreaterThan(ALLOWED)
})

/** Streams of one action that the page keeps for the next reader, although nobody holds them. */
const KEPT = 64

it('of 1,000 subscriptions that were left no reader is alive, and of their streams those that are kept', async () => {
  await page.evaluate(() => window.leaks.forget())
  await use()
  expect(await page.evaluate(() => window.leaks.watched())).toBe(2 * COUNT)
  expect(await countAlive()).toBeLessThanOrEqual(KEPT)
})

it('of 100 whole threads nothing is alive, and no lock is held but that of the page itself', async () => {
  await page.evaluate(() => window.leaks.forget())
  await page.evaluate(() => window.leaks.useThreads(100))
  expect(await countAlive()).toBe(0)
  // Its thread holds one and waits for it a second time, and the page waits for it.
  await expect.poll(() => page.evaluate(() => window.leaks.locks())).toBe(3)
})

it('what a careless page keeps is seen alive', async () => {
  await page.evaluate(() => window.leaks.forget())
  await page.evaluate(() => window.leaks.plant())
  await use()
  expect(await countAlive()).toBe(2 * COUNT)
})
