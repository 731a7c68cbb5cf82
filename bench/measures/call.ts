import { defineMeasure } from '../harness/measure.js'

/** A call, its answer awaited, then the next one. */
export default defineMeasure({
  id: 'call',
  awake: true,
  needs: ['calls'],
  results: { '': { title: 'one call at a time, cores awake', unit: 'µs', better: 'lower' } },
  async run({ evaluate }) {
    const us = await evaluate(async () => {
      const session = await bench.open()
      const once = async (count: number) => {
        let sum = 0
        const start = performance.now()
        for (let i = 0; i < count; i++) sum += await session.add(i, 1)
        if (sum !== (count * (count + 1)) / 2) throw new Error(`${count} calls gave ${sum}`)
        return ((performance.now() - start) * 1000) / count
      }
      await once(500)
      const us = await once(2000)
      bench.close()
      return us
    })
    return { '': us }
  },
})
