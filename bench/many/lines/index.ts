/** The measures of what one thread says to another: `line-…`. */
import { defineMeasure, type Measure } from '../../harness/measure.js'
import { pagesOf } from '../build.js'

/** What a function that runs in the page finds there, as `line`. */
export type { LineDriver } from './driver.js'

/** One at a time, and a thousand in one task: the threads are kept from round to round. */
const calls = defineMeasure({
  id: 'line',
  ...pagesOf('lines', ['bgthread', 'bgthread-by-page', 'raw', 'raw-by-page', 'comlink']),
  awake: true,
  results: {
    call: { title: 'one call at a time from thread to thread', unit: 'µs', better: 'lower' },
    main: { title: '2,000 calls from thread to thread, UI thread', unit: 'ms', better: 'lower' },
    calls: { title: '1,000 calls in one tick from thread to thread', unit: 'ms', better: 'lower' },
  },
  async run({ evaluate, timed }) {
    await evaluate(async () => (await line).oneByOne(500))
    const { value, main } = await timed(async () => (await line).oneByOne(2000))
    const calls = await evaluate(async () => (await line).atOnce(1000))
    return { call: value, main, calls }
  },
})

export const lineMeasures: readonly Measure[] = [calls]
