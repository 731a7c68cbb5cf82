import type { Cannot } from '../harness/measure.js'

/** How long a thousand calls may take, in ms, before ten thousand are not tried: what is quadratic takes a minute then. */
const patience = 300

/**
 * In a contender's page: opens a thread and makes calls until the engine has made them fast, as it has in a page that
 * is in use: twenty thousand, or as many as fit into a second. Says how long the last thousand took, in ms.
 */
export async function openAndWarm(): Promise<number> {
  const session = await bench.open()
  const end = performance.now() + 1_000
  let last = 0
  for (let round = 0; round < 20 && performance.now() < end; round++) {
    const start = performance.now()
    await bench.addAll(session, 1000)
    last = performance.now() - start
  }
  return last
}

/** Why ten thousand calls are not tried, where a thousand take so long. */
export const tooSlow = (thousand: number): Cannot | undefined =>
  thousand > patience
    ? { cannot: `1,000 calls take ${Math.round(thousand)} ms, and the cost grows with their square.` }
    : undefined
