import { defineMeasure } from '../harness/measure.js'

/** Ten calls in one task, of 5 ms of work each: whether the first answer waits for the last. */
export default defineMeasure({
  id: 'first-reply',
  needs: ['calls'],
  results: { '': { title: 'first reply of ten calls of 5 ms', unit: 'ms', better: 'lower' } },
  async run({ evaluate }) {
    const ms = await evaluate(async () => {
      const session = await bench.open()
      await session.work(1)
      let first = 0
      const start = performance.now()
      const calls = Array.from({ length: 10 }, () =>
        session.work(5).then((ms) => {
          first ||= performance.now() - start
          return ms
        }),
      )
      const answers = await Promise.all(calls)
      bench.close()
      if (answers.some((ms) => ms !== 5)) throw new Error(`the answers are ${answers.join()}`)
      return first
    })
    return { '': ms }
  },
})
