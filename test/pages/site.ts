/** Pages of an app that is built and served, in a browser that keeps them while others are shown. */
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll } from 'vitest'
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

/** Ends the tab's process, as a fault in it would. */
export async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const crashed = new Promise((resolve) => page.once('crash', resolve))
  session.send('Page.crash').catch(() => {})
  await crashed
}
