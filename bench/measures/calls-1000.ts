import { defineMeasure } from '../harness/measure.js'
import { openAndWarm } from './quadratic.js'

/** A thousand calls that an app makes in one task: the middle one of eleven times. */
export default defineMeasure({
  id: 'calls-1000',
  needs: ['calls'],
  results: { '': { title: '1,000 calls in one tick', unit: 'ms', better: 'lower' } },
  async run({ evaluate }) {
    await evaluate(openAndWarm)
    const ms = await evaluate(async () => {
      const times: number[] = []
      // Once is enough of what takes a second.
      while (times.length < 11 && !(times[0] && times[0] > 500)) {
        const start = performance.now()
        await bench.addAll(bench.session, 1000)
        times.push(performance.now() - start)
      }
      bench.close()
      return times.sort((a, b) => a - b)[times.length >> 1] ?? Number.NaN
    })
    return { '': ms }
  },
})
