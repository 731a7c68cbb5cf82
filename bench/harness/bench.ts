import { rm } from 'node:fs/promises'
import { loadavg } from 'node:os'
import type { Plugin } from 'vite'
import { writeLatestReport } from '../report/index.js'
import { buildContender, createBuilder, dist, findContenders, type Builder } from './build.js'
import { choose, type Part } from './choose.js'
import { launch, readBrowserVersion } from './launch.js'
import { isCannot, rowId } from './measure.js'
import type { Options } from './options.mjs'
import { createProgress, type Progress } from './progress.js'
import { checkGoals, describeMachine, readVersions, save, type Results, type Row } from './results.js'
import { runRounds, type RoundOptions } from './rounds.js'
import { serve } from './serve.js'
import { printGoals, printTable } from './table.js'

/** What all parts share. */
interface Shared extends Pick<RoundOptions, 'url' | 'rounds' | 'quick'> {
  builder: Builder
  progress: Progress
}

/**
 * Runs the measures that are wanted, with the plugin of the built package, and writes what they gave. The result is
 * the program's exit code: 1 where a measure failed.
 */
export async function run(options: Options, bgthread: () => Plugin): Promise<number> {
  const [load = 0] = loadavg()
  if (load > 1) console.warn(`This machine is busy (load ${load.toFixed(1)}): the numbers will show it.`)
  const known = await findContenders()
  const parts = choose(options, known)
  const progress = createProgress(parts.length)
  const builder = createBuilder(bgthread)
  for (const name of known.filter((name) => parts.some(({ contenders }) => contenders.includes(name)))) {
    progress.say(`building ${name}`)
    await buildContender(builder, name)
  }

  const { rounds, quick } = options
  const machine = describeMachine(await readBrowserVersion(), load)
  const date = new Date().toISOString()
  const server = await serve(dist)
  const rows: Row[] = []
  try {
    const shared: Shared = { url: server.url, rounds, quick, builder, progress }
    for (const part of parts) rows.push(...(await runPart(part, shared)))
  } finally {
    await server.close()
    await rm(dist, { recursive: true, force: true })
  }

  const goals = checkGoals(rows)
  printGoals(goals)
  const results: Results = { date, machine, rounds, versions: readVersions(), measures: rows, goals }
  const partial = isPartial(options)
  console.log(`\n${await save(results, partial)}`)
  if (!partial) await writeLatestReport()
  return rows.some(hasFailed) ? 1 : 0
}

/** Runs a measure in a browser of its own: one that dies takes no other measure with it. */
async function runPart(
  { measure, contenders }: Part,
  { builder, progress, ...shared }: Shared,
): Promise<Row[]> {
  progress.begin(measure.id)
  await measure.prepare?.(builder, contenders)
  const browser = await launch()
  const onRun = (round: number, contender: string) =>
    progress.say(`${round < 0 ? 'warm-up' : `round ${round + 1}`}, ${contender}`)
  const options: RoundOptions = { ...shared, browser, contenders, onRun }
  const found = await runRounds(measure, options).finally(() => browser.close())
  progress.end()
  const rows = Object.entries(measure.results).map(([key, info]): Row => {
    return Object.assign({ id: rowId(measure, key) }, info, { results: found[key] ?? {} })
  })
  rows.forEach(printTable)
  return rows
}

const isPartial = ({ quick, only, bench }: Options) => quick || only.length > 0 || bench.length > 0

/** Whether an error, and not a limit of the contender, is why there is no number. bgthread has no such limit. */
const hasFailed = ({ results }: Row) =>
  Object.entries(results).some(
    ([name, result]) => isCannot(result) && (name === 'bgthread' || result.cannot.startsWith('It failed')),
  )
