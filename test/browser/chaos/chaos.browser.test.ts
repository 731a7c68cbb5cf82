/**
 * Chance against a thread: fault after fault, while it is used. `VITE_CHAOS_FAULTS` says how many (1,000 in a long
 * run, 200 in Firefox), `VITE_CHAOS_SEED` has a run again.
 */
import { expect, it } from 'vitest'
import { server } from 'vitest/browser'
import { runChaos } from './chaos'

const env = import.meta.env as Record<string, string | undefined>
// Of every kind at least one.
const faults = Number(env.VITE_CHAOS_FAULTS ?? (server.browser === 'firefox' ? 17 : 34))
const seed = Number(env.VITE_CHAOS_SEED ?? Math.floor(Math.random() * 2 ** 31))

it(
  'whatever befalls a thread, each call settles once, and nothing is left behind',
  async () => {
    console.log(`chaos: seed ${seed}, ${faults} faults`)
    const outcome = await runChaos(seed, faults)
    const { operations, settled, hung, twice, killedWrongly, wrong, uncaught, open, locks } = outcome
    console.log(
      `chaos: ${operations} operations, ${settled} settled, ${hung.length} hung, ${twice} twice, ` +
        `${killedWrongly} killed wrongly, ${wrong.length} wrong, ${uncaught.length} uncaught`,
    )
    expect({ hung, twice, killedWrongly, wrong, uncaught, open, locks }, `seed ${seed}`).toEqual({
      hung: [],
      twice: 0,
      killedWrongly: 0,
      wrong: [],
      uncaught: [],
      open: { pendingCalls: 0, subscriptions: 0, callbacks: 0, signals: 0 },
      locks: [],
    })
    expect(settled).toBeGreaterThan(operations / 2)
  },
  60_000 + faults * 5_000,
)
