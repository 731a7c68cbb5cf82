import type { Browser } from 'playwright'
import type { Feature } from '../contenders/contender.js'
import { keepAwake } from './awake.js'
import { isCannot, type Cannot, type Measure, type Outcome } from './measure.js'
import { open, type Opened } from './open.js'
import { shuffled, summarise, type Summary } from './statistics.js'

/** What a measure gave: for each result, what each contender has. */
export type Found = Record<string, Record<string, Summary | Cannot>>

/** How a measure is run. */
export interface RoundOptions {
  browser: Browser
  /** Where `dist/` is served. */
  url: string
  /** Names of the contenders that take part. */
  contenders: readonly string[]
  rounds: number
  quick: boolean
  /** Told before each run. */
  onRun(round: number, contender: string): void
}

/** Runs a measure's rounds: in each, every contender once, in an order that is shuffled anew. */
export async function runRounds(measure: Measure, options: RoundOptions): Promise<Found> {
  const { contenders, onRun } = options
  const rounds = Math.min(options.rounds, measure.rounds ?? Infinity)
  const pages = new Pages(measure, options)
  const outcomes = new Map<string, Record<string, Outcome>[]>(contenders.map((name) => [name, []]))
  const givenUp = new Map<string, Cannot>()
  const letSleep = measure.awake ? keepAwake() : undefined
  try {
    // A new page has nothing of the round before: none to warm it up.
    for (let round = measure.fresh ? 0 : -1; round < rounds; round++) {
      for (const contender of shuffled(contenders)) {
        if (givenUp.has(contender)) continue
        onRun(round, contender)
        const outcome = await runOnce(measure, pages, contender, round, options.quick)
        if (isCannot(outcome)) givenUp.set(contender, outcome)
        else if (round >= 0) outcomes.get(contender)?.push(outcome)
        if (measure.fresh || isCannot(outcome)) await pages.close(contender)
      }
    }
  } finally {
    letSleep?.()
    await pages.closeAll()
  }

  const found: Found = {}
  for (const key of Object.keys(measure.results)) {
    const ofKey: Found[string] = (found[key] = {})
    for (const contender of contenders) {
      ofKey[contender] = givenUp.get(contender) ?? summariseOutcomes(outcomes.get(contender) ?? [], key)
    }
  }
  return found
}

/** The page of each contender, opened when it is asked for. */
class Pages {
  #opened = new Map<string, Opened>()

  constructor(
    private measure: Measure,
    private options: RoundOptions,
  ) {}

  async get(contender: string): Promise<Opened> {
    let opened = this.#opened.get(contender)
    if (!opened) {
      const path = this.measure.page?.(contender) ?? `contenders/${contender}/`
      opened = await open(this.options.browser, this.options.url + path)
      this.#opened.set(contender, opened)
    }
    return opened
  }

  async close(contender: string): Promise<void> {
    await this.#opened.get(contender)?.close()
    this.#opened.delete(contender)
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#opened.values()].map((page) => page.close()))
  }
}

/** One run of one contender: its numbers, or why there are none. An error is said at once, and is such a reason. */
async function runOnce(measure: Measure, pages: Pages, contender: string, round: number, quick: boolean) {
  let opened: Opened | undefined
  try {
    opened = await pages.get(contender)
    const missing = measure.needs && (await opened.evaluate(findMissing, measure.needs))
    if (missing) return { cannot: missing }
    const { page, cdp, evaluate, timed } = opened
    const run = measure.run({ contender, round, quick, page, cdp, evaluate, timed })
    return await within(measure.limit ?? 60_000, run)
  } catch (error) {
    console.error(`\n${measure.id}, ${contender}:`, error, ...(opened?.errors ?? []))
    return { cannot: `It failed: ${String(error).split('\n')[0]}` }
  }
}

/** In a contender's page: why it cannot do one of these. */
const findMissing = (needs: readonly Feature[]) =>
  needs.map((feature) => bench.cannot?.[feature]).find((reason) => reason !== undefined)

/** The numbers of one result, or why there is none in most rounds. */
function summariseOutcomes(outcomes: Record<string, Outcome>[], key: string): Summary | Cannot {
  const ofKey = outcomes.map((outcome) => outcome[key])
  const numbers = ofKey.filter((outcome) => typeof outcome === 'number')
  const reasons = ofKey.filter(isCannot)
  return reasons[0] && reasons.length > numbers.length ? reasons[0] : summarise(numbers)
}

/** What the promise gives, or that it took too long. */
async function within<T>(limit: number, promise: Promise<T>): Promise<T | Cannot> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Cannot>((resolve) => {
    timer = setTimeout(() => resolve({ cannot: `It took more than ${limit / 1000} s.` }), limit)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
    promise.catch(() => {})
  }
}
