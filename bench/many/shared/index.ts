/** The measures of a thread that all tabs share, beside one that is its page's own: `shared-…`. */
import { defineMeasure, type Measure } from '../../harness/measure.js'
import { pagesOf } from '../build.js'

/** What a function that runs in the page finds there, as `trips`. */
export type { TripDriver } from './driver.js'

/** One at a time, and a thousand in one task: the thread is kept from round to round. */
const calls = defineMeasure({
  id: 'shared',
  ...pagesOf('shared', ['bgthread', 'bgthread-own', 'raw', 'raw-own', 'comlink']),
  awake: true,
  results: {
    call: { title: 'one call at a time to a shared thread', unit: 'µs', better: 'lower' },
    calls: { title: '1,000 calls in one tick to a shared thread', unit: 'ms', better: 'lower' },
  },
  async run({ evaluate }) {
    await evaluate(() => trips.oneByOne(500))
    const call = await evaluate(() => trips.oneByOne(2000))
    const calls = await evaluate(() => trips.atOnce(1000))
    return { call, calls }
  },
})

export const sharedMeasures: readonly Measure[] = [calls]
