import { defineMeasure, type Outcome } from '../harness/measure.js'

const counts = [10, 100, 1000, 10_000, 100_000] as const

/** A point that takes longer ends the curve, in ms; so does one that would take four times as long. */
const patience = 5000

/** How the time of calls in one task grows with their number. */
export default defineMeasure({
  id: 'growth-calls',
  needs: ['calls'],
  rounds: 3,
  limit: 120_000,
  results: Object.fromEntries(
    counts.map((count) => [
      count,
      { title: `${count.toLocaleString('en')} calls in one tick`, unit: 'ms', better: 'lower' as const },
    ]),
  ),
  async run({ evaluate }) {
    await evaluate(async () => void (await bench.open()))
    const outcomes: Record<string, Outcome> = {}
    let last = 0
    let expected = 0
    for (const count of counts) {
      if (last > patience || expected > 4 * patience) {
        outcomes[count] = {
          cannot: `It would take about ${Math.round(Math.max(10 * last, expected) / 1000)} s.`,
        }
        continue
      }
      const ms = await evaluate(async (count) => {
        const start = performance.now()
        await bench.addAll(bench.session, count)
        return performance.now() - start
      }, count)
      outcomes[count] = ms
      // The curve goes on as it did, once it is above what a round trip takes.
      expected = last > 1 ? (ms * ms) / last : 0
      last = ms
    }
    await evaluate(() => bench.close())
    return outcomes
  },
})
