import type { Observation } from './observation.js'
import type { Trial } from './trial.js'

/** The tables that faults are shown in. */
export const groups = {
  start: 'The thread does not start',
  end: 'The thread ends or hangs',
  values: 'What crosses, and what is thrown',
  bounds: 'Messages, reach and floods',
} as const

/** One thing that goes wrong. It is run in the page of each subject, the same way. */
export interface Fault {
  id: string
  group: keyof typeof groups
  /** A Markdown phrase. */
  title: string
  /** How long a call may take, in ms. Default: `BOUND`. */
  bound?: number
  run(trial: Trial): Promise<Observation>
  /** What the numbers of an observation say. */
  say?(numbers: Record<string, number>): string
}

/** How long a call may take until it counts as hanging, in ms. */
export const BOUND = 5_000

/** The same where a library waits by itself: for a start, for signs of life. */
export const LONG_BOUND = 15_000
