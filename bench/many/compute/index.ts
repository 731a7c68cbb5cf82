/** The measures of single computations, each in a thread of its own: `compute-…`. */
import { defineMeasure, type Measure } from '../../harness/measure.js'
import { pagesOf } from '../build.js'

/** What a function that runs in the page finds there, as `compute`. */
export type { ComputeDriver } from './driver.js'

/** One after another, in a new page: with one clock step of 0.1 ms, the tenth is the mean of ten. */
const times = defineMeasure({
  id: 'compute',
  ...pagesOf('compute', ['bgthread', 'bgthread-fresh', 'raw']),
  awake: true,
  fresh: true,
  results: {
    first: { title: 'the first computation of a page', unit: 'ms', better: 'lower' },
    tenth: { title: 'the tenth computation, and the nine after it, each', unit: 'ms', better: 'lower' },
  },
  async run({ evaluate }) {
    const times = await evaluate(() => compute.times(19))
    const late = times.slice(9)
    return { first: times[0] ?? Number.NaN, tenth: late.reduce((sum, ms) => sum + ms, 0) / late.length }
  },
})

export const computeMeasures: readonly Measure[] = [times]
