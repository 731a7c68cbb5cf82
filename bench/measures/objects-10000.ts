import { defineMeasure } from '../harness/measure.js'
import { openAndTry, tooSlow } from './quadratic.js'

/**
 * Ten thousand calls in one task, each with a small plain object of its own. The page changes each object right after
 * the call; what arrives must be what was passed.
 */
export default defineMeasure({
  id: 'objects-10000',
  needs: ['calls'],
  results: {
    wall: { title: '10,000 calls with a small object each', unit: 'ms', better: 'lower' },
    main: { title: '10,000 calls with a small object each, UI thread', unit: 'ms', better: 'lower' },
  },
  async run({ evaluate, timed }) {
    const cannot = tooSlow(await evaluate(openAndTry))
    if (cannot) return cannot
    const { value, main } = await timed(async () => {
      const count = 10_000
      let expected = 0
      let total = 0
      const start = performance.now()
      await new Promise<void>((resolve, reject) => {
        let left = count
        const onSum = (sum: number) => {
          total += sum
          if (--left === 0) resolve()
        }
        for (let i = 0; i < count; i++) {
          const todo = { id: i, title: `todo number ${i}`, tags: [i % 7] }
          expected += i + todo.title.length + (i % 7)
          bench.session.put(todo).then(onSum, reject)
          todo.title = 'changed'
          todo.tags[0] = 1000
        }
      })
      return { wall: performance.now() - start, right: total === expected }
    })
    await evaluate(() => bench.close())
    if (!value.right) return { cannot: 'An object that is changed after the call arrives changed.' }
    return { wall: value.wall, main }
  },
})
