/** What one tab of a shared thread does to the thread and to the other tabs: greedy ones, services, further clients. */
import type { BrowserContext, Page } from 'playwright'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AttachedThread, Thread } from 'bgthread'
import { crash, serveForAll } from './site.js'

/** What the logic is for its tabs. */
interface Desk {
  born(): string
  add(): number
  watch(): AsyncIterable<number>
  never(): Promise<void>
  watchNothing(id: number): AsyncIterable<number>
  hang(): void
  counts(): Record<'clients' | 'subscriptions' | 'pendingCalls' | 'callbacks', number>
  ask(client: number, question: string): Promise<string>
  askBack(callback: () => Promise<unknown>): Promise<void>
  told(): string[]
}

declare global {
  interface Window {
    desk: Thread<Desk>
    guest: AttachedThread<Desk>
    asked: Promise<void>
    guestSaw: unknown[]
  }
}

const logic = `
import { state } from 'bgthread/worker'
const born = self.name + ' ' + Math.random().toString(36)
export default class {
  #count = state(0)
  #clients = []
  #told = []
  onStart(context) { this.context = context }
  onConnect(client) { this.#clients.push(client) }
  born() { return born }
  add() { this.#count.update((count) => count + 1); return this.#count.get() }
  watch() { return this.#count }
  watchNothing(id) { return state(id) }
  never() { return new Promise(() => {}) }
  hang() { for (;;); }
  counts() {
    const { clients, subscriptions, pendingCalls, callbacks } = this.context.stats()
    return { clients, subscriptions, pendingCalls, callbacks }
  }
  ask(client, question) {
    const call = this.#clients.find(({ id }) => id === client).host.answer(question)
    call.catch((error) => this.#told.push('service: ' + error.code))
    return call
  }
  askBack(callback) {
    return callback().catch((error) => void this.#told.push('callback: ' + error.code))
  }
  told() { return this.#told }
}`

const main = `
import { attach, bgThread } from 'bgthread'
const how = new URLSearchParams(location.search)
let begin
window.asked = new Promise((resolve) => (begin = resolve))
window.desk = bgThread(() => import('./logic'), {
  name: 'desk', shared: true, linger: 0, startTimeout: 10_000, onHang: 'restart', heartbeat: { interval: 100, limit: 5 },
  // The limits of the thread are those of the tab that comes first; a tab that has others of its own may ask for more.
  limits: how.has('greedy') ? {} : { calls: 5, subscriptions: 5 },
  host: {
    answer(question) {
      begin()
      return question === 'never' ? new Promise(() => {}) : question + ': ' + location.search
    },
  },
})
if (how.has('guest')) {
  window.guestSaw = []
  window.guest = attach(window.desk.connect(), { name: 'guest', linger: 0 })
  window.guest.proxy.watch().subscribe({ next: (count) => window.guestSaw.push(count), error() {} })
}
`

/** A client is gone, and a store is current, within this. */
const SOON = { timeout: 500, interval: 10 }

const site = serveForAll({ 'main.ts': main, 'logic.ts': logic })
let context: BrowserContext
beforeEach(async () => void (context = await site.browser.newContext()))
afterEach(() => context.close())

/** A tab whose thread is ready. */
async function open(query = ''): Promise<Page> {
  const page = await context.newPage()
  await page.goto(site.url + query)
  await page.evaluate(() => window.desk.ready)
  return page
}

const counts = (page: Page) => page.evaluate(() => window.desk.proxy.counts())
const told = (page: Page) => page.evaluate(() => window.desk.proxy.told())
const add = (page: Page) => page.evaluate(() => window.desk.proxy.add())
const inRest = { subscriptions: 0, pendingCalls: 0, callbacks: 0 }

describe('F14: a tab that asks for more than it may', { timeout: 60_000 }, () => {
  test.each(['calls', 'subscriptions'] as const)(
    'is put out by its %s, and the others go on',
    async (what) => {
      const [one, greedy, other] = [await open(), await open('?greedy'), await open()]
      await greedy.evaluate(() => window.desk.proxy.add())
      const errors = await greedy.evaluate((what) => {
        const { proxy } = window.desk
        const many = Array.from({ length: 11 }, (_, i) => i)
        if (what === 'calls')
          return Promise.all(many.map(() => proxy.never().catch((error: Error) => error.name)))
        return Promise.all(
          many.map((id) => new Promise((error) => proxy.watchNothing(id).subscribe({ error }))),
        ).then((errors) => errors.map((error) => (error as Error).name))
      }, what)
      expect(errors).toEqual(Array(11).fill('LimitError'))
      expect(await greedy.evaluate(() => window.desk.status.get()?.state)).toBe('failed')
      await expect.poll(() => counts(other), SOON).toEqual({ clients: 2, ...inRest })
      expect([await add(one), await add(other)]).toEqual([2, 3])
      // It may come back, and start anew.
      await greedy.evaluate(() => window.desk.restart())
      expect(await add(greedy)).toBe(4)
    },
  )

  test('is the further client of a tab alone, and not that tab', async () => {
    const [one, other] = [await open('?guest'), await open()]
    await one.evaluate(() => window.guest.ready)
    const errors = await one.evaluate(() =>
      Promise.all(
        Array.from({ length: 11 }, () => window.guest.proxy.never().catch((error: Error) => error.name)),
      ),
    )
    expect(errors).toEqual(Array(11).fill('LimitError'))
    expect(await add(one)).toBe(1)
    await expect.poll(() => counts(other), SOON).toEqual({ clients: 2, ...inRest })
  })
})

describe('F18: what the thread has asked of a tab', { timeout: 60_000 }, () => {
  const ways: [end: string, end: (page: Page) => Promise<void>][] = [
    ['is closed', (page) => page.close()],
    ['crashes', crash],
    ['goes to another page', async (page) => void (await page.goto(`${site.url}other.html`))],
  ]
  test.each(ways)('rejects when that %s: services and callbacks', async (_how, end) => {
    // The worker lives in the process of the tab that came first.
    const [one, two] = [await open('?one'), await open('?two')]
    expect(await one.evaluate(() => window.desk.proxy.ask(2, 'who'))).toBe('who: ?two')
    await one.evaluate(() => void window.desk.proxy.ask(2, 'never').catch(() => {}))
    await two.evaluate(() => window.asked)
    await two.evaluate(
      () =>
        new Promise<void>((begun) => {
          const callback = () => {
            begun()
            return new Promise(() => {})
          }
          window.desk.proxy.askBack(callback).catch(() => {})
        }),
    )
    expect(await told(one)).toEqual([])
    await end(two)
    await expect
      .poll(async () => (await told(one)).sort(), SOON)
      .toEqual(['callback: CLOSED', 'service: CLOSED'])
    expect(await counts(one)).toEqual({ clients: 1, ...inRest })
    expect(await one.evaluate(() => window.desk.proxy.ask(1, 'who'))).toBe('who: ?one')
  })
})

describe('the further client of a tab', { timeout: 60_000 }, () => {
  const isCurrent = (page: Page, count: number) =>
    expect.poll(() => page.evaluate(() => window.guestSaw.at(-1)), { timeout: 10_000 }).toBe(count)

  test('F10: goes with that tab, and the thread knows it', async () => {
    const [one, two] = [await open(), await open('?guest')]
    await isCurrent(two, 0)
    expect(await counts(one)).toMatchObject({ clients: 3, subscriptions: 1 })
    await crash(two)
    await expect.poll(() => counts(one), SOON).toEqual({ clients: 1, ...inRest })
  })

  test('F11: goes on in the next worker when the tab crashes that held the first', async () => {
    const [host, two] = [await open(), await open('?guest')]
    await add(host)
    await isCurrent(two, 1)
    const former = await host.evaluate(() => window.desk.proxy.born())
    await crash(host)
    await isCurrent(two, 0)
    expect(await add(two)).toBe(1)
    await isCurrent(two, 1)
    const born = await two.evaluate(() => window.guest.proxy.born())
    expect(born).not.toBe(former)
    expect(await two.evaluate(() => window.desk.proxy.born())).toBe(born)
  })

  test('F12: goes with its tab to the next worker when one hangs', async () => {
    const [one, two] = [await open(), await open('?guest')]
    await add(one)
    await isCurrent(two, 1)
    const former = await one.evaluate(() => window.desk.proxy.born())
    const lost = await two.evaluate(() => {
      const lost = window.guest.proxy.never().catch((error: Error) => error.name)
      void window.desk.proxy.hang().catch(() => {})
      return lost
    })
    expect(lost).toMatch(/^Thread(Died|Hung)Error$/)
    await isCurrent(two, 0)
    expect(await add(one)).toBe(1)
    await isCurrent(two, 1)
    const born = await two.evaluate(() => window.guest.proxy.born())
    expect(born).not.toBe(former)
    expect(await one.evaluate(() => window.desk.proxy.born())).toBe(born)
  })
})
