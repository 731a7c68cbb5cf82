import type { Target } from './load.js'

/**
 * The virtual modules of the plugin.
 *
 * - a *spawn module* exports the function that starts the thread of one logic: one for all calls with that logic,
 *   and another one each for the calls that share it between tabs, whose worker is a file in a build that carries
 *   workers inline, and that offer it services
 * - a *worker entry* is the first module of that thread
 * - the *beginning* of a worker is the module that an entry imports before the logic
 * - a *launcher* is what the spawn modules of an app share
 * - `logic` is what a worker entry imports
 * - the *offer* is the library's own module that runs a logic in process
 * - the *hot server* module has a page's connection to the development server
 * - a *circle* has the text of an error, for a development server's worker
 * - `noStyle` is an empty module, in the place of CSS that a logic imports
 */
export const launcherId = '\0bgthread/launch.js'
export const fileLauncherId = '\0bgthread/file-launch.js'
export const sharedLauncherId = '\0bgthread/shared-launch.js'
export const hotServerId = '\0bgthread/hot-server.js'
export const noStyleId = '\0bgthread/no-style.js'
export const logicSpecifier = 'virtual:bgthread/logic'

const publicPrefix = 'virtual:bgthread/'
const privatePrefix = '\0bgthread/'

/**
 * How a transformed module imports a spawn module.
 *
 * @param logic the resolved module of the logic, and the name of the export.
 * @param kind whether the thread is one for all tabs, whether its worker is a file of its own, and whether the page may offer
 *   it services.
 */
export function spawnSpecifier(
  { specifier, exported }: Target,
  { shared, file, hosted }: { shared: boolean; file: boolean; hosted: boolean },
  root: string,
): string {
  const kind = `${shared ? 'shared-' : file ? 'file-' : ''}${hosted ? 'hosted-' : ''}spawn`
  return `${publicPrefix}${kind}/${exported}/${encode(specifier, root)}.js`
}

/** How spawn modules import the launcher of threads that are a page's own, inline or files, and that of shared ones. */
export const launcherSpecifier = `${publicPrefix}launch.js`
export const fileLauncherSpecifier = `${publicPrefix}file-launch.js`
export const sharedLauncherSpecifier = `${publicPrefix}shared-launch.js`

/** How a spawn module imports, in development, what replaces threads after an edit, and the connection to the server. */
export const hotSpecifier = 'bgthread/hot'
export const hotServerSpecifier = `${publicPrefix}hot-server.js`

/** How a page imports what it takes to share a thread, and the thread what it takes to be shared. */
export const sharedSpecifier = 'bgthread/shared'
export const sharedWorkerSpecifier = 'bgthread/shared-worker'

/** How a module that may run a logic in process imports what does. */
export const offerSpecifier = `${publicPrefix}in-process.js`

/** The id of a module that was imported by one of the specifiers above. */
export function privateId(specifier: string): string | undefined {
  return specifier.startsWith(publicPrefix) ? privatePrefix + specifier.slice(publicPrefix.length) : undefined
}

/** Whether an id is that of a spawn module. */
export const isSpawn = (id: string) => /^\0bgthread\/(shared-|file-)?(hosted-)?spawn\//.test(id)

/** Whether an id is that of a worker entry, also with the query Vite gives it in development. */
export const isEntry = (id: string) => entryFilter.test(id)

/** What a development server and a page know the thread of a worker entry by: its worker's path without the query. */
export const keyOf = (entry: string) => `@id/__x00__${entry.slice(1).replace(/\?.*$/, '')}`

/** The ids of worker entries. */
export const entryFilter = /^\0bgthread\/(shared-|file-)?(hosted-)?worker\//

/** The ids of what worker entries import before the logic. */
export const beginningFilter = /^\0bgthread\/(shared-|file-)?(hosted-)?begin\//

/** How a worker entry imports its beginning. */
export const beginningSpecifier = (entry: string) =>
  publicPrefix + entry.slice(privatePrefix.length).replace('worker/', 'begin/')

/** Whether a spawn module, a worker entry or a launcher is that of threads which tabs share. */
export const isShared = (id: string) => id.startsWith(`${privatePrefix}shared-`)

/** Whether a spawn module, a worker entry or a launcher is that of threads whose workers are files of their own. */
export const isFile = (id: string) => isShared(id) || id.startsWith(`${privatePrefix}file-`)

/** Whether a spawn module or a worker entry is that of a thread to which its page may offer services. */
export const isHosted = (id: string) => /^(shared-|file-)?hosted-/.test(id.slice(privatePrefix.length))

/** The worker entry that a spawn module starts. */
export const entryOf = (spawn: string) => spawn.replace('spawn/', 'worker/')

/** The ids of the modules that have the text of the error of a thread that starts itself, in development. */
export const circleFilter = /^\0bgthread\/(shared-)?(hosted-)?circle\//

/** The module with the text of the error of a spawn module whose thread starts itself, and the other way round. */
export const circleOf = (spawn: string) => spawn.replace('spawn/', 'circle/')
export const spawnOfCircle = (circle: string) => circle.replace(/\?.*$/, '').replace('circle/', 'spawn/')

/** The spawn module that starts a worker entry, which may have a query. */
export const spawnOf = (entry: string) => entry.replace(/\?.*$/, '').replace('worker/', 'spawn/')

/** The logic behind the id of a spawn module or a worker entry: the module's id, and the name of the export. */
export function logicOf(id: string, root: string): Target {
  const [, , exported = '', ...path] = id.replace(/\?.*$/, '').split('/')
  return { specifier: decode(path.join('/').slice(0, -'.js'.length), root), exported }
}

// Paths are written relative to the root, so that a build is the same on every machine, and with `~` in place
// of `%`, because development servers decode what looks like an escaped URL.
function encode(id: string, root: string): string {
  const path = id.startsWith(`${root}/`) ? id.slice(root.length + 1) : id
  const escaped = encodeURIComponent(path).replaceAll('~', '%7E').replaceAll('%2F', '/')
  return escaped.replace(/^\//, '%2F').replaceAll('%', '~')
}

function decode(text: string, root: string): string {
  const path = decodeURIComponent(text.replaceAll('~', '%'))
  return /^(\/|\0|\w:)/.test(path) ? path : `${root}/${path}`
}
