import type { EnvironmentModuleGraph, EnvironmentModuleNode, Rolldown } from 'vite'
import { isEntry, isSpawn, logicOf } from './ids.js'

/** Which module of a build imports which one. */
export class Importers {
  readonly #first = new Map<string, string>()

  /** Takes note of what a module imports. */
  note({ id, importedIds, dynamicallyImportedIds }: Rolldown.ModuleInfo): void {
    for (const imported of [...importedIds, ...dynamicallyImportedIds])
      if (!this.#first.has(imported)) this.#first.set(imported, id)
  }

  /** The user's modules on the way to a module, the outermost first. */
  pathTo(id: string): string[] {
    const path = new Set<string>()
    for (let next = this.#first.get(id); next && !path.has(next); next = this.#first.get(next)) path.add(next)
    return [...path].filter((id) => !id.startsWith('\0')).reverse()
  }
}

/**
 * The user's modules through which, in a development server, the thread of a logic starts itself: from the logic to the
 * module that calls `bgThread` with it, through the threads between.
 *
 * @param spawn the id of the spawn module of the logic.
 */
export function findCircle(graph: EnvironmentModuleGraph, spawn: string, root: string): string[] {
  const from = logicOf(spawn, root).specifier
  const importer = new Map<string, string>()
  const reached = new Set([from])
  for (const id of reached) {
    const module = graph.getModuleById(id)
    const imported = [...(module?.importedModules ?? [])].flatMap(({ id }) => id ?? [])
    for (const next of isSpawn(id) ? [logicOf(id, root).specifier] : imported) {
      if (!reached.has(next)) importer.set(next, id)
      reached.add(next)
    }
  }
  const path: string[] = []
  for (let id = importer.get(spawn); id; id = importer.get(id)) path.push(id)
  return path.filter((id) => !id.startsWith('\0')).reverse()
}

/** Returns modules of a development server, and all that import them, directly or not. */
export function importersOf(modules: Iterable<EnvironmentModuleNode>): Set<EnvironmentModuleNode> {
  const found = new Set(modules)
  for (const module of found) for (const importer of module.importers) found.add(importer)
  return found
}

/** Returns the worker entries whose threads run one of the modules. Nothing imports an entry. */
export const entriesAbove = (modules: Iterable<EnvironmentModuleNode>): EnvironmentModuleNode[] =>
  [...importersOf(modules)].filter(({ id }) => id && isEntry(id))
