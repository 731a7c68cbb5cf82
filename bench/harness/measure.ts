import type { CDPSession, Page } from 'playwright'
import type { Feature } from '../contenders/contender.js'
import type { Builder } from './build.js'

/** What a function that runs in a contender's page finds there, as `bench`. */
export type { Bench } from '../pages/contender/bench.js'

/** A number, or why there is none. */
export type Outcome = number | Cannot

/** Why a contender has no number: one sentence. */
export interface Cannot {
  cannot: string
}

/** What a number of a measure says. */
export interface ResultInfo {
  title: string
  /** `ms`, `µs`, `kB` … */
  unit: string
  better: 'lower' | 'higher'
}

/** What one run is given. */
export interface Context {
  contender: string
  /** Opened at the contender's page. Kept from round to round, but where the measure says `fresh`. */
  page: Page
  /** A DevTools session of the page. */
  cdp: CDPSession
  /** From 0; -1 is the round that is not counted. */
  round: number
  /** Whether numbers need not be exact. */
  quick: boolean
  /** Runs a function in the page. It sees its argument and the page's globals only. */
  evaluate<R, A = undefined>(fn: (argument: A) => R | Promise<R>, argument?: A): Promise<R>
  /** The same, and how long the UI thread was busy meanwhile, in ms. */
  timed<R, A = undefined>(
    fn: (argument: A) => R | Promise<R>,
    argument?: A,
  ): Promise<{ value: R; main: number }>
}

/** One thing that is measured: see README.md. */
export interface Measure<Key extends string = string> {
  id: string
  /** What each run gives, by the id's ending: `wall` of `calls-1000` is `calls-1000-wall`, `''` is `calls-1000`. */
  results: Record<Key, ResultInfo>
  /** What a contender must be able to do. Those that cannot have the sentence of theirs as result. */
  needs?: readonly Feature[]
  /** The names of its contenders. Default: all of `contenders/`. */
  contenders?: readonly string[]
  /** Builds what it needs besides the contenders' pages; once, before the first round. */
  prepare?(builder: Builder, contenders: readonly string[]): Promise<void>
  /** The built page a contender is opened in, relative to `dist/`. Default: `contenders/<contender>/`. */
  page?(contender: string): string
  /** Whether no core may sleep meanwhile. Default: false. */
  awake?: boolean
  /** Whether each round gets a new page, and none is left uncounted. Default: false. */
  fresh?: boolean
  /** At most so many rounds. */
  rounds?: number
  /** How long one run may take, in ms. Default: 60,000. A contender that takes longer is given up. */
  limit?: number
  /** One run of one contender: a number for each result, or why there is none. Throws where an answer is wrong. */
  run(context: Context): Promise<Record<NoInfer<Key>, Outcome> | Cannot>
}

/** Gives the measure back: for the types. */
export const defineMeasure = <Key extends string>(measure: Measure<Key>): Measure => measure

/** The id of a result's row: `calls-10000-wall`, or that of the measure where the key is `''`. */
export const rowId = ({ id }: Pick<Measure, 'id'>, key: string) => (key ? `${id}-${key}` : id)

/** Whether there is a sentence instead of a number. */
export const isCannot = (outcome: unknown): outcome is Cannot =>
  typeof outcome === 'object' && outcome !== null && 'cannot' in outcome

/** Whether it is a library beside bgthread: neither bgthread, however it is used, nor written by hand. */
export const isPeer = (contender: string) => !/^(bgthread|raw|ui-thread)/.test(contender)
