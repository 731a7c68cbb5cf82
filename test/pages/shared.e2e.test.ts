/** A thread that tabs share, in real tabs that come, go, crash, reload, hang and are kept. All of it by either way. */
import type { BrowserContext, Page } from 'playwright'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Thread } from 'bgthread'
import { crash, serveForAll } from './site.js'

/** What the logic is for its tabs. */
interface Board {
  add(): number
  watch(): AsyncIterable<number>
  clients(): number
  events(): string[]
  born(): string
  never(): Promise<void>
  hang(): void
}

declare global {
  interface Window {
    thread: Thread<Board>
    /** All that the store of the count has had. */
    seen: number[]
    stream: string
    failed: unknown[]
    began: number
    shown: boolean[]
  }
}

const logic = `
import { state } from 'bgthread/worker'
const born = self.name + ' ' + Math.random().toString(36)
export default class {
  #count = state(0)
  #events = []
  constructor(fails) {
    if (fails) throw new Error('it was told to fail')
    if (self.name === 'hangs') for (;;);
  }
  async onStart(context) {
    this.context = context
    if (self.name === 'gated') await navigator.locks.request('gate', () => {})
  }
  onConnect({ id }) { this.#events.push('+' + id) }
  onDisconnect({ id }) { this.#events.push('-' + id) }
  onStop() { const channel = new BroadcastChannel('stopped'); channel.postMessage(born); channel.close() }
  add() { this.#count.update((count) => count + 1); return this.#count.get() }
  watch() { return this.#count }
  clients() { return this.context.stats().clients }
  events() { return this.#events }
  born() { return born }
  never() { return new Promise(() => {}) }
  hang() { for (;;); }
}`

const main = `
import { bgThread } from 'bgthread'
const how = new URLSearchParams(location.search)
const name = how.get('name') ?? 'board'
window.shown = []
addEventListener('pageshow', ({ persisted }) => window.shown.push(persisted))
window.began = performance.now()
window.thread = bgThread(() => import('./logic'), {
  name, shared: true, args: [how.has('fails')],
  startTimeout: how.has('hurry') ? 1000 : 10_000,
  onHang: how.has('hurry') ? 'restart' : 'report',
  heartbeat: { interval: 100, limit: 5 },
})
window.seen = []
window.failed = []
window.thread.proxy.watch().subscribe({ next: (count) => window.seen.push(count), status: (status) => (window.stream = status), error() {} })
if (how.has('waits')) window.thread.proxy.never().catch((error) => window.failed.push(error.name))
`

/** How often: all of it takes too long for every day. */
const LONG = Boolean(process.env['VITE_LONG'])
const CYCLES = LONG ? 50 : 5
const CRASHES = LONG ? 20 : 2
/** A client is gone, and a store is current, within this. */
const SOON = { timeout: 500, interval: 10 }
/** The worker is gone with its tab, and there is another. */
const AGAIN = { timeout: 2_000, interval: 20 }

const site = serveForAll({ 'main.ts': main, 'logic.ts': logic })
let context: BrowserContext
afterEach(() => context.close())

/** The two ways to share a thread, and what a browser is without to take it. */
const WAYS = [
  { way: 'by a shared worker', without: [] },
  { way: 'by a worker of an elected tab', without: ['SharedWorker'] },
]

/** @param without what the pages do not have */
async function newContext(without: readonly string[]): Promise<void> {
  context = await site.browser.newContext()
  await context.addInitScript((names) => {
    for (const name of names) Reflect.deleteProperty(window, name)
  }, without)
}

/** A tab whose thread is ready. */
async function open(query = '', ready = true): Promise<Page> {
  const page = await context.newPage()
  await page.goto(site.url + query)
  if (ready) await isReady(page)
  return page
}

const isReady = (page: Page) => page.evaluate(() => window.thread.ready)
const add = (page: Page) => page.evaluate(() => window.thread.proxy.add())
const born = (page: Page) => page.evaluate(() => window.thread.proxy.born())
const clients = (page: Page) => page.evaluate(() => window.thread.proxy.clients())
const events = (page: Page) => page.evaluate(() => window.thread.proxy.events())
const status = (page: Page) => page.evaluate(() => window.thread.status.get())
const seen = (page: Page) => page.evaluate(() => window.seen.at(-1))
const stream = (page: Page) => page.evaluate(() => window.stream)

describe.each(WAYS)('a thread that tabs share $way', ({ without }) => {
  const isElected = without.length > 0
  beforeEach(() => newContext(without))

  describe('in tabs', { timeout: LONG ? 300_000 : 60_000 }, () => {
    test('has one state for all: a write in one shows in the stores of all', async () => {
      const [one, two, three] = [await open(), await open(), await open()]
      expect(await add(one)).toBe(1)
      expect(await add(two)).toBe(2)
      for (const page of [one, two, three]) await expect.poll(() => seen(page), SOON).toBe(2)
      expect(await clients(three)).toBe(3)
      expect(await events(three)).toEqual(['+1', '+2', '+3'])
    })

    test(`knows its clients exactly while tabs are closed, crash and reload, ${CYCLES} times`, async () => {
      const one = await open()
      const expected = ['+1']
      let last = 1
      const isExact = (count: number) =>
        expect.poll(async () => [await clients(one), await events(one)], SOON).toEqual([count, expected])
      for (let cycle = 0; cycle < CYCLES; cycle++) {
        const [closes, crashes, reloads] = [await open(), await open(), await open()]
        const [a, b, c] = [++last, ++last, ++last]
        expected.push(`+${a}`, `+${b}`, `+${c}`)
        await isExact(4)
        await closes.close()
        expected.push(`-${a}`)
        await isExact(3)
        await crash(crashes)
        expected.push(`-${b}`)
        await isExact(2)
        await reloads.reload()
        await isReady(reloads)
        await expect
          .poll(async () => (await events(one)).slice(expected.length).sort(), SOON)
          .toEqual([`+${++last}`, `-${c}`])
        expected.push(...(await events(one)).slice(expected.length))
        await isExact(2)
        await reloads.close()
        expected.push(`-${last}`)
        await isExact(1)
        await crashes.close()
      }
    })

    test(`starts anew for all others when the tab that holds it crashes, ${CRASHES} times`, async () => {
      for (let time = 0; time < CRASHES; time++) {
        // The worker lives in the process of the tab that came first.
        const [host, ...others] = [await open(), await open('?waits'), await open('?waits')] as const
        const former = await born(host)
        await add(host)
        for (const page of others) await expect.poll(() => seen(page), SOON).toBe(1)
        const stores = await Promise.all(others.map(watchStore))
        await crash(host)
        const isCurrent = async (page: Page) => (await seen(page)) === 0 && (await stream(page)) === 'live'
        await expect
          .poll(async () => (await Promise.all(others.map(isCurrent))).every(Boolean), AGAIN)
          .toBe(true)
        const [a, b] = await Promise.all(others.map(born))
        expect(a).toBe(b)
        expect(a).not.toBe(former)
        for (const store of stores)
          expect(await store.jsonValue()).toEqual([
            ['stale', 1],
            ['live', 0],
          ])
        for (const page of others) {
          expect(await page.evaluate(() => window.failed)).toEqual(['ThreadDiedError'])
          expect(await status(page)).toMatchObject({ state: 'ready', epoch: 2 })
          expect(await clients(page)).toBe(2)
        }
        for (const page of [host, ...others]) await page.close()
      }
    })

    test('starts anew for the others where the tab that holds it crashes before it is ready', async () => {
      const gate = await context.newPage()
      await gate.goto(`${site.url}other.html`)
      const opens = await gate.evaluateHandle(() => {
        let open: (() => void) | undefined
        const closed = new Promise<void>((done) => (open = done))
        return navigator.locks
          .query()
          .then(() => void navigator.locks.request('gate', () => closed))
          .then(() => ({ open: () => open?.() }))
      })
      const host = await open('?name=gated', false)
      const other = await open('?name=gated', false)
      // It has said that it is there, and waits.
      await expect.poll(() => other.evaluate(() => window.thread.stats().sent), AGAIN).toBeGreaterThan(0)
      await crash(host)
      await opens.evaluate((gate) => gate.open())
      await expect.poll(async () => (await status(other))?.state, AGAIN).toBe('ready')
      expect(await clients(other)).toBe(1)
    })

    test('is left alone by a tab that closes its thread; with the last one it stops and ends', async () => {
      const [one, two, watcher] = [await open(), await open(), await context.newPage()]
      await watcher.goto(`${site.url}other.html`)
      await watcher.evaluate(() => {
        const channel = new BroadcastChannel('stopped')
        window.failed = []
        channel.onmessage = ({ data }) => window.failed.push(data)
      })
      const stopped = () => watcher.evaluate(() => window.failed)
      await add(one)
      await one.evaluate(() => window.thread.close())
      expect(await status(one)).toMatchObject({ state: 'closed' })
      await expect.poll(() => events(two), SOON).toEqual(['+1', '+2', '-1'])
      expect(await add(two)).toBe(2)
      expect(await stopped()).toEqual([])

      const former = await born(two)
      await two.evaluate(() => window.thread.close())
      await expect.poll(stopped, SOON).toEqual([former])
      // Both pages are still there, and held the worker if anything did.
      const three = await open()
      expect(await born(three)).not.toBe(former)
      expect(await add(three)).toBe(1)
      await three.evaluate(() => window.thread.terminate())
      expect(await add(await open())).toBe(1)
    })

    test('does not trap a tab that comes while it ends', async () => {
      const one = await open()
      for (let time = 0; time < CYCLES; time++) {
        // An elected one takes the worker along: then the other is on its way to the next.
        if (isElected) await expect.poll(() => born(one).then(() => 'ready', String), AGAIN).toBe('ready')
        const former = await born(one)
        const coming = await context.newPage()
        await coming.goto(`${site.url}other.html`)
        // The one leaves, and both come at once.
        await Promise.all([
          one.evaluate(() => void window.thread.close().then(() => location.reload())).catch(() => {}),
          coming.goto(site.url),
        ])
        await one.waitForFunction(() => window.thread?.status.get()?.state === 'ready')
        await isReady(coming)
        const both = () => Promise.all([one, coming].map(born))
        if (isElected) await expect.poll(() => both().then(([a, b]) => a === b, String), AGAIN).toBe(true)
        const [a, b] = await both()
        expect(a).toBe(b)
        if (a !== former) expect(await clients(one)).toBe(2)
        await coming.close()
      }
    })

    test('is fresh for the next tab where it could not start', async () => {
      const fails = await open('?fails', false)
      await expect.poll(async () => (await status(fails))?.state, SOON).toBe('failed')
      expect(await fails.evaluate(() => window.thread.ready.catch(String))).toMatch(
        /ThreadStartError.*told to fail/,
      )
      const next = await open()
      expect(await status(next)).toEqual({ state: 'ready', epoch: 1 })
      // Whoever has failed may try again, and meets the others.
      await fails.evaluate(() => window.thread.restart())
      expect(await born(fails)).toBe(await born(next))
      expect(await clients(next)).toBe(2)
    })

    test('says what is missing where there is neither way', async () => {
      await context.addInitScript(() => {
        Reflect.deleteProperty(window, 'SharedWorker')
        Reflect.deleteProperty(Navigator.prototype, 'locks')
      })
      const page = await open('', false)
      const failure = await page.evaluate(() => window.thread.ready.catch(String))
      expect(failure).toMatch(
        /ThreadStartError: thread 'board' could not start: SharedWorker .*option fallback/,
      )
    })

    if (isElected)
      test('is left by the tab that has the worker before that tab is frozen, and found again after', async () => {
        const [host, other] = [await open('?waits'), await open()]
        const former = await born(other)
        await add(other)
        // A headless browser freezes no tab: its event is told by hand.
        const tell = (type: string) =>
          host.evaluate((type) => void document.dispatchEvent(new Event(type)), type)
        await tell('freeze')
        await expect.poll(() => seen(other), AGAIN).toBe(0)
        await expect.poll(() => born(other).catch(String), AGAIN).not.toBe(former)
        await expect.poll(() => clients(other), SOON).toBe(1)
        await tell('resume')
        await expect.poll(() => status(host), AGAIN).toMatchObject({ state: 'ready', epoch: 2 })
        expect(await born(host)).toBe(await born(other))
        expect(await host.evaluate(() => window.failed)).toEqual(['ThreadDiedError'])
      })

    test('is not restarted by one of its tabs', async () => {
      const one = await open()
      const refused = one.evaluate(() =>
        window.thread.restart().catch((error: Error & { code: string }) => [error.code, error.message]),
      )
      expect(await refused).toEqual([
        'SHARED',
        expect.stringContaining(`thread 'board' is shared with other tabs`),
      ])
      expect(await add(one)).toBe(1)
    })
  })

  describe('a shared thread that hangs', () => {
    const inOne = async (pages: Page[]) => {
      for (const page of pages)
        await expect.poll(async () => (await status(page))?.state, { timeout: 10_000 }).toBe('ready')
      const all = await Promise.all(pages.map(born))
      expect(new Set(all).size).toBe(1)
      expect(await clients(pages[0] as Page)).toBe(pages.length)
    }

    test('at its start is left by the tabs that came, and they meet under another name', async () => {
      const pages = await Promise.all([open('?hurry&name=hangs', false), open('?hurry&name=hangs', false)])
      await inOne(pages)
      // The next goes there at once.
      const next = await open('?hurry&name=hangs')
      expect(await status(next)).toEqual({ state: 'ready', epoch: 1 })
      await inOne([...pages, next])
    })

    test('later is left by all as soon as one has noticed, also by those that waited for nothing', async () => {
      const pages = [await open('?hurry'), await open('?hurry'), await open('?hurry')]
      const [one, two] = pages as [Page, Page]
      const former = await born(one)
      await add(two)
      const failure = one.evaluate(() => {
        window.thread.proxy.hang()
        return window.thread.proxy.never().catch((error: Error) => error.name)
      })
      expect(await failure).toBe('ThreadHungError')
      await inOne(pages)
      expect(await born(two)).not.toBe(former)
      for (const page of pages) await expect.poll(() => seen(page), SOON).toBe(0)
    })

    test('is not met by who comes when all have closed the next, and their tabs are open', async () => {
      const pages = [await open('?hurry'), await open('?hurry')]
      await (pages[0] as Page).evaluate(() => {
        window.thread.proxy.hang().catch(() => {})
        window.thread.proxy.never().catch(() => {})
      })
      for (const page of pages)
        await expect.poll(() => status(page), { timeout: 10_000 }).toMatchObject({ state: 'ready', epoch: 2 })
      for (const page of pages) await page.evaluate(() => window.thread.close())
      const next = await open('', false)
      await expect.poll(async () => (await status(next))?.state, AGAIN).toBe('ready')
    })

    test('does not keep the next from noticing that a tab is gone', async () => {
      const [hangs, reloads] = [await open('?hurry'), await open('?hurry')]
      await hangs.evaluate(() => void window.thread.proxy.hang().catch(() => {}))
      await hangs.evaluate(() => void window.thread.proxy.never().catch(() => {}))
      for (const page of [hangs, reloads])
        await expect.poll(() => status(page), { timeout: 10_000 }).toMatchObject({ state: 'ready', epoch: 2 })
      // The worker that hangs waits for the same lock.
      await reloads.reload()
      await isReady(reloads)
      await expect.poll(() => clients(hangs), AGAIN).toBe(2)
    })

    test('is found hanging by a tab that comes, and all meet in the next', async () => {
      const pages = [await open('?hurry'), await open('?hurry')]
      await (pages[0] as Page).evaluate(() => void window.thread.proxy.hang().catch(() => {}))
      pages.push(await open('?hurry'))
      await inOne(pages)
    })
  })

  describe('a page with a shared thread, kept by the browser while another is shown', () => {
    /** Goes elsewhere, and back when that is done. Playwright itself loses a page that is kept. */
    async function keep(page: Page, meanwhile: () => Promise<void>) {
      const session = await context.newCDPSession(page)
      const evaluate = async (expression: string): Promise<unknown> =>
        (await session.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true }))
          .result.value
      await session.send('Page.navigate', { url: `${site.url}other.html` })
      await expect.poll(() => evaluate('location.pathname')).toBe('/other.html')
      await meanwhile()
      await evaluate('history.back()')
      await expect
        .poll(() => evaluate('window.shown?.join()').catch(() => ''), { timeout: 10_000 })
        .toBe('false,true')
      return evaluate
    }

    test('has left it, is not thrown out, and is current when it is back', async () => {
      const other = await open()
      const page = await open('?waits')
      expect(await clients(other)).toBe(2)
      const evaluate = await keep(page, async () => {
        await expect.poll(() => clients(other), SOON).toBe(1)
        for (let count = 0; count < 10; count++) await add(other)
      })
      await expect.poll(() => evaluate('window.seen.at(-1)'), SOON).toBe(10)
      expect(await evaluate('window.failed')).toEqual(['ThreadDiedError'])
      expect(await evaluate('window.thread.status.get()')).toEqual({ state: 'ready', epoch: 2 })
      expect(await events(other)).toEqual(['+1', '+2', '-2', '+3'])
    })

    test(`alone ${isElected ? 'has ended it' : 'has left it'}, and is not thrown out`, async () => {
      const page = await open('?waits')
      await add(page)
      const former = await born(page)
      const evaluate = await keep(page, async () => {})
      await expect.poll(() => evaluate('window.thread.status.get().state'), AGAIN).toBe('ready')
      expect(await evaluate('window.failed')).toEqual(['ThreadDiedError'])
      expect(await evaluate('window.thread.proxy.clients()')).toBe(1)
      // A shared worker goes with the last page, which is still there.
      await expect.poll(() => evaluate('window.seen.at(-1)'), SOON).toBe(isElected ? 0 : 1)
      expect((await evaluate('window.thread.proxy.born()')) === former).toBe(!isElected)
    })
  })
})

/** What the store shows whenever its status changes. */
function watchStore(page: Page) {
  return page.evaluateHandle(() => {
    const all: [string, number | undefined][] = []
    let last = 'live'
    window.thread.proxy.watch().subscribe({
      next: (count) => last === 'live' || all.push([(last = 'live'), count as number]),
      status: (status) => status === 'stale' && all.push([(last = status), window.seen.at(-1)]),
    })
    return all
  })
}
