/** Computes in the page of a contender, and checks the results. Called from outside, as `compute`. */
import { checkProduction } from '../production.js'

export interface ComputeDriver {
  /** Computes so many times, one after another, and gives the time of each, in ms. */
  times(count: number): Promise<number[]>
}

declare global {
  // oxlint-disable-next-line vars-on-top no-var -- the only way to declare a global
  var compute: ComputeDriver
}

/** Offers `compute` to whoever measures this page. */
export function drive(total: (text: string) => PromiseLike<number>): void {
  checkProduction()
  globalThis.compute = {
    async times(count) {
      const times: number[] = []
      for (let i = 1; i <= count; i++) {
        const text = Array.from({ length: 100 }, (_, j) => i * j).join(' ')
        const start = performance.now()
        const sum = await total(text)
        times.push(performance.now() - start)
        if (sum !== i * 4950) throw new Error(`the total is ${sum} and not ${i * 4950}`)
      }
      return times
    },
  }
}
