import { defineMeasure } from '../harness/measure.js'
import { openAndTry, tooSlow } from './quadratic.js'

/** Ten thousand calls in one task. */
export default defineMeasure({
  id: 'calls-10000',
  needs: ['calls'],
  results: {
    wall: { title: '10,000 calls in one tick', unit: 'ms', better: 'lower' },
    main: { title: '10,000 calls in one tick, UI thread', unit: 'ms', better: 'lower' },
  },
  async run({ evaluate, timed }) {
    const cannot = tooSlow(await evaluate(openAndTry))
    if (cannot) return cannot
    const { value: wall, main } = await timed(async () => {
      const start = performance.now()
      await bench.addAll(bench.session, 10_000)
      return performance.now() - start
    })
    await evaluate(() => bench.close())
    return { wall, main }
  },
})
