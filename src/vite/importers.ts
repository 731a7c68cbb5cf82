import type { Rolldown } from 'vite'

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
