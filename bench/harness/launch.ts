import { chromium, type Browser } from 'playwright'
import { findBrowser } from '../../scripts/browser.mjs'

/** Starts the browser that the bench runs in. */
export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox'] })

/** Its version. */
export async function readBrowserVersion(): Promise<string> {
  const browser = await launch()
  const version = browser.version()
  await browser.close()
  return version
}
