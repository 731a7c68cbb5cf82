import { rm } from 'node:fs/promises'
import { loadavg } from 'node:os'
import type { Browser } from 'playwright'
import type { Plugin } from 'vite'
import { createBuilder, dist } from '../harness/build.js'
import { launch, readBrowserVersion } from '../harness/launch.js'
import type { Options } from '../harness/options.mjs'
import { createProgress } from '../harness/progress.js'
import { describeMachine, readVersions } from '../harness/results.js'
import { serve } from '../harness/serve.js'
import { writeFaultReport } from '../report/faults.js'
import { buildSubject, findSubjects } from './build.js'
import { BOUND, type Fault } from './fault.js'
import { faults } from './list/index.js'
import type { Outcome } from './observation.js'
import { gather } from './repeated.js'
import { saveFaults, type FaultResults } from './results.js'
import { tryFault } from './try.js'
import { wordsOf } from './words.js'

/** Enough to see an outcome that is not always the same. */
const ROUNDS = 3

/** Pages at a time: most of them wait for what never comes. */
const AT_A_TIME = 4

/**
 * Tries the faults that are wanted on the subjects that are wanted, and writes what became of them. The result is the
 * program's exit code: 1 where a fault could not be tried.
 */
export async function run(options: Options, bgthread: () => Plugin): Promise<number> {
  const subjects = choose('subject', await findSubjects(), options.only, (name, wanted) => name === wanted)
  const ids = choose(
    'fault',
    faults.map(({ id }) => id),
    options.bench,
    (id, start) => id.startsWith(start),
  )
  const wanted = faults.filter(({ id }) => ids.includes(id))
  const rounds = options.quick ? 1 : Math.min(options.rounds, ROUNDS)
  const [load = 0] = loadavg()
  const machine = describeMachine(await readBrowserVersion(), load)
  const builder = createBuilder(bgthread)
  for (const name of subjects) await buildSubject(builder, name)
  const server = await serve(dist)
  const browser = await launch()
  const date = new Date().toISOString()
  let rows: FaultResults['faults']
  try {
    const progress = createProgress(1)
    progress.begin('faults')
    const onTry = (done: number, total: number) => progress.say(`${done} of ${total}`)
    const url = `${server.url}faults/`
    rows = await tryFaults({ browser, url, subjects, faults: wanted, rounds, onTry })
    progress.end()
  } finally {
    await browser.close()
    await server.close()
    await rm(dist, { recursive: true, force: true })
  }

  for (const { id, results } of rows) {
    console.log(`\n${id}`)
    const say = faults.find((fault) => fault.id === id)?.say
    for (const [subject, result] of Object.entries(results))
      console.log(`  ${subject.padEnd(10)}${'failed' in result ? result.failed : wordsOf(result, say)}`)
  }
  const known = readVersions()
  const versions = Object.fromEntries(subjects.map((name) => [name, known[name] ?? '']))
  const failed = rows.some(({ results }) => Object.values(results).some((result) => 'failed' in result))
  // What was tried in part is not what the papers show.
  const partial = failed || options.quick || options.only.length > 0 || options.bench.length > 0
  console.log(`\n${await saveFaults({ date, machine, rounds, versions, faults: rows }, partial)}`)
  if (!partial) await writeFaultReport()
  return failed ? 1 : 0
}

/** The names that are wanted; all, where none are. */
function choose(
  what: string,
  known: readonly string[],
  wanted: readonly string[],
  fits: (name: string, wanted: string) => boolean,
): string[] {
  const unknown = wanted.find((one) => !known.some((name) => fits(name, one)))
  if (unknown) throw new Error(`There is no ${what} '${unknown}': there are ${known.join(', ')}.`)
  return known.filter((name) => wanted.length === 0 || wanted.some((one) => fits(name, one)))
}

/** What is tried, and on whom. */
export interface Tries {
  browser: Browser
  /** Where the subjects' pages are served; ends with a slash. */
  url: string
  subjects: readonly string[]
  faults: readonly Fault[]
  /** How often; a fault with a bound of its own, which takes long, is tried once. */
  rounds: number
  /** Told before each try how many are done. */
  onTry?(done: number, total: number): void
}

/** Tries every fault on every subject. */
export async function tryFaults({
  browser,
  url,
  subjects,
  faults,
  rounds,
  onTry,
}: Tries): Promise<FaultResults['faults']> {
  const found = new Map<string, (Outcome | { failed: string })[]>()
  const tries = faults.flatMap((fault) =>
    subjects.flatMap((subject) =>
      Array.from({ length: fault.bound ? 1 : rounds }, () => async () => {
        const key = `${fault.id} ${subject}`
        const outcome = await tryFault(browser, url, subject, fault).catch((error: unknown) => ({
          failed: String(error).split('\n')[0] ?? '',
        }))
        found.set(key, [...(found.get(key) ?? []), outcome])
      }),
    ),
  )
  let done = 0
  const left = [...tries]
  const work = async () => {
    for (let one = left.shift(); one; one = left.shift()) {
      onTry?.(done, tries.length)
      await one()
      done++
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, work))
  return faults.map(({ id, group, title, bound = BOUND }) => ({
    id,
    group,
    title,
    bound,
    results: Object.fromEntries(
      subjects.map((subject) => {
        const outcomes = found.get(`${id} ${subject}`) ?? []
        const failed = outcomes.find((outcome) => 'failed' in outcome)
        const tried = outcomes.filter((outcome): outcome is Outcome => !('failed' in outcome))
        return [subject, failed ?? gather(tried)]
      }),
    ),
  }))
}
