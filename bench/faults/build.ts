import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildWorker, provide, type Builder } from '../harness/build.js'
import { logicNames } from './subject.js'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const folder = here('./subjects/')

/** The names of all subjects. */
export async function findSubjects(): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
}

/**
 * Builds the page of a subject into `faults/<name>/`, with its workers inside: one for each logic.
 *
 * @param from the folder of its page.ts, and of its worker.ts where it has one
 */
export async function buildSubject(builder: Builder, name: string, from = join(folder, name)): Promise<void> {
  const worker = join(from, 'worker.ts')
  const workers: Record<string, string> = {}
  if (existsSync(worker)) {
    for (const logic of logicNames)
      workers[logic] = await buildWorker(worker, { 'virtual:logic': here(`./logics/${logic}.ts`) })
  }
  await builder.build({
    root: here('./page/'),
    out: `faults/${name}`,
    page: join(from, 'page.ts'),
    plugins: [provide('virtual:workers', workers)],
  })
}
