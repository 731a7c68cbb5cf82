import { launcherSpecifier } from './ids.js'

/**
 * Stands in the launcher for the way from the chunk it lands in to the top of the output directory.
 * {@link fillRoot} puts that in, when chunks have names.
 */
const rootPlaceholder = '__BGTHREAD_ROOT_RELATIVE_TO_CHUNK__'

/** The code of a spawn module: its default export starts a thread. `what` is the launcher's argument. */
export function spawnCode(what: string): string {
  return [
    `import launch from ${JSON.stringify(launcherSpecifier)}`,
    `export default /* @__PURE__ */ launch(${asciiExpression(what)})`,
  ].join('\n')
}

/**
 * An expression in plain ASCII that gives a text. Escapes in a literal would not do: the page's own minifier
 * writes them out again.
 */
function asciiExpression(text: string): string {
  const nonAscii = /[^\0-\x7F]/g
  if (!nonAscii.test(text)) return JSON.stringify(text)
  let mark = '~u'
  while (text.includes(mark)) mark = `~${mark}`
  const escaped = text.replace(nonAscii, (char) => mark + char.charCodeAt(0).toString(16).padStart(4, '0'))
  return `${JSON.stringify(escaped)}.replace(/${mark}(....)/g, (_, hex) => String.fromCharCode('0x' + hex))`
}

// Inside a worker there is no document. A thread's worker was given the page's URL.
const page = 'const page = globalThis.document?.baseURI ?? self.__bgthread?.page ?? location.href'
const options = `{ type: 'module', name: options?.name }`

// Private to the launcher: whoever could use the policy could run any script in a worker.
const trust = `
const policies = new Map()
const trust = (url, name) => {
  if (!name || !globalThis.trustedTypes) return url
  if (!policies.has(name)) policies.set(name, trustedTypes.createPolicy(name, { createScriptURL: (url) => url }))
  return policies.get(name).createScriptURL(url)
}`

/**
 * The launcher of inline workers. It takes the worker's code, and puts the URLs of the page and of this file in
 * front of it, because a worker made from a blob has no URL that anything could be relative to.
 */
export function blobLauncherCode(): string {
  return `${trust}
const root = '${rootPlaceholder}'
export default (code) => (options) => {
  ${page}
  const urls = JSON.stringify({ page, file: new URL(root, import.meta.url || page).href })
  const url = URL.createObjectURL(new Blob(['self.__bgthread=' + urls + '\\n', code], { type: 'text/javascript' }))
  try {
    return new Worker(trust(url, options?.trustedTypesPolicy), ${options})
  } finally {
    URL.revokeObjectURL(url)
  }
}`
}

/**
 * The launcher of workers that are files. It takes the file's path.
 *
 * @param root what the path is relative to; left out, it is the top of the output directory.
 */
export function fileLauncherCode(root = rootPlaceholder): string {
  return `${trust}
const root = ${JSON.stringify(root)}
export default (path) => (options) => {
  ${page}
  const url = new URL(root + path, import.meta.url || page)
  url.hash = page
  return new Worker(trust(url, options?.trustedTypesPolicy), ${options})
}`
}

/**
 * Puts the way from a chunk to the top of the output directory into the chunk's code. The code keeps its length,
 * so its source map stays true: URLs may begin with spaces.
 *
 * @param fileName the chunk's, relative to the output directory: `assets/index-1a2b.js`.
 */
export function fillRoot(code: string, fileName: string): string {
  const up = '../'.repeat(fileName.split('/').length - 1) || './'
  return code.replaceAll(rootPlaceholder, up.padStart(rootPlaceholder.length))
}

/** Whether a chunk's code has something for {@link fillRoot} to do. */
export const hasRoot = (code: string) => code.includes(rootPlaceholder)
