import type { Browser, Page } from 'playwright'
import { afterAll } from 'vitest'
import { launchChromium } from '../../support/chromium.js'

declare global {
  interface Window {
    /** What was given to `URL.createObjectURL`, and the URLs taken back, in order. */
    blobs: Blob[]
    revokedUrls: string[]
  }
}

/** A page of a real browser, with what went wrong in it and where it went. */
export interface Visit {
  page: Page
  /** Uncaught errors, messages of `console.error`, failed requests. */
  problems: string[]
  /** Messages of `console.warn`, those of workers too. */
  warnings: string[]
  /** The URLs the page was navigated to: more than one when it reloaded. */
  navigations: string[]
}

let browser: Promise<Browser> | undefined
afterAll(async () => (await browser)?.close())

/**
 * Opens a URL. The browser is started once and shared by a test file, and ends with it.
 *
 * @param beside a visit whose page is another tab of the same user; left out, it is a user of its own.
 */
export async function visit(url: string, beside?: Visit): Promise<Visit> {
  browser ??= launchChromium()
  const context = beside?.page.context() ?? (await (await browser).newContext())
  const page = await context.newPage()
  page.on('close', () => {
    // The browser may be ending, and its contexts with it.
    if (!context.pages().length) context.close().catch(() => {})
  })
  const problems: string[] = []
  const warnings: string[] = []
  const navigations: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()))
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`)
  })
  page.on('framenavigated', (frame) => navigations.push(frame.url()))
  // Keeps what is made to a blob, for a look at it.
  await page.addInitScript(() => {
    const { createObjectURL, revokeObjectURL } = URL
    Object.assign(window, { blobs: [], revokedUrls: [] })
    URL.createObjectURL = (blob: Blob) => {
      window.blobs.push(blob)
      return createObjectURL(blob)
    }
    URL.revokeObjectURL = (url) => {
      window.revokedUrls.push(url)
      revokeObjectURL(url)
    }
  })
  await page.goto(url)
  return { page, problems, warnings, navigations }
}
