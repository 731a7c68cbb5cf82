import { clientSpecifier } from './client.js'
import { hotSpecifier, logicSpecifier, sharedWorkerSpecifier } from './ids.js'
import { actAsPage } from './prelude.js'

const fromFragment = 'self.__bgthread = JSON.parse(decodeURIComponent(location.hash.slice(1)));'

/** What a worker entry is of. */
interface Kind {
  /** Whether the page offers services, which takes code to call them. */
  hosted: boolean
  /** Whether tabs share the thread. */
  shared: boolean
}

/**
 * The code of a worker entry of a development server. It says hello before the logic's module is evaluated, so that a
 * module that throws arrives at the page as the cause of the failed start. What it needs to know of the page is in the
 * fragment of the worker's own URL.
 *
 * @param exported the name of the export that is the logic.
 * @param isHot whether the thread is replaced after an edit.
 */
export function entryCode(exported: string, kind: Kind, isHot: boolean): string {
  const logic = `import(${JSON.stringify(logicSpecifier)}).then((module) => module[${JSON.stringify(exported)}])`
  const hot = isHot ? [`import ${JSON.stringify(hotSpecifier)}`] : []
  return [...hot, ...beginning(kind, fromFragment), `expose(${logic})`].join('\n')
}

/**
 * The code of the entry of a worker that is built. It imports the logic statically, because bundlers change the order in
 * which modules are evaluated behind an `import()` that stays in one piece, and a file has to load no further one before
 * it starts. Hello is said by {@link beginningCode}; an error in the logic's module is caught around the whole piece, by
 * {@link catchErrors}.
 *
 * @param beginning the specifier of the module that is evaluated before the logic.
 */
export function onePieceCode(exported: string, beginning: string): string {
  return [
    `import resolve from ${JSON.stringify(beginning)}`,
    `import * as module from ${JSON.stringify(logicSpecifier)}`,
    `resolve(module[${JSON.stringify(exported)}])`,
  ].join('\n')
}

/**
 * The code that is evaluated before a logic. Its default export is called with the logic.
 *
 * @param from where the code is run from. In a blob the launcher has set `__bgthread`, which has the page's base URL;
 *   a file has it in the fragment of its own URL, and may import modules of the logic, around which nothing catches.
 */
export function beginningCode(kind: Kind, from: 'blob' | 'file'): string {
  return [
    ...beginning(kind, from === 'file' ? fromFragment : ''),
    'let resolve',
    from === 'file' ? catchUncaught : '',
    'expose(new Promise((resolved, rejected) => { resolve = resolved; self.__bgthread.reject = rejected }))',
    from === 'file'
      ? `export default (logic) => { removeEventListener('error', caught); resolve(logic) }`
      : 'export default resolve',
  ].join('\n')
}

/** Takes an error that nothing catches while modules are evaluated for that of the start, and not for one beside it. */
const catchUncaught = `
const caught = (event) => {
  event.preventDefault()
  event.stopImmediatePropagation()
  self.__bgthread.reject(event.error)
}
addEventListener('error', caught)`

/** @param getUrls has `__bgthread` know the page; the launcher of an inline worker has done so. */
function beginning({ hosted, shared }: Kind, getUrls = ''): string[] {
  return [
    hosted ? `import ${JSON.stringify(clientSpecifier)}` : '',
    shared ? `import ${JSON.stringify(sharedWorkerSpecifier)}` : '',
    `import { expose } from 'bgthread/worker'`,
    getUrls,
    `(${actAsPage})(self.__bgthread)`,
  ]
}
