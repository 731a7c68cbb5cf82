/** In development: names the module that needs a global which workers do not have, and the ways out. */

/** Globals of pages; the others that modules ask for in vain are mostly those of Node. */
const OF_PAGES =
  /^(document|window|parent|top|screen|alert|(local|session)Storage|matchMedia|getComputedStyle|customElements|(HTML|SVG)?\w*Element|Node(List)?|Image|Audio|DOMParser|XMLSerializer|MutationObserver|(Resize|Intersection)Observer)$/
const OF_NODE =
  /^(Buffer|process|global|require|module|exports|__dirname|__filename|setImmediate|clearImmediate)$/

/** The words of Chromium and Firefox, and those of WebKit. */
const MISSING = /^(?:Can't find variable: )?([\w$]+)(?: is not defined)?$/

/**
 * Explains why a logic cannot start if its code, or that of a package, asks for a global that the thread does not have.
 *
 * @param cause what the start failed with
 * @returns a text that follows the message of the cause; empty if the cause is another
 */
export function explainMissing(cause: Error): string {
  const [, name = ''] = (cause.name === 'ReferenceError' && MISSING.exec(cause.message)) || []
  if (!name) return ''
  const module = firstModule(cause.stack)
  const where = module ? ` in ${module}` : ''
  const isOfNode = OF_NODE.test(name)
  if (!isOfNode && !OF_PAGES.test(name)) return where
  return (
    `${where}. A thread has no '${name}', which is a global of ${isOfNode ? 'Node' : 'pages'}. If a package needs it, ` +
    "import the package's core or worker entry, add `resolve: { conditions: ['worker', ...defaultClientConditions] }` " +
    `to the Vite config, or set globalThis.${name} in a module that the logic imports first ` +
    '(docs/libraries.md in the package of bgthread)'
  )
}

/** The path of the module that threw, if it has one of its own: that of a development server. */
function firstModule(stack = ''): string | undefined {
  const [, url] = /((?:blob:)?\w+:\/\/[^\s()]+?)(?::\d+)*(?:\)|\s|$)/.exec(stack) ?? []
  if (!url || url.startsWith('blob:')) return undefined
  return new URL(url).pathname
}
