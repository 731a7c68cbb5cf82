import type { Cannot } from '../harness/measure.js'

/** How long a thousand calls may take, in ms, before ten thousand are not tried: what is quadratic takes a minute then. */
const patience = 300

/** In a contender's page: opens a thread and says how long its second thousand of calls takes, in ms. */
export async function openAndTry(): Promise<number> {
  const session = await bench.open()
  await bench.addAll(session, 1000)
  const start = performance.now()
  await bench.addAll(session, 1000)
  return performance.now() - start
}

/** Why ten thousand calls are not tried, where a thousand take so long. */
export const tooSlow = (thousand: number): Cannot | undefined =>
  thousand > patience
    ? { cannot: `1,000 calls take ${Math.round(thousand)} ms, and the cost grows with their square.` }
    : undefined
