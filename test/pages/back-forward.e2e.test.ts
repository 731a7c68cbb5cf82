/** A page with a thread that the browser keeps while another page is shown, and shows again. */
import type { CDPSession } from 'playwright'
import { describe, expect, it, test } from 'vitest'
import { serveForAll } from './site.js'

const logic = `
import { state } from 'bgthread/worker'
export default class {
  #count = state(0)
  constructor() { setInterval(() => this.#count.update((count) => count + 1), 5) }
  add(a, b) { return a + b }
  hang() { return new Promise(() => {}) }
  watch() { return this.#count }
  read() { return this.#count.get() }
}`

const main = `
import { bgThread } from 'bgthread'
window.shown = []
addEventListener('pageshow', ({ persisted }) => window.shown.push(persisted))
window.thread = bgThread(() => import('./logic'), { heartbeat: { interval: 50, limit: 3 }, onHang: 'restart' })
window.seen = []
const how = new URLSearchParams(location.search)
// Another page of the app, which shares a thread with others.
if (how.has('second')) {
  const second = bgThread(() => import('./logic'), { name: 'second', shared: true })
  second.ready.then(() => document.title = 'second')
} else {
if (how.has('reads')) window.thread.proxy.watch().subscribe((count) => (window.seen = [count]))
if (how.has('waits')) window.thread.proxy.hang().catch((error) => (window.failed = String(error)))
}
`

const site = serveForAll({ 'main.ts': main, 'logic.ts': logic })

/** In whichever page the tab shows: Playwright itself loses a page that is kept. */
async function evaluate<T>(session: CDPSession, expression: string): Promise<T> {
  const { result } = await session.send('Runtime.evaluate', {
    expression,
    awaitPromise: true,
    returnByValue: true,
  })
  return result.value as T
}

/** Goes away and comes back. @param ready what must hold before it goes @returns what the page says then */
async function goAndComeBack(query: string, ready: string, other = 'other.html', isThere = 'true') {
  const page = await site.browser.newPage()
  const session = await page.context().newCDPSession(page)
  const until = (expression: string) =>
    expect.poll(() => evaluate(session, expression).catch(() => false), { timeout: 10_000 }).toBe(true)
  await page.goto(site.url + query)
  await until(ready)
  const url = site.url + other
  await session.send('Page.navigate', { url })
  await until(`location.href === '${url}' && document.readyState === 'complete' && ${isThere}`)
  // Long enough for a heartbeat that counted time to be alarmed.
  await until(`new Promise((resolve) => setTimeout(resolve, 500, true))`)
  await evaluate(session, 'history.back()')
  await until(`location.href === '${site.url + query}' && window.shown.length === 2`)
  return { page, session, until }
}

describe('a page that comes back', { timeout: 30_000 }, () => {
  it.each([
    ['with a thread at rest', '', `window.thread.status.get().state === 'ready'`],
    ['that reads a stream all the time', '?reads', 'window.seen[0] > 3'],
    [
      'that waits for an answer',
      '?waits',
      `window.thread.stats().pendingCalls === 1 && window.thread.status.get().state === 'ready'`,
    ],
    ['that does both', '?reads&waits', 'window.seen[0] > 3'],
  ])('%s was kept as it was: the same thread answers, and stores are current', async (_, query, ready) => {
    const { page, session, until } = await goAndComeBack(query, ready)
    expect(await evaluate(session, 'window.shown')).toEqual([false, true])
    expect(await evaluate(session, 'window.thread.proxy.add(1, 2)')).toBe(3)
    expect(await evaluate(session, 'window.thread.status.get()')).toEqual({ state: 'ready', epoch: 1 })
    expect(await evaluate(session, 'window.failed')).toBe(undefined)
    if (query.includes('reads'))
      await until(`window.thread.proxy.read().then((count) => count - window.seen[0] <= 5)`)
    await page.close()
  })

  test.each(['', '?reads'])(
    'was kept although the next page starts a thread that tabs share: %s',
    async (query) => {
      for (let visit = 0; visit < 3; visit++) {
        const { page, session } = await goAndComeBack(
          query,
          `window.thread.status.get().state === 'ready'`,
          '?second',
          `document.title === 'second'`,
        )
        expect(await evaluate(session, 'window.shown')).toEqual([false, true])
        expect(await evaluate(session, 'window.thread.proxy.add(1, 2)')).toBe(3)
        await page.close()
      }
    },
  )
})
