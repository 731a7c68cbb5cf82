/** The report of the faults: tables in the papers that ask for them. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { groups } from '../faults/fault.js'
import { faults } from '../faults/list/index.js'
import { readFaults, type FaultResults } from '../faults/results.js'
import { wordsOf } from '../faults/words.js'
import { fillBlocks, formatted, table } from './blocks.js'

/** A library as its authors write it. */
const titleOf = (subject: string) => ({ comlink: 'Comlink', capnweb: "Cap'n Web" })[subject] ?? subject

type Row = FaultResults['faults'][number]

const root = fileURLToPath(new URL('../../', import.meta.url))

/** The papers that may have blocks of faults. */
const papers = ['docs/faults.md', 'docs/reliability.md']

/** By name: `<!-- faults start -->` in a paper asks for `start`. */
export const faultBlocks: Record<string, (results: FaultResults) => string> = {
  machine,
  summary,
  ...Object.fromEntries(
    Object.keys(groups).map((group) => [group, (results: FaultResults) => groupTable(results, group)]),
  ),
}

/** Each paper, relative to the project's folder, as it has to be for these results. */
export async function renderFaults(results: FaultResults): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for (const paper of papers) {
    const path = join(root, paper)
    const filled = fillBlocks(readFileSync(path, 'utf8'), 'faults', faultBlocks, results)
    files.set(paper, await formatted(path, filled))
  }
  return files
}

/** Writes the tables of the last whole run, without trying anything. */
export async function writeFaultReport(): Promise<void> {
  for (const [paper, content] of await renderFaults(await readFaults()))
    writeFileSync(join(root, paper), content)
}

function machine({ date, machine, rounds, versions }: FaultResults): string {
  const listed = Object.entries(versions).map(([name, version]) => `${titleOf(name)} ${version}`)
  return (
    `Tried on ${date.slice(0, 10)} in headless ${machine.browser} on ${machine.cores} cores, each fault ` +
    `${rounds} times (those with a bound of 15 s once), times being medians: ${listed.join(', ')}.`
  )
}

/** A line for each fault of a group, a column for each subject. */
function groupTable({ faults: rows, versions }: FaultResults, group: string): string {
  const subjects = Object.keys(versions)
  const lines = rows
    .filter((row) => row.group === group)
    .map((row) => [row.title].concat(subjects.map((subject) => cell(row, subject))))
  return table(['', ...subjects.map((subject) => `${titleOf(subject)} ${versions[subject]}`)], lines, '---')
}

/** What became of a fault on a subject. */
function cell({ id, results }: Row, subject: string): string {
  const outcomes = outcomesOf(results[subject])
  return outcomes.length > 0 ? wordsOf(outcomes, faults.find((fault) => fault.id === id)?.say) : '–'
}

const outcomesOf = (result: Row['results'][string] | undefined) =>
  result && !('failed' in result) ? result : []

/** How many calls hang, of those that a fault befalls and of those after it. */
function summary({ faults: rows, versions }: FaultResults): string {
  const count = (subject: string, which: 'call' | 'next', fits: (row: Row) => boolean = () => true) => {
    const ends = rows
      .filter(fits)
      .map(({ results }) => outcomesOf(results[subject]).flatMap((outcome) => outcome[which] ?? []))
      .filter((ends) => ends.length > 0)
    return `${ends.filter((ends) => ends.some(({ how }) => how === 'hangs')).length} of ${ends.length}`
  }
  const lines = Object.entries(versions).map(([subject, version]) => [
    `${titleOf(subject)} ${version}`,
    count(subject, 'call', ({ group }) => group === 'start'),
    count(subject, 'call', ({ group }) => group === 'end'),
    count(subject, 'call', ({ group }) => group !== 'start' && group !== 'end'),
    count(subject, 'next'),
  ])
  return table(
    [
      'calls that hang, of those …',
      'to a thread that does not start',
      'to one that ends or hangs',
      'in other faults',
      'later, after any fault',
    ],
    lines,
  )
}
