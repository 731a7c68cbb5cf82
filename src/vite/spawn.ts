import { hotServerSpecifier, hotSpecifier } from './ids.js'

/**
 * Stands in the launcher for the way from the chunk it lands in to the top of the output directory.
 * {@link fillRoot} puts that in, when chunks have names.
 */
const rootPlaceholder = '__BGTHREAD_ROOT_RELATIVE_TO_CHUNK__'

/**
 * The code of a spawn module: its default export starts a thread, and is one function for all that import it.
 *
 * @param launcher the specifier of the launcher.
 * @param what the launcher's arguments.
 */
export function spawnCode(launcher: string, ...what: string[]): string {
  return [
    `import launch from ${JSON.stringify(launcher)}`,
    `export default /* @__PURE__ */ launch(${what.map(asciiExpression).join(', ')})`,
  ].join('\n')
}

/**
 * The code of a spawn module whose thread is replaced after an edit, in development.
 *
 * @param key what the server knows the thread by.
 * @param path the worker's path, which may be another one after an edit.
 */
export function hotSpawnCode(launcher: string, key: string, path: string, circle: string): string {
  const text = JSON.stringify
  return [
    `import launch from ${text(launcher)}`,
    `import { evaluated, launchable, listen } from ${text(hotSpecifier)}`,
    `listen(() => import(${text(hotServerSpecifier)}))`,
    `export default launchable(${text(key)}, ${text(path)}, (path) => launch(path, ${text(circle)}))`,
    `export { evaluated }`,
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

/**
 * What relative URLs in the worker are relative to. For a page's own worker that is the page; inside a worker there is
 * no document, but it was given the page's URL. For a shared one it is where the app is, because it serves pages of
 * many URLs, and is known by its whole URL, which this is a part of.
 */
const pageOf = (shared: boolean) =>
  shared
    ? 'const page = new URL(root, import.meta.url || location.href).href'
    : 'const page = globalThis.document?.baseURI ?? self.__bgthread?.page ?? location.href'

/** Puts what a worker needs to know of the page into the fragment of its `url`. The page of a shared one has one URL. */
const fragmentOf = (shared: boolean, more = '') =>
  `url.hash = encodeURIComponent(JSON.stringify({ page, ${shared ? '' : 'location: location.href, '}${more} }))`

/** A worker by `url` for `options`. In the place of a shared one it is a dedicated one where the options say so. */
const newWorker = (shared: boolean) =>
  `new ${shared ? '(options?.dedicated ? Worker : SharedWorker)' : 'Worker'}` +
  `(trust(url, options?.trustedTypesPolicy), { type: 'module', name: options?.name })`

/** The beginning of a load. A shared one tells its script: by that the library knows which tabs share the thread. */
const load = (shared: boolean) => (shared ? 'Object.assign(' : '')

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
  // The blob is made once for all starts: in Chromium to make one takes the page longer than to start a worker.
  return `${trust}
const root = '${rootPlaceholder}'
export default (code) => {
  let url, madeFor
  return (options) => {
    ${pageOf(false)}
    const urls = JSON.stringify({ page, location: location.href, file: new URL(root, import.meta.url || page).href })
    if (madeFor !== urls) {
      if (url) URL.revokeObjectURL(url)
      const start = 'self.__bgthread=' + urls + '\\n'
      // In opaque origins Chromium refuses modules that are blobs.
      url = self.origin === 'null'
        ? 'data:text/javascript,' + encodeURIComponent(start + code)
        : URL.createObjectURL(new Blob([start, code], { type: 'text/javascript' }))
      madeFor = urls
    }
    return ${newWorker(false)}
  }
}`
}

/**
 * The launcher of workers that are files of a build. It takes the file's path, relative to the top of the output
 * directory.
 *
 * @param shared whether the workers are shared ones.
 */
export function fileLauncherCode(shared: boolean): string {
  return `${trust}
const root = '${rootPlaceholder}'
export default (path) => ${load(shared)}(options) => {
  ${pageOf(shared)}
  const url = new URL(root + path, import.meta.url || page)
  ${fragmentOf(shared)}
  return ${newWorker(shared)}
}${shared ? ', { script: path })' : ''}`
}

/**
 * The launcher of a development server's workers. It takes the worker's path, relative to the server's base, and that of
 * the text of the error of a thread that would start itself without end: there is no build to find that out, and the server
 * knows the modules that it goes through only when it does.
 *
 * @param shared whether the workers are shared ones.
 */
export function devLauncherCode(shared: boolean, base: string): string {
  return `${trust}
const root = ${JSON.stringify(base)}
export default (path, circle) => ${load(shared)}(options) => {
  ${pageOf(shared)}
  const around = self.__bgthread?.around ?? []
  if (around.includes(path)) {
    // It may wait for the answer: it is in a worker.
    const request = new XMLHttpRequest()
    request.open('GET', new URL(root + circle + '?' + Date.now(), import.meta.url).href, false)
    request.send()
    const [, text = '"it would start itself again and again"'] = /^export default (".*")/m.exec(request.responseText) ?? []
    throw new Error(JSON.parse(text))
  }
  const url = new URL(root + path, import.meta.url || page)
  ${fragmentOf(shared, 'around: [...around, path]')}
  return ${newWorker(shared)}
}${shared ? ', { script: path })' : ''}`
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
