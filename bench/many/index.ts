/** The measures of many threads: pools, single computations, shared threads, and lines from thread to thread. */
import type { Measure } from '../harness/measure.js'
import { computeMeasures } from './compute/index.js'
import { lineMeasures } from './lines/index.js'
import { poolMeasures } from './pools/index.js'
import { sharedMeasures } from './shared/index.js'

export const manyMeasures: readonly Measure[] = [
  ...poolMeasures,
  ...computeMeasures,
  ...sharedMeasures,
  ...lineMeasures,
]
