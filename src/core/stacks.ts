/** Where a call was made, for the errors it may bring. */

/** A stack that was taken; it is formatted only where it is looked at. */
export interface Trace {
  stack?: string
}

/** Calls in one tick whose stack is taken; the others share the last one, which is nearly always the same line. */
const TRACES_PER_TICK = 16

/** Takes the callers' stacks: a few microseconds each, so not of every call in a loop. */
export class Tracer {
  #last: Trace | undefined
  #action = ''
  #taken = 0

  /** @param above the function whose caller is the user's line */
  take(action: string, above: unknown): Trace | undefined {
    if (this.#taken === 0) queueMicrotask(() => (this.#taken = 0))
    // A wrong line is worse than none: only a loop over the same action shares the last one.
    if (this.#taken++ >= TRACES_PER_TICK) return action === this.#action ? this.#last : undefined
    this.#action = action
    return (this.#last = trace(above as () => void))
  }
}

function trace(above: () => void): Trace {
  // Half the cost of a new Error, where the engine has it.
  if (!Error.captureStackTrace) return new Error()
  const taken: Trace = {}
  Error.captureStackTrace(taken, above)
  return taken
}

/** Puts the caller's stack behind the thread's, so that one trace leads from the fault to the click. */
export function appendStack(error: Error, action: string, caller: Trace | undefined): void {
  if (!caller?.stack) return
  const frames = caller.stack.replace(/^(Error|\[object Object\])[^\n]*\n/, '')
  Object.defineProperty(error, 'stack', {
    value: `${error.stack ?? String(error)}\n    at --- ${action}, called by ---\n${frames}`,
    writable: true,
    configurable: true,
  })
}
