import { clientSpecifier } from './client.js'
import { logicSpecifier, sharedWorkerSpecifier } from './ids.js'
import { resolveAgainstPage } from './prelude.js'

const places = {
  blob: '',
  file: 'self.__bgthread = { page: location.hash.slice(1) };',
  server: 'self.__bgthread = JSON.parse(decodeURIComponent(location.hash.slice(1)));',
}

/**
 * The code of a worker entry. It says hello before the logic's module is evaluated, so that a module that throws
 * arrives at the page as the cause of the failed start.
 *
 * @param exported the name of the export that is the logic.
 * @param kind whether the page offers services, which takes code to call them, and whether tabs share the thread.
 * @param from where the code is run from. In a blob the launcher has set `__bgthread`, which has the page's base
 *   URL; else it is in the fragment of the worker's own URL.
 */
export function entryCode(
  exported: string,
  { hosted, shared }: { hosted: boolean; shared: boolean },
  from: 'blob' | 'file' | 'server',
): string {
  return [
    hosted ? `import ${JSON.stringify(clientSpecifier)}` : '',
    shared ? `import ${JSON.stringify(sharedWorkerSpecifier)}` : '',
    `import { expose } from 'bgthread/worker'`,
    places[from],
    `(${resolveAgainstPage})(__bgthread.page)`,
    `expose(import(${JSON.stringify(logicSpecifier)}).then((module) => module[${JSON.stringify(exported)}]))`,
  ].join('\n')
}
