import type { Rolldown } from 'vite'
import { beginningFilter } from './ids.js'

/** The modules of a build, as they import each other. */
interface Graph {
  getModuleInfo(id: string): Pick<Rolldown.ModuleInfo, 'importedIds' | 'dynamicallyImportedIds'> | null
}

/**
 * Output options that keep each `import()` of a worker a file of its own, which loads when it is needed.
 *
 * Modules that the worker's first file and a lazy one both need go into a third one, and not into the first. A lazy file
 * would import it again: the URL of a worker has a fragment, so by another URL, and the logic would run twice.
 *
 * @param entry the id of the worker entry.
 * @param name the name of its file.
 */
export function splitLazy(entry: string, name: string, byRolldown: boolean): Rolldown.OutputOptions {
  let shared: ReadonlySet<string> | undefined
  const chunkOf = (id: string, graph: Graph) =>
    (shared ??= sharedWithLazy(entry, graph)).has(id) ? `${name}-shared` : null
  if (byRolldown) return { codeSplitting: { groups: [{ name: chunkOf, debugName: `${name}-shared` }] } }
  return { manualChunks: chunkOf }
}

/** The modules that the entry needs to start and that some `import()` leads to, too, and what is before the logic. */
function sharedWithLazy(entry: string, graph: Graph): ReadonlySet<string> {
  const imported = (id: string) => graph.getModuleInfo(id)?.importedIds ?? []
  const lazy = (id: string) => graph.getModuleInfo(id)?.dynamicallyImportedIds ?? []
  const all = reach([entry], (id) => [...imported(id), ...lazy(id)])
  const needed = reach([entry], imported)
  const neededLater = reach([...all].flatMap(lazy), imported)
  if (!neededLater.size) return neededLater
  const shared = [...needed].filter((id) => neededLater.has(id))
  // What is evaluated before the logic is evaluated before any part of it. It is there in any case: if no module is in a
  // group, Rolldown puts its own helpers into the first file, from where lazy ones import them.
  const beginning = imported(entry).filter((id) => beginningFilter.test(id))
  return new Set([...shared, ...reach(beginning, imported)])
}

function reach(from: readonly string[], next: (id: string) => readonly string[]): Set<string> {
  const reached = new Set(from)
  for (const id of reached) for (const other of next(id)) reached.add(other)
  return reached
}
