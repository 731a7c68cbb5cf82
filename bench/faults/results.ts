import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Results } from '../harness/results.js'
import { formatted } from '../report/blocks.js'
import type { Repeated } from './observation.js'

/** A run of the faults, as it is written to results/faults.json. */
export interface FaultResults {
  date: string
  machine: Results['machine']
  /** How often each fault was tried at most. */
  rounds: number
  /** By subject. */
  versions: Record<string, string>
  faults: {
    id: string
    group: string
    title: string
    /** ms until a call counts as hanging. */
    bound: number
    /** By subject: its outcomes, or why the fault could not be tried. */
    results: Record<string, Repeated[] | { failed: string }>
  }[]
}

const fileOf = (name: string) => fileURLToPath(new URL(`../results/${name}.json`, import.meta.url))

/** Writes the results, and gives the file's path. */
export async function saveFaults(results: FaultResults, partial: boolean): Promise<string> {
  await mkdir(fileURLToPath(new URL('../results/', import.meta.url)), { recursive: true })
  const path = fileOf(partial ? 'partial-faults' : 'faults')
  await writeFile(path, await formatted(path, JSON.stringify(results)))
  return path
}

/** The last whole run. */
export async function readFaults(): Promise<FaultResults> {
  return JSON.parse(await readFile(fileOf('faults'), 'utf8')) as FaultResults
}
