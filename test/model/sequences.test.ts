/** Whatever happens to a thread, in whatever order, its page sees what a model without messages says. */
import fc from 'fast-check'
import { expect, it, onTestFinished, vi } from 'vitest'
import { PATIENCE, runs } from '../core/patches/runs'
import { watchReports } from '../core/watch'
import { settle, sequences, settings } from './commands'
import { Model } from './model'
import { World } from './world'

/** Commands in a sequence: `RUNS=2000 npx vitest run test/model` is the long run. */
const MOST = process.env['RUNS'] ? 100 : 40

/** What must have been among them. */
const TRIED = [
  ...['refused', 'throws', 'silent', 'dies', 'START_FAILED', 'START_TIMEOUT', 'DIED', 'failed'],
  ...['saved', 'unsaved: UNSAVED', 'unsaved: DIED', 'unsaved: SAVE_TIMEOUT', 'close timeout'],
  ...['unresponsive', 'recovered', 'HUNG', 'LIMIT', 'BUFFER', 'GRANT'],
]

it(
  'calls, streams, loops, callbacks, restarts, faults and ends come out as the model says',
  PATIENCE,
  async () => {
    const reports = watchReports()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const seen = new Map<string, number>()
    const count = (what: string, times: number) => seen.set(what, (seen.get(what) ?? 0) + times)
    await fc.assert(
      fc.asyncProperty(settings, sequences(MOST), async (setting, commands) => {
        reports.length = 0
        const model = new Model(setting)
        const world = new World(setting)
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
        // Each failure has its reader or its caller.
        expect(reports.map(String)).toEqual([])
        for (const [what, times] of model.seen) count(what, times)
        count('commands', [...commands].length)
        count('calls', model.calls.all.size)
        if (model.state === 'failed') count('failed', 1)
      }),
      { numRuns: runs(500) },
    )
    if (process.env['SHOW']) console.log(Object.fromEntries([...seen].sort()))
    // It was all tried.
    for (const what of TRIED) expect([what, seen.get(what) ?? 0]).not.toEqual([what, 0])
    expect(seen.get('commands')).toBeGreaterThan(10 * runs(500))
    expect(seen.get('calls')).toBeGreaterThan(runs(500))
  },
)
