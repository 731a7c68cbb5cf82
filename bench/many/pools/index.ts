/** The measures of pools: `pool-…`. */
import { watchHeaps } from '../../harness/heap.js'
import { defineMeasure, type Measure } from '../../harness/measure.js'
import { pagesOf } from '../build.js'

/** What a function that runs in the page finds there, as `pools`. */
export type { PoolDriver } from './driver.js'

const pages = pagesOf('pools', ['bgthread', 'raw', 'workerpool', 'threads'])

/** A thousand tasks that an app gives in one task, to a pool whose threads are there. */
const throughput = (ms: number, rounds: number) =>
  defineMeasure({
    id: `pool-${ms}ms`,
    ...pages,
    rounds,
    results: {
      wall: { title: `1,000 tasks of ${ms} ms in a pool`, unit: 'ms', better: 'lower' },
      main: { title: `1,000 tasks of ${ms} ms in a pool, UI thread`, unit: 'ms', better: 'lower' },
    },
    async run({ evaluate, timed }) {
      await evaluate(() => pools.start())
      await evaluate(() => pools.run(100, 0))
      const { value, main } = await timed((ms) => pools.run(1000, ms), ms)
      await evaluate(() => pools.end())
      return { wall: value, main }
    },
  })

/** From the making of a pool until each of its threads has answered: the middle one of five. */
const start = defineMeasure({
  id: 'pool-start',
  ...pages,
  results: {
    '': { title: 'start of a pool to the first reply of each thread', unit: 'ms', better: 'lower' },
  },
  async run({ evaluate }) {
    const ms = await evaluate(async () => {
      const times: number[] = []
      for (let i = 0; i < 5; i++) {
        times.push(await pools.start())
        pools.end()
      }
      return times.sort((a, b) => a - b)[2] ?? Number.NaN
    })
    return { '': ms }
  },
})

/** What a pool takes that has done a thousand tasks and has nothing to do. */
const memory = defineMeasure({
  id: 'pool-memory',
  ...pages,
  fresh: true,
  rounds: 3,
  results: {
    page: { title: 'heap that a pool takes, UI side', unit: 'kB', better: 'lower' },
    threads: { title: 'heaps of the threads of a pool', unit: 'kB', better: 'lower' },
  },
  async run({ cdp, evaluate }) {
    const heaps = await watchHeaps(cdp)
    const before = await heaps.readPage()
    await evaluate(() => pools.start())
    await evaluate(() => pools.run(1000, 0))
    const { page, thread } = await heaps.read()
    return { page: page - before, threads: thread }
  },
})

export const poolMeasures: readonly Measure[] = [throughput(1, 5), throughput(10, 3), start, memory]
