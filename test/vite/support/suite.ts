import { afterAll, beforeAll } from 'vitest'
import { visit, type Visit } from './browser.js'
import type { Site } from './serve.js'

/**
 * Opens a site for all tests of a suite. What is given has a site and a visit from the first test on.
 *
 * @param isReady runs in the page, and tells when it can be used; left out, it is when its title is 'loaded'
 */
export function openForAll<S extends Site>(
  start: () => Promise<S>,
  isReady: () => boolean = () => document.title === 'loaded',
): { site: S; opened: Visit } {
  const open = {} as { site: S; opened: Visit }
  beforeAll(async () => {
    open.site = await start()
    open.opened = await visit(open.site.url)
    await open.opened.page.waitForFunction(isReady)
  }, 60_000)
  afterAll(async () => {
    await open.opened?.page.close()
    await open.site?.close()
  })
  return open
}
