import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, release, type } from 'node:os'
import { fileURLToPath } from 'node:url'
import { goals, type Goal } from '../goals.js'
import { isCannot, isPeer, type Cannot, type ResultInfo } from './measure.js'
import type { Summary } from './statistics.js'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** What one number of a measure is, and what each contender has. */
export interface Row extends ResultInfo {
  id: string
  results: Record<string, Summary | Cannot>
}

/** A goal of the project, and whether it is met. */
export interface GoalResult {
  id: string
  title: string
  /** The row it looks at. */
  measure: string
  against: string
  goal: number
  /** bgthread's number, divided by what it is compared with where there is such. Absent where it was not measured. */
  value?: number
  met?: boolean
}

/** A run of the bench, as it is written to results/latest.json. */
export interface Results {
  date: string
  machine: { cores: number; cpu: string; node: string; browser: string; os: string; load: number }
  rounds: number
  versions: Record<string, string>
  measures: Row[]
  goals: GoalResult[]
}

/** What the numbers were measured on. `load` is how many programs ran in the minute before, on all cores. */
export const describeMachine = (browser: string, load: number): Results['machine'] => ({
  cores: cpus().length,
  cpu: cpus()[0]?.model.trim() ?? '',
  node: process.versions.node,
  browser: `Chromium ${browser}`,
  os: `${type()} ${release().split('.', 2).join('.')}`,
  load,
})

/** The version of each contender. */
export function readVersions(): Record<string, string> {
  const version = (path: string) =>
    (JSON.parse(readFileSync(here(`${path}/package.json`), 'utf8')) as { version: string }).version
  const { dependencies } = JSON.parse(readFileSync(here('../package.json'), 'utf8')) as {
    dependencies: Record<string, string>
  }
  const peers = Object.keys(dependencies).map((name) => [name, version(`../node_modules/${name}`)])
  return { bgthread: version('../..'), ...Object.fromEntries(peers) }
}

/** Every goal, with its value where its row was measured. */
export const checkGoals = (rows: readonly Row[]): GoalResult[] => goals.map((goal) => checkGoal(goal, rows))

function checkGoal(goal: Goal, rows: readonly Row[]): GoalResult {
  const { id, title, measure, against, better = 'lower' } = goal
  const result: GoalResult = { id, title, measure, against, goal: goal.goal }
  const own = medians(rows, measure).get('bgthread')
  const other = against === 'limit' ? 1 : findCompared(goal, rows)
  if (own === undefined || other === undefined) return result
  result.value = own / other
  result.met = better === 'lower' ? result.value <= goal.goal : result.value >= goal.goal
  return result
}

/** What a goal is compared with. */
function findCompared({ measure, of = measure, against, better }: Goal, rows: readonly Row[]) {
  const all = medians(rows, of)
  if (against !== 'best peer') return all.get(against)
  const peers = [...all].filter(([name]) => isPeer(name)).map(([, median]) => median)
  if (peers.length === 0) return undefined
  return better === 'higher' ? Math.max(...peers) : Math.min(...peers)
}

/** The numbers of a row, by contender. */
function medians(rows: readonly Row[], id: string): Map<string, number> {
  const medians = new Map<string, number>()
  for (const [name, result] of Object.entries(rows.find((row) => row.id === id)?.results ?? {})) {
    if (!isCannot(result)) medians.set(name, result.median)
  }
  return medians
}

/** Writes the results, and gives the file's path. */
export async function save(results: Results, partial: boolean): Promise<string> {
  await mkdir(here('../results'), { recursive: true })
  const path = here(`../results/${partial ? 'partial' : 'latest'}.json`)
  await writeFile(path, `${onOneLine(JSON.stringify(results, round, 2))}\n`)
  return path
}

/** Four digits are more than a run is worth. */
const round = (_key: string, value: unknown) =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value

/** What a contender has stands on one line: a thousand of these make the file. */
const onOneLine = (json: string) =>
  json.replace(/\{\s+("median":[^}]*?)\s+\}/g, (_, inside: string) => `{ ${inside.replace(/\n\s+/g, ' ')} }`)
