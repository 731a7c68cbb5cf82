import { type Fault, LONG_BOUND } from '../fault.js'
import type { Started } from '../subject.js'
import type { Trial } from '../trial.js'
import { delay } from '../watched.js'
import { lastWorker } from '../workers.js'

/** What befalls a thread while a call is pending that it would never answer. */
const pending = (
  id: string,
  title: string,
  befall: (thread: Started, trial: Trial) => unknown,
  more: Pick<Fault, 'bound'> & { againstHangs?: boolean; before?: typeof befall } = {},
): Fault => ({
  id,
  group: 'end',
  title,
  ...(more.bound && { bound: more.bound }),
  async run(trial) {
    let thread = await trial.open({ againstHangs: more.againstHangs ?? false })
    await more.before?.(thread, trial)
    const call = trial.watch(() => thread.calls.hang())
    await delay(100)
    const since = performance.now()
    thread = ((await befall(thread, trial)) as Started | undefined) ?? thread
    return await trial.conclude(call, thread, since)
  },
})

/** Makes a call that is not what the fault is about. */
const ignore = (make: () => PromiseLike<unknown>, trial: Trial) => void trial.watch(make)

const closeItself = ({ calls }: Started, trial: Trial) => ignore(() => calls.die(), trial)

export const endFaults: Fault[] = [
  pending('closes-itself', 'it closes itself (`self.close()`)', closeItself),
  pending('closes-itself-again', '… a second time, two seconds after the first', closeItself, {
    async before(thread, trial) {
      closeItself(thread, trial)
      await delay(2_000)
    },
  }),
  pending('terminated', 'something else ends its worker (`worker.terminate()`)', () =>
    lastWorker().terminate(),
  ),
  pending('loops', 'it loops for ever', ({ calls }, trial) => ignore(() => calls.loop(), trial), {
    bound: LONG_BOUND,
  }),
  pending(
    'loops-guarded',
    '… and what the library offers against that is asked for',
    ({ calls }, trial) => ignore(() => calls.loop(), trial),
    { bound: LONG_BOUND, againstHangs: true },
  ),
  pending('restarted', 'the app replaces it', (thread) => thread.restart()),
  pending('restarted-twice', 'the app replaces it twice in a row', (thread) => thread.restart().restart()),
]
