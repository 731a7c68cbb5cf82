import { defineMeasure } from '../harness/measure.js'

/** The first thousand calls of a new page, in one task: before the engine has made anything fast. */
export default defineMeasure({
  id: 'calls-first',
  needs: ['calls'],
  fresh: true,
  results: { '': { title: 'the first 1,000 calls of a page, in one tick', unit: 'ms', better: 'lower' } },
  async run({ evaluate }) {
    const ms = await evaluate(async () => {
      const session = await bench.open()
      await bench.addAll(session, 1)
      const start = performance.now()
      await bench.addAll(session, 1000)
      const time = performance.now() - start
      bench.close()
      return time
    })
    return { '': ms }
  },
})
