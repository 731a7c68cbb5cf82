/** Calls a thread from its page. Called from outside, as `trips`. */
import type { Add } from '../adder.js'
import { checkProduction } from '../production.js'
import { middleAtOnce, oneByOne } from '../trips.js'

export interface TripDriver {
  /** Calls one after another: µs each. */
  oneByOne(count: number): Promise<number>
  /** Calls in one task, the middle one of some times: ms. */
  atOnce(count: number): Promise<number>
}

declare global {
  // oxlint-disable-next-line vars-on-top no-var -- the only way to declare a global
  var trips: TripDriver
}

/** Offers `trips` to whoever measures this page. */
export function drive(add: Add): void {
  checkProduction()
  globalThis.trips = {
    oneByOne: (count) => oneByOne(add, count),
    atOnce: (count) => middleAtOnce(add, count),
  }
}
