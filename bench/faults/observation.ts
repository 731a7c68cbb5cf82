/** What was seen of a fault. */

/** What a promise settled with. */
export interface Value {
  /** In one line: an error's message, or the value itself. */
  text: string
  /** Of an error only. */
  name?: string
  code?: string
}

/** What became of a call: `throws` is at once, `hangs` is not settled within the fault's bound. */
export type Settled =
  | { how: 'hangs' }
  | {
      how: 'resolves' | 'rejects' | 'throws'
      /** From the fault on, or from the call where that is later. */
      ms: number
      value: Value
    }

/** What the page saw of one trial. */
export interface Observation {
  /** The call that the fault befalls. */
  call?: Settled
  /** An honest call after it, to the same thread. */
  next?: Settled
  /** What else was found, in words. */
  found?: string
  /** What was counted: the fault says what it is (`Fault.say`). */
  numbers?: Record<string, number>
}

/** An observation, and who was told besides the caller: `console`, `uncaught error`, the `error` event … */
export interface Outcome extends Observation {
  told: string[]
}

/** The same outcome of several trials: ms and numbers are medians. */
export interface Repeated extends Outcome {
  times: number
}
