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
})
