/** The built playground, served to a browser of its own. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright'
import { build, preview } from 'vite'
import { expect, vi } from 'vitest'
import { launchChromium } from '../support/chromium'

export const root = fileURLToPath(new URL('../../playground', import.meta.url))
export const somePort = () => 20_000 + Math.floor(Math.random() * 40_000)

export interface Site {
  url: string
  browser: Browser
  close(): Promise<void>
}

export async function startSite(): Promise<Site> {
  const outDir = await mkdtemp(join(tmpdir(), 'bgthread-playground-'))
  const options = { root, logLevel: 'warn', build: { outDir, emptyOutDir: true } } as const
  // Vite takes the NODE_ENV that it finds, and under Vitest that is `test`.
  vi.stubEnv('NODE_ENV', 'production')
  await build(options)
  vi.unstubAllEnvs()
  const server = await preview({ ...options, preview: { port: somePort() } })
  const browser = await launchChromium()
  return {
    url: server.resolvedUrls!.local[0]!,
    browser,
    async close() {
      await browser.close()
      await server.close()
      await rm(outDir, { recursive: true, force: true })
    },
  }
}

/** What the page complains of: console errors and warnings, uncaught errors, failed requests. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`))
  return complaints
}

interface TraceEvent {
  name: string
  ph: string
  pid: number
  tid: number
  /** The CPU time of the thread, in microseconds. */
  tdur?: number
  args?: { name?: string }
}

/**
 * The longest task of the page's UI thread while `act` runs, in ms of CPU time: wall time would count what
 * other programs on the machine do.
 */
export async function longestTask(page: Page, act: () => Promise<void>): Promise<number> {
  const browser = page.context().browser()!
  await browser.startTracing(page, { categories: ['toplevel'] })
  await act()
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] }
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid}/${tid}`
  const uiThreads = new Set(
    trace.traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(threadOf),
  )
  const tasks = trace.traceEvents.filter((event) => event.ph === 'X' && uiThreads.has(threadOf(event)))
  expect(tasks.some(({ tdur }) => tdur !== undefined)).toBe(true)
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1000
}
