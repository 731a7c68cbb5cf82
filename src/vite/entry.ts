import { logicSpecifier } from './ids.js'
import { resolveAgainstPage } from './prelude.js'

/**
 * The code of a worker entry. It says hello before the logic's module is evaluated, so that a module that throws
 * arrives at the page as the cause of the failed start.
 *
 * @param exported the name of the export that is the logic.
 * @param inline whether the code is run from a blob. Then the launcher sets `__bgthread.page`, the page's base
 *   URL; else it is the fragment of the worker's own URL.
 */
export function entryCode(exported: string, inline: boolean): string {
  return [
    `import { expose } from 'bgthread/worker'`,
    inline ? '' : `self.__bgthread = { page: location.hash.slice(1) };`,
    `(${resolveAgainstPage})(__bgthread.page)`,
    `expose(import(${JSON.stringify(logicSpecifier)}).then((module) => module[${JSON.stringify(exported)}]))`,
  ].join('\n')
}
