/** Drives a pool in its page, and checks what its threads have done. Called from outside, as `pools`. */
import { checkProduction } from '../production.js'
import type { Done } from './task.js'

/** A pool of threads that run `work`, as its page sees it. Each contender has its own way to make it so. */
export interface PoolClient {
  work(task: number, ms: number): PromiseLike<Done>
  /** Ends all threads at once. */
  end(): unknown
}

export interface PoolDriver {
  /** Makes a pool, and gives the time until each of its threads has answered, in ms. */
  start(): Promise<number>
  /** Gives it tasks, all in one task of the page's, and gives the time until the last is done, in ms. */
  run(tasks: number, ms: number): Promise<number>
  end(): void
}

declare global {
  // oxlint-disable-next-line vars-on-top no-var -- the only way to declare a global
  var pools: PoolDriver
}

/** Offers `pools` to whoever measures this page. */
export function drive(open: (size: number) => PoolClient): void {
  checkProduction()
  // One for each core. One alone would be no pool.
  const size = Math.max(2, navigator.hardwareConcurrency)
  let client: PoolClient | undefined

  async function run(tasks: number, ms: number): Promise<number> {
    const start = performance.now()
    const done = await Promise.all(Array.from({ length: tasks }, (_, task) => client?.work(task, ms)))
    const time = performance.now() - start
    if (done.some((done, i) => done?.task !== i)) throw new Error('a result is that of another task')
    const threads = new Set(done.map((done) => done?.thread)).size
    if (threads !== size) throw new Error(`${threads} of ${size} threads have done something`)
    return time
  }

  globalThis.pools = {
    async start() {
      const start = performance.now()
      client = open(size)
      await run(size, 0)
      return performance.now() - start
    },
    run,
    end() {
      client?.end()
      client = undefined
    },
  }
}
