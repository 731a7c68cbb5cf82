/** The report of a run: tables in the papers that ask for them, and pictures in docs/. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Results } from '../harness/results.js'
import { fillBlocks, formatted } from './blocks.js'
import { pictures } from './pictures.js'
import { blocks } from './tables.js'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** The papers that may have blocks. */
const papers = ['README.md', 'docs/performance.md']

/** Every file that shows numbers of the bench, relative to the project's folder, as it has to be for these results. */
export async function render(results: Results): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for (const [file, svg] of pictures(results)) files.set(`docs/${file}`, svg)
  for (const paper of papers) {
    const path = join(root, paper)
    files.set(paper, await formatted(path, fill(readFileSync(path, 'utf8'), results)))
  }
  return files
}

/** Writes them. */
export async function writeReport(results: Results): Promise<void> {
  for (const [file, content] of await render(results)) writeFileSync(join(root, file), content)
}

/** Writes them for the last whole run, without measuring anything. */
export async function writeLatestReport(): Promise<void> {
  await writeReport(JSON.parse(readFileSync(join(root, 'bench/results/latest.json'), 'utf8')) as Results)
}

/**
 * A paper with its blocks as they have to be: what stands between `<!-- bench calls -->` and `<!-- /bench -->` is
 * the table of that name.
 */
export const fill = (paper: string, results: Results): string => fillBlocks(paper, 'bench', blocks, results)
