import type { Browser, BrowserContext, CDPSession, Page } from 'playwright'
import type { Context } from './measure.js'

/** A page of the bench in a process of its own. */
export interface Opened extends Pick<Context, 'page' | 'cdp' | 'evaluate' | 'timed'> {
  /** Uncaught errors of the page. */
  errors: string[]
  close(): Promise<void>
}

/** Opens a URL in a context of its own, so that no other page shares its process. */
export async function open(browser: Browser, url: string): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 800, height: 600 } })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto(url)
  const cdp = await context.newCDPSession(page)
  // CPU time: in wall time, the time that other programs take from the UI thread would count as its own.
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
  return { page, cdp, errors, ...inPage(page, cdp), close: () => closeQuietly(context) }
}

function inPage(page: Page, cdp: CDPSession): Pick<Context, 'evaluate' | 'timed'> {
  /** Calls the page's `benchRun` and says how long the UI thread was busy. */
  const run = async () => {
    const before = await taskTime(cdp)
    const { result, exceptionDetails } = await cdp.send('Runtime.evaluate', {
      expression: 'benchRun()',
      awaitPromise: true,
      returnByValue: true,
    })
    const main = (await taskTime(cdp)) - before
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
    return { value: result.value, main }
  }
  /** How long it takes to be asked to do nothing: a third of a ms, or so. */
  const measureAsking = async () => {
    await page.evaluate('globalThis.benchRun = () => Promise.resolve(); undefined')
    const times: number[] = []
    for (let i = 0; i < 5; i++) times.push((await run()).main)
    return Math.min(...times)
  }
  let asking: Promise<number> | undefined
  return {
    evaluate: (fn, argument) => page.evaluate(fn as never, argument) as never,
    async timed(fn, argument) {
      const nothing = await (asking ??= measureAsking())
      // Prepared beforehand: what is timed is the call alone, without the reading of its code.
      await page.evaluate(`globalThis.benchRun = async () => (${fn})(${JSON.stringify(argument)}); undefined`)
      // What others left behind is not cleaned up at its cost.
      await cdp.send('HeapProfiler.collectGarbage')
      const { value, main } = await run()
      return { value, main: Math.max(0, main - nothing) }
    },
  }
}

/** How long the UI thread was busy with tasks so far, in ms. */
async function taskTime(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000
}

/** A page that hangs cannot be asked to close in peace. */
const closeQuietly = (context: BrowserContext) => context.close().catch(() => {})
