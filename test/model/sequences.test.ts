// @vitest-environment node
/** Whatever happens to a thread, in whatever order, its page sees what a model without messages and time says. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { PATIENCE, runs } from '../core/patches/runs'
import { settle, sequences } from './commands'
import { Model } from './model'
import { World } from './world'

/** Commands in a sequence: `RUNS=2000 npx vitest run test/model` is the long run. */
const MOST = process.env['RUNS'] ? 100 : 40

it('calls, streams, loops, restarts, deaths and ends come out as the model says', PATIENCE, async () => {
  const seen = { deaths: 0, failures: 0, restarts: 0, calls: 0 }
  await fc.assert(
    fc.asyncProperty(sequences(MOST), async (commands) => {
      const model = new Model()
      const world = new World()
      try {
        await fc.asyncModelRun(() => ({ model, real: world }), commands)
        await settle(model, world)
      } finally {
        model.terminate()
        world.thread.terminate()
      }
      await settle(model, world)
      expect(world.look().stats).toMatchObject({
        pendingCalls: 0,
        subscriptions: 0,
        callbacks: 0,
        signals: 0,
      })
      seen.deaths += model.deaths
      if (model.state === 'failed') seen.failures++
      seen.restarts += model.epoch - 1
      seen.calls += model.calls.size
    }),
    { numRuns: runs(500) },
  )
  // It was not all refused.
  expect(seen.failures).toBeGreaterThan(0)
  expect(seen.deaths).toBeGreaterThan(seen.failures)
  expect(seen.restarts).toBeGreaterThan(seen.deaths)
  expect(seen.calls).toBeGreaterThan(runs(500))
})
