import { summarise } from '../harness/statistics.js'
import type { Outcome, Repeated, Settled } from './observation.js'

/** The different outcomes of a fault's trials on one subject, the most frequent first. */
export function gather(outcomes: readonly Outcome[]): Repeated[] {
  const alike = new Map<string, Outcome[]>()
  for (const outcome of outcomes) {
    const key = keyOf(outcome)
    alike.set(key, [...(alike.get(key) ?? []), outcome])
  }
  return [...alike.values()].map(unite).sort((a, b) => b.times - a.times)
}

/** What makes outcomes different: all but times, counts, and the words of errors. */
function keyOf({ call, next, found }: Outcome): string {
  const kind = (settled: Settled | undefined) => {
    if (!settled || settled.how === 'hangs') return settled?.how
    const { name, code, text } = settled.value
    return [settled.how, name ?? text, code]
  }
  return JSON.stringify([kind(call), kind(next), found])
}

function unite(outcomes: Outcome[]): Repeated {
  const [first] = outcomes as [Outcome]
  const { call, next, numbers, ...rest } = first
  const median = (pick: (outcome: Outcome) => number | undefined) =>
    summarise(outcomes.map(pick).filter((ms) => ms !== undefined)).median
  const united = (settled: Settled, pick: (outcome: Outcome) => Settled | undefined): Settled => {
    if (settled.how === 'hangs') return settled
    return {
      ...settled,
      ms: Math.round(
        median((outcome) => {
          const one = pick(outcome)
          return one && one.how !== 'hangs' ? one.ms : undefined
        }),
      ),
    }
  }
  return {
    ...(call && { call: united(call, (outcome) => outcome.call) }),
    ...(next && { next: united(next, (outcome) => outcome.next) }),
    ...rest,
    ...(numbers && {
      numbers: Object.fromEntries(
        Object.keys(numbers).map((key) => [key, Math.round(median((outcome) => outcome.numbers?.[key]))]),
      ),
    }),
    told: [...new Set(outcomes.flatMap(({ told }) => told))].sort(),
    times: outcomes.length,
  }
}
