/** A board that tabs share, by either way, and what a test does with its tabs. */
import type { Page } from 'playwright'
import type { Thread } from 'bgthread'
import { describeTabs, type Tabs } from './site.js'

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

/** A client is gone, and a store is current, within this. */
export const SOON = { timeout: 500, interval: 10 }
/** The worker is gone with its tab, and there is another. */
export const AGAIN = { timeout: 2_000, interval: 20 }

/** Describes what holds for the board's tabs, by either way. */
export const describeBoard = (title: string, body: (tabs: Tabs) => void) =>
  describeTabs(title, { 'main.ts': main, 'logic.ts': logic }, body)

/** @returns opens a tab, whose thread is ready unless that is not waited for */
export const opener =
  (tabs: Tabs) =>
  async (query = '', ready = true): Promise<Page> => {
    const page = await tabs.context.newPage()
    await page.goto(tabs.url + query)
    if (ready) await isReady(page)
    return page
  }

export const isReady = (page: Page) => page.evaluate(() => window.thread.ready)
export const add = (page: Page) => page.evaluate(() => window.thread.proxy.add())
export const born = (page: Page) => page.evaluate(() => window.thread.proxy.born())
export const clients = (page: Page) => page.evaluate(() => window.thread.proxy.clients())
export const events = (page: Page) => page.evaluate(() => window.thread.proxy.events())
export const status = (page: Page) => page.evaluate(() => window.thread.status.get())
export const seen = (page: Page) => page.evaluate(() => window.seen.at(-1))
export const stream = (page: Page) => page.evaluate(() => window.stream)

/** What the store shows whenever its status changes. */
export function watchStore(page: Page) {
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
