/** How often a thread may be started again by itself before it is given up: supervision as Erlang has it. */

export interface IntensityOptions {
  /** So many restarts are allowed … */
  max: number
  /** … within so many milliseconds; and so many starts in a row may fail. */
  within: number
}

export class Intensity {
  #times: number[] = []
  #inARow = 0

  constructor(private readonly options: IntensityOptions) {}

  /** Counts a restart. @returns false where that is one too many */
  allows(now = performance.now()): boolean {
    const { max, within } = this.options
    this.#times = this.#times.filter((time) => now - time < within)
    if (this.#times.length >= max || this.#inARow >= max) return false
    this.#times.push(now)
    this.#inARow++
    return true
  }

  /** A start has succeeded, or was asked for. */
  reset(): void {
    this.#inARow = 0
  }
}
