/** A thread that tabs share, where it hangs, and where the browser keeps a page that is not shown. By either way. */
import type { Page } from 'playwright'
import { describe, expect, test } from 'vitest'
import {
  AGAIN,
  add,
  born,
  clients,
  describeBoard,
  events,
  isReady,
  opener,
  seen,
  SOON,
  status,
} from './board.js'

describeBoard('a thread that tabs share', (tabs) => {
  const { isElected } = tabs
  const open = opener(tabs)

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
      const session = await tabs.context.newCDPSession(page)
      const evaluate = async (expression: string): Promise<unknown> =>
        (await session.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true }))
          .result.value
      await session.send('Page.navigate', { url: `${tabs.url}other.html` })
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
