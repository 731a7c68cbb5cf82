/** What is left of a shared thread whose tabs have gone, while a page that had it is still open. By either way. */
import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { AGAIN, describeBoard, opener } from './board.js'
import { crash } from './site.js'

/** Locks of threads and pages that are held; a page that had the thread holds one. */
const held = (page: Page) =>
  page.evaluate(async () => {
    const { held = [] } = await navigator.locks.query()
    return held.filter(({ name }) => name?.startsWith('bgthread:')).length
  })

describeBoard('a shared thread that a page has closed', (tabs) => {
  const open = opener(tabs)

  test.each(['is closed', 'crashes'])('ends when the last tab that has it %s', async (how) => {
    const [closes, last] = [await open(), await open()]
    expect(await held(closes)).toBe(3)
    await closes.evaluate(() => window.thread.close())
    expect(await held(closes)).toBe(3)
    if (how === 'crashes') await crash(last)
    else await last.close()
    await expect.poll(() => held(closes), AGAIN).toBe(1)
  })

  test.each(['is closed', 'leaves the cache', 'comes back and crashes'])(
    'ends when the last tab that had it, kept while another page is shown, %s',
    async (how) => {
      const [closes, last] = [await open(), await open()]
      await closes.evaluate(() => window.thread.close())
      const session = await tabs.context.newCDPSession(last)
      const evaluate = async (expression: string) =>
        (await session.send('Runtime.evaluate', { expression })).result.value as unknown
      await session.send('Page.navigate', { url: `${tabs.url}other.html` })
      await expect.poll(() => evaluate('location.pathname').catch(() => '')).toBe('/other.html')
      if (how === 'is closed') await last.close()
      if (how === 'comes back and crashes') {
        await evaluate('history.back()')
        const isBack = `window.shown?.join() === 'false,true' && window.thread.status.get().state === 'ready'`
        await expect.poll(() => evaluate(isBack).catch(() => false), AGAIN).toBe(true)
        await crash(last)
      }
      // In Chromium this query ends a page that is kept.
      await expect.poll(() => held(closes), AGAIN).toBe(1)
    },
  )
})
