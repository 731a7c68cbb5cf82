/** Pages of an app that is built and served, in a browser that keeps them while others are shown. */
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest'
import bgthread from 'bgthread/vite'
import { launchChromium } from '../support/chromium.js'
import { buildApp, plainConfig, writeApp } from '../vite/support/app.js'
import { serveFolder } from '../vite/support/serve.js'

/**
 * What is given has the URL of the app and a browser from the first test on. Beside the app there is a page without a
 * thread, `other.html`.
 */
export function serveForAll(files: { 'main.ts': string; 'logic.ts': string }): {
  url: string
  browser: Browser
} {
  const served = {} as { url: string; browser: Browser }
  let stop: (() => Promise<void>) | undefined
  beforeAll(async () => {
    const root = await writeApp({ ...files, 'public/other.html': '<p>other</p>' })
    await buildApp({ ...plainConfig(root), plugins: [bgthread()], build: { outDir: 'dist' } })
    const { url, close } = await serveFolder(join(root, 'dist'), '/')
    stop = close
    served.url = url
    served.browser = await launchChromium({ ignoreDefaultArgs: ['--disable-back-forward-cache'] })
  }, 60_000)
  afterAll(async () => {
    await served.browser?.close()
    await stop?.()
  })
  return served
}

/** The two ways to share a thread, and what a browser is without to take it. */
const WAYS = [
  { way: 'by a shared worker', without: [] },
  { way: 'by a worker of an elected tab', without: ['SharedWorker'] },
]

/** How often: all of it takes too long for every day. */
export const LONG = Boolean(process.env['VITE_LONG'])

export interface Tabs {
  /** Of the test that runs. */
  readonly context: BrowserContext
  /** Of the app. */
  readonly url: string
  /** One of the tabs is elected, and has the worker: the first. */
  readonly isElected: boolean
}

/** Describes what holds for the tabs of an app, by either way to share its thread. */
export function describeTabs(
  title: string,
  files: Parameters<typeof serveForAll>[0],
  body: (tabs: Tabs) => void,
): void {
  const site = serveForAll(files)
  describe.each(WAYS)(`${title} $way`, { timeout: LONG ? 300_000 : 60_000 }, ({ without }) => {
    let context: BrowserContext
    beforeEach(async () => {
      context = await site.browser.newContext()
      await context.addInitScript((names) => {
        for (const name of names) Reflect.deleteProperty(window, name)
      }, without)
    })
    afterEach(() => context.close())
    body({
      get context() {
        return context
      },
      get url() {
        return site.url
      },
      isElected: without.length > 0,
    })
  })
}

/** Ends the tab's process, as a fault in it would. */
export async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const crashed = new Promise((resolve) => page.once('crash', resolve))
  session.send('Page.crash').catch(() => {})
  await crashed
}
