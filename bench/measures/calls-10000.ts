import { summarise } from '../harness/statistics.js'
import { defineMeasure } from '../harness/measure.js'
import { openAndWarm, tooSlow } from './quadratic.js'

/** In a contender's page. */
async function addTenThousand(): Promise<number> {
  const start = performance.now()
  await bench.addAll(bench.session, 10_000)
  return performance.now() - start
}

/** Ten thousand calls in one task: the middle one of five times, after one that does not count. */
export default defineMeasure({
  id: 'calls-10000',
  needs: ['calls'],
  results: {
    wall: { title: '10,000 calls in one tick', unit: 'ms', better: 'lower' },
    main: { title: '10,000 calls in one tick, UI thread', unit: 'ms', better: 'lower' },
  },
  async run({ evaluate, timed }) {
    const cannot = tooSlow(await evaluate(openAndWarm))
    if (cannot) return cannot
    await evaluate(addTenThousand)
    const walls: number[] = []
    const mains: number[] = []
    // Once is enough of what takes a second.
    while (walls.length < 5 && !(walls[0] && walls[0] > 1_000)) {
      const { value, main } = await timed(addTenThousand)
      walls.push(value)
      mains.push(main)
    }
    await evaluate(() => bench.close())
    return { wall: summarise(walls).median, main: summarise(mains).median }
  },
})
