/** One function, called once, in a thread of its own. */
import { Crew } from './pool-crew.js'
import { countCores } from './pool.js'
import type { ComputeArgs, ComputeLoad, ComputeResult } from './pool-types.js'
import { checkLoad, isEndpoint } from './load.js'
import { realm } from './realm.js'
import { DEVELOPMENT } from './report.js'
import type { Load } from './types.js'

/** Milliseconds that a thread is kept warm for the next call of its function. */
const WARM = 5_000

/** The threads of each load. The plugin makes the loads of one function one and the same. */
const crews = new WeakMap<object, Crew>()

/**
 * Calls a function in a thread of its own, and gives its result.
 *
 * When it is done, its thread stays warm for five seconds, so that the next call of the same function need not wait
 * for a start. There are as many of them as the machine has cores at most; calls beyond that wait for their turn.
 * Without the Vite plugin, and on a server, the function runs in the same thread, with copies of its arguments.
 *
 * An `AbortSignal` among the arguments ends the call at once when it aborts, whatever the function is at: its thread is
 * terminated, and the promise rejects with the signal's reason. What the function marks with `transfer` is moved, not
 * copied. Where it returns a stream source, as a generator function does, the call is that stream.
 *
 * @param load `() => import('./parse')`, of whose module the default export is the function, or
 * `() => import('./formats').then((m) => m.parse)`
 * @param args the function's arguments; it gets these only
 * @throws what the function throws, with both stacks; a `ThreadDiedError` where its thread ends; a `ThreadStartError`
 * where it could not be started; TypeError where `load` is no function
 * @example
 * const rows = await bgCompute(() => import('./formats').then((m) => m.parse), text)
 */
export function bgCompute<M = never>(
  load: ComputeLoad<M>,
  ...args: ComputeArgs<M>
): ComputeResult<NoInfer<M>> {
  checkLoad('bgCompute', load)
  let crew = crews.get(load)
  if (!crew) {
    crews.set(load, (crew = makeCrew(load as Load<unknown>)))
    // The next call starts threads of the new code. Those of the old end when they have nothing to do.
    if (DEVELOPMENT) realm.hot?.follow(load, () => crews.delete(load))
  }
  return crew.call('run', args, bgCompute) as unknown as ComputeResult<M>
}

function makeCrew(load: Load<unknown>): Crew {
  // In process there is no start to save.
  let warm = 0
  const loadWorker: Load<unknown> = (options) => {
    const loaded = load(options)
    if (isEndpoint(loaded)) warm = WARM
    return loaded
  }
  return new Crew(loadWorker, {
    name: 'bgcompute',
    // It may compute for as long as it likes.
    settings: { compute: true, restart: false, heartbeat: false, server: 'in-process' },
    size: countCores(),
    concurrency: 1,
    idleTimeout: () => warm,
    mortal: true,
  })
}
