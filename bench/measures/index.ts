import type { Measure } from '../harness/measure.js'
import { listMeasures } from '../lists/index.js'
import { manyMeasures } from '../many/index.js'
import { tableMeasures } from '../tables/index.js'
import { burst, flood } from './burst.js'
import busy from './busy.js'
import { copy, move } from './bytes.js'
import call from './call.js'
import calls1000 from './calls-1000.js'
import callsFirst from './calls-first.js'
import calls10000 from './calls-10000.js'
import firstReply from './first-reply.js'
import growth from './growth.js'
import { callsMemory, subscriptionsMemory } from './memory.js'
import objects10000 from './objects-10000.js'
import size from './size.js'
import spawn from './spawn.js'

/** All that is measured, in the order it is shown. */
export const measures: readonly Measure[] = [
  spawn,
  call,
  callsFirst,
  calls1000,
  calls10000,
  objects10000,
  firstReply,
  burst,
  flood,
  busy,
  move,
  copy,
  callsMemory,
  subscriptionsMemory,
  growth,
  size,
  ...listMeasures,
  ...tableMeasures,
  ...manyMeasures,
]
