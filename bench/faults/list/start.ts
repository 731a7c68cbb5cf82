import { type Fault, LONG_BOUND } from '../fault.js'
import type { StartOptions } from '../subject.js'
import { scriptUrl } from '../workers.js'

/** A thread that is started and called at once. */
const started = (id: string, title: string, options: () => StartOptions, bound?: number): Fault => ({
  id,
  group: 'start',
  title,
  ...(bound && { bound }),
  async run(trial) {
    const since = performance.now()
    const thread = trial.start(options())
    const call = trial.watch(() => thread.calls.add(1, 2))
    return await trial.conclude(call, thread, since)
  },
})

export const startFaults: Fault[] = [
  started('absent', 'its script is missing (404)', () => ({ script: 'no-such-script.js' })),
  started('syntax', 'its script has a syntax error', () => ({ script: scriptUrl('let let = (') })),
  started('throws-at-top', 'its module throws', () => ({ logic: 'throws-at-top' })),
  started('throws-in-constructor', 'the constructor throws', () => ({ logic: 'throws-in-constructor' })),
  started('start-rejects', 'an asynchronous start rejects', () => ({ logic: 'start-rejects' })),
  started('silent', 'its script says nothing', () => ({ script: scriptUrl() }), LONG_BOUND),
]
