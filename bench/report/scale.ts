/** Where a number is on an axis. */

export interface Scale {
  /** A number's place, in pixels from the axis' start. */
  at(value: number): number
  /** Numbers to be written on it. */
  ticks: number[]
  /** Whether it begins at 0: only then is a length from its start as long as the number is large. */
  fromZero: boolean
}

/** The numbers that an axis has to have room for. */
export interface Domain {
  lowest: number
  highest: number
}

/** What has room for all of them. */
export const domainOf = (values: readonly number[]): Domain => ({
  lowest: Math.min(...values),
  highest: Math.max(...values),
})

/**
 * An axis of so many pixels: logarithmic where numbers differ more than tenfold, else from 0.
 *
 * @param apart how many pixels two ticks have to be apart at least, for their numbers
 */
export function scaleFor({ lowest, highest }: Domain, length: number, apart: number): Scale {
  return lowest > 0 && highest > lowest * 10
    ? logarithmic({ lowest, highest }, length, apart)
    : linear(highest, length)
}

/** From 0 to a round number. */
function linear(highest: number, length: number): Scale {
  const step = roundUp(highest / 4)
  const count = Math.max(1, Math.ceil(highest / step - EPSILON))
  return {
    at: (value) => (value / (count * step)) * length,
    ticks: Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(6))),
    fromZero: true,
  }
}

/** From one of 1, 2, 5, 10 … to another, with a tick at each power of ten, or at every second, third … */
export function logarithmic({ lowest, highest }: Domain, length: number, apart: number): Scale {
  const from = Math.log10(roundDown(lowest))
  const to = Math.log10(roundUp(highest))
  const first = Math.ceil(from - EPSILON)
  const every = Math.ceil(apart / (length / (to - from)))
  const powers = Array.from({ length: Math.floor(to + EPSILON) - first + 1 }, (_, i) => first + i)
  return {
    at: (value) => ((Math.log10(value) - from) / (to - from)) * length,
    ticks: powers.filter((power) => power % every === 0).map((power) => Number(`1e${power}`)),
    fromZero: false,
  }
}

const EPSILON = 1e-9

/** The next of 1, 2, 5, 10 … that is at least so much. */
function roundUp(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  return [1, 2, 5, 10].map((times) => times * power).find((step) => step >= least * (1 - EPSILON)) ?? least
}

/** The last of them that is at most so much. */
function roundDown(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most))
  return [5, 2, 1].map((times) => times * power).find((step) => step <= most * (1 + EPSILON)) ?? most
}
