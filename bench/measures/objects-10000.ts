import { summarise } from '../harness/statistics.js'
import { defineMeasure } from '../harness/measure.js'
import { openAndWarm, tooSlow } from './quadratic.js'

/** In a contender's page: calls with an object each, which is changed right after the call. */
async function putAll(): Promise<{ wall: number; right: boolean }> {
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
}

/**
 * Ten thousand calls in one task, each with a small plain object of its own. What arrives must be what was
 * passed. The middle one of five times, after one that does not count.
 */
export default defineMeasure({
  id: 'objects-10000',
  needs: ['calls'],
  results: {
    wall: { title: '10,000 calls with a small object each', unit: 'ms', better: 'lower' },
    main: { title: '10,000 calls with a small object each, UI thread', unit: 'ms', better: 'lower' },
  },
  async run({ evaluate, timed }) {
    const cannot = tooSlow(await evaluate(openAndWarm))
    if (cannot) return cannot
    await evaluate(putAll)
    const walls: number[] = []
    const mains: number[] = []
    // Once is enough of what takes a second.
    while (walls.length < 5 && !(walls[0] && walls[0] > 1_000)) {
      const { value, main } = await timed(putAll)
      if (!value.right) return { cannot: 'An object that is changed after the call arrives changed.' }
      walls.push(value.wall)
      mains.push(main)
    }
    await evaluate(() => bench.close())
    return { wall: summarise(walls).median, main: summarise(mains).median }
  },
})
