import type { Browser } from 'playwright'
import { BOUND, type Fault } from './fault.js'
import type { Outcome } from './observation.js'
import type { FaultBench } from './page/bench.js'

declare const faultBench: FaultBench

/** How many calls one after another a fault may wait for, and what a page needs besides, in ms. */
const PATIENCE = 4
const OVERHEAD = 20_000

/**
 * Tries a fault on a subject, in a page of its own.
 *
 * @param url where the subjects' pages are served; ends with a slash
 * @throws Error where the fault could not be tried at all: what is seen is never an error
 */
export async function tryFault(
  browser: Browser,
  url: string,
  subject: string,
  { id, bound = BOUND }: Pick<Fault, 'id' | 'bound'>,
): Promise<Outcome> {
  const context = await browser.newContext({ viewport: { width: 800, height: 600 } })
  try {
    const page = await context.newPage()
    const noticed = new Set<string>()
    page.on('pageerror', () => noticed.add('uncaught error'))
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') noticed.add('console')
    })
    await page.goto(`${url}${subject}/`)
    const run = page.evaluate(({ id, bound }) => faultBench.run(id, bound), { id, bound })
    const { seen, told } = await within(PATIENCE * bound + OVERHEAD, run)
    return { ...seen, told: [...noticed, ...told].sort() }
  } finally {
    // A page that hangs cannot be asked to close in peace.
    await context.close().catch(() => {})
  }
}

async function within<T>(limit: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the page took more than ${limit / 1_000} s`)), limit)
  })
  promise.catch(() => {})
  return await Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
