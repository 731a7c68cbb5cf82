import { defineMeasure } from '../harness/measure.js'

/** How long a page waits for the first answer of a thread that it starts: the middle one of five. */
export default defineMeasure({
  id: 'spawn',
  needs: ['calls'],
  results: { '': { title: 'start of a thread to its first reply', unit: 'ms', better: 'lower' } },
  async run({ evaluate }) {
    const ms = await evaluate(async () => {
      const times: number[] = []
      for (let i = 0; i < 5; i++) {
        const start = performance.now()
        const session = await bench.start()
        const sum = await session.add(1, 2)
        times.push(performance.now() - start)
        session.end()
        if (sum !== 3) throw new Error(`1 + 2 is not ${sum}`)
      }
      return times.sort((a, b) => a - b)[2] ?? Number.NaN
    })
    return { '': ms }
  },
})
