import type { EnvironmentModuleNode } from 'vite'
import { isShared, spawnOf } from './ids.js'
import { entriesAbove } from './importers.js'

/**
 * Which edition of each shared thread a development server serves. A shared worker lives until its last tab is gone,
 * and tabs reload one after another: by one URL, the first would meet the worker with the code before an edit.
 */
export class Editions {
  readonly #edited = new Map<string, number>()
  readonly #started = Date.now()

  /** What is added to the URL of a shared thread's worker. `t` is the one name that Vite takes out again. */
  query(spawn: string): string {
    return `&t=${this.#edited.get(spawn) ?? this.#started}`
  }

  /**
   * Takes note of an edit.
   *
   * @param at when, in milliseconds.
   * @returns the ids of the spawn modules whose threads run one of the modules.
   */
  edit(modules: readonly EnvironmentModuleNode[], at: number): string[] {
    const entries = entriesAbove(modules).flatMap(({ id }) => (id && isShared(id) ? [id] : []))
    const spawns = entries.map(spawnOf)
    for (const spawn of spawns) this.#edited.set(spawn, at)
    return spawns
  }
}
