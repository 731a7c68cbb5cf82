import type { Fault } from '../fault.js'
import { boundFaults } from './bounds.js'
import { endFaults } from './end.js'
import { startFaults } from './start.js'
import { valueFaults } from './values.js'

/** Every fault, in the order of the tables. */
export const faults: readonly Fault[] = [...startFaults, ...endFaults, ...valueFaults, ...boundFaults]
