/** Tabs that come and go at random, in any order: whatever they do, those that are left meet in one worker. */
import type { BrowserContext, Page } from 'playwright'
import { describe, expect, test } from 'vitest'
import type { Thread } from 'bgthread'
import { Random } from '../browser/chaos/random.js'
import { crash, serveForAll } from './site.js'

interface Room {
  born(): string
  whole(): string
  clients(): number
  hang(): void
  never(): Promise<void>
}

declare global {
  interface Window {
    room: Thread<Room>
  }
}

const logic = `
const born = self.name + ' ' + Math.random().toString(36)
export default class {
  async onStart(context) {
    this.context = context
    // A tab may go at any time, also while the worker that it has started is not ready.
    await new Promise((done) => setTimeout(done, Math.random() * 300))
  }
  onConnect({ id }) { this.log = [...this.log ?? [], '+' + id] }
  onDisconnect({ id }) { this.log.push('-' + id) }
  whole() { return this.log.join() }
  born() { return born }
  clients() { return this.context.stats().clients }
  never() { return new Promise(() => {}) }
  hang() { for (;;); }
}`

const main = `
import { bgThread } from 'bgthread'
window.room = bgThread(() => import('./logic'), {
  name: 'room', shared: true, onHang: 'restart',
  restart: { max: 1000, within: 10_000 },
  heartbeat: { interval: 200, limit: 5 },
})
`

const STEPS = process.env['VITE_LONG'] ? 200 : 25
const SEED = Number(process.env['VITE_SEED'] ?? 1)
const MOST = 4

const site = serveForAll({ 'main.ts': main, 'logic.ts': logic })

const WAYS = [
  { way: 'by a shared worker', without: [] },
  { way: 'by a worker of an elected tab', without: ['SharedWorker'] },
]

describe.each(WAYS)('tabs that share a thread $way', ({ without }) => {
  test(`meet, whatever they do, in ${STEPS} steps`, { timeout: 600_000 }, async () => {
    const context = await site.browser.newContext()
    await context.addInitScript((names: string[]) => {
      for (const name of names) Reflect.deleteProperty(window, name)
    }, without)
    try {
      await walk(context)
    } finally {
      await context.close()
    }
  })
})

/** What is done to one tab of those that are there. */
const DEEDS: Record<string, (page: Page) => Promise<unknown>> = {
  close: (page) => page.close(),
  crash: (page) => crash(page).then(() => page.close()),
  reload: (page) => page.reload({ waitUntil: 'commit' }),
  hang: (page) =>
    page.evaluate(
      () => void Promise.all([window.room.proxy.hang(), window.room.proxy.never()]).catch(() => {}),
    ),
  'close the thread': (page) => page.evaluate(() => void window.room.close()),
  'terminate the thread': (page) => page.evaluate(() => window.room.terminate()),
  freeze: (page) => page.evaluate(() => void document.dispatchEvent(new Event('freeze'))),
}

async function walk(context: BrowserContext): Promise<void> {
  const random = new Random(SEED)
  let tabs: Page[] = []
  const told: string[] = []
  const frozen = new Set<Page>()
  const closing = new Set<Page>()
  const open = async () => {
    const page = await context.newPage()
    tabs.push(page)
    await page.goto(site.url, { waitUntil: 'commit' })
    return page
  }
  for (let step = 0; step < STEPS; step++) {
    const deeds: Promise<unknown>[] = []
    const acts = random.between(1, 2)
    const chosen = new Set<Page>()
    for (let act = 0; act < acts; act++) {
      const page = tabs.length > 1 ? random.pick(tabs) : undefined
      if (!page || chosen.has(page) || (tabs.length < MOST && random.next() < 0.4)) {
        told.push('open')
        deeds.push(open())
        continue
      }
      chosen.add(page)
      const deed = random.pick(Object.keys(DEEDS))
      told.push(`${deed} ${tabs.indexOf(page)}`)
      if (deed === 'freeze') frozen.add(page)
      if (deed === 'reload') {
        frozen.delete(page)
        closing.delete(page)
      }
      if (deed === 'close' || deed === 'crash') tabs = tabs.filter((one) => one !== page)
      const done = (DEEDS[deed] as (page: Page) => Promise<unknown>)(page)
        .then(() => deed === 'close the thread' && closing.add(page))
        .catch(() => {})
      // One that is not loaded yet has nothing to be done to.
      deeds.push(done)
    }
    await Promise.all(deeds)
    if (random.next() < 0.4) {
      told.push('go on at once')
      continue
    }
    for (const page of frozen)
      await page.evaluate(() => void document.dispatchEvent(new Event('resume'))).catch(() => {})
    frozen.clear()
    await expect
      .poll(
        () =>
          meet(tabs, closing).then((problem) => (problem ? `${told.slice(-12).join(', ')}: ${problem}` : '')),
        {
          timeout: 8_000,
          interval: 50,
        },
      )
      .toBe('')
    told.push('|')
  }
}

/** @returns what is wrong; nothing where all are in one worker, and it knows them all */
async function meet(tabs: Page[], closing: ReadonlySet<Page>): Promise<string> {
  const all = await Promise.all(
    tabs.map((page) =>
      page
        .evaluate(async () => {
          const { state, error } = window.room.status.get() as { state: string; error?: unknown }
          if (state !== 'ready') return [state, String(error)]
          const soon = new Promise<string>((late) => setTimeout(late, 1_000, 'no answer'))
          const born = Promise.all([
            window.room.proxy.born(),
            window.room.proxy.clients(),
            window.room.proxy.whole(),
          ])
          return [state, ...(await Promise.race([born, soon.then((late) => [late])]))]
        })
        .catch((error: Error) => [error.message.split('\n')[0]]),
    ),
  )
  const live = all.filter(([state], index) => state !== 'closed' && !closing.has(tabs[index] as Page))
  const [first] = live
  const isFine = live.every((one) => one[0] === 'ready' && one[1] === first?.[1] && one[2] === live.length)
  return isFine ? '' : JSON.stringify(all)
}
