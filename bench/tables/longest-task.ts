/** How long the UI thread was not to be had at a stretch, from a trace of the browser. */
import type { Page } from 'playwright'

interface TraceEvent {
  name: string
  /** Process and thread. */
  pid: number
  tid: number
  /** Start and duration, in µs. */
  ts: number
  dur?: number
}

/** Traces what `work` does in a page, and gives the longest task between two of its performance marks, in ms. */
export async function longestTask(
  page: Page,
  work: () => Promise<unknown>,
  [first, last]: readonly [string, string],
): Promise<number> {
  const browser = page.context().browser()
  if (!browser) throw new Error('the page has no browser')
  await browser.startTracing(page, { categories: ['blink.user_timing', 'toplevel'] })
  await work()
  const { traceEvents } = JSON.parse(String(await browser.stopTracing())) as { traceEvents: TraceEvent[] }
  const start = traceEvents.find(({ name }) => name === first)
  const end = traceEvents.find(({ name }) => name === last)
  if (!start || !end) throw new Error('the trace has not all marks')
  const tasks = traceEvents.filter(
    ({ name, pid, tid, ts, dur = 0 }) =>
      name.endsWith('RunTask') &&
      pid === start.pid &&
      tid === start.tid &&
      ts + dur > start.ts &&
      ts < end.ts,
  )
  return Math.max(...tasks.map(({ dur = 0 }) => dur)) / 1_000
}
