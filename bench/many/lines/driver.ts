/** Has one thread call another. Called from outside, as `line`. */
import { checkProduction } from '../production.js'

/** The thread that calls, once it can reach the other one. It times what it does (`../trips.ts`). */
export interface LineDriver {
  /** Calls one after another: µs each. */
  oneByOne(count: number): PromiseLike<number>
  /** Calls in one task, the middle one of some times: ms. */
  atOnce(count: number): PromiseLike<number>
}

declare global {
  // oxlint-disable-next-line vars-on-top no-var -- the only way to declare a global
  var line: Promise<LineDriver>
}

/** Offers `line` to whoever measures this page. */
export function drive(connect: () => Promise<LineDriver>): void {
  checkProduction()
  globalThis.line = connect()
}
