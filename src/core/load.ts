/** What a load gives, and what is said where it gives nothing that runs. */
import { isClass } from './class.js'
import type { Endpoint } from './endpoint.js'

/**
 * @param starter what was called with the load
 * @throws TypeError where it is no function, or is the logic itself
 */
export function checkLoad(starter: string, load: unknown): void {
  if (typeof load !== 'function' || isClass(load))
    throw new TypeError(
      `${starter}(load): load must be a function, as in ${starter}(() => import('./logic'))`,
    )
}

/** A `SharedWorker`, or what stands for one. */
export function isShared(loaded: unknown): loaded is SharedWorker {
  return isEndpoint((loaded as Partial<SharedWorker> | undefined)?.port)
}

/** A worker that no other page has. */
export function isWorkerOfOwn(loaded: unknown): loaded is Worker {
  return typeof Worker === 'function' && loaded instanceof Worker
}

/** A worker, and not the promise of a module. */
export function isEndpoint(loaded: unknown): loaded is Endpoint {
  return typeof (loaded as Endpoint | undefined)?.postMessage === 'function'
}

/**
 * What an `error` event of a worker tells; where the script did not load it tells nothing, and the likely causes are listed.
 *
 * @param policy the one for Trusted Types, where the page could not even make the worker
 * @param violation of the Content Security Policy, if that was seen
 */
export function describeLoadError(
  { message, filename, lineno, error }: Partial<ErrorEvent>,
  policy?: string,
  violation?: SecurityPolicyViolationEvent,
): string {
  if (!message && error) return describeRefusal(error, policy)
  if (message) return `${message}${filename ? ` (${filename}:${lineno})` : ''}`
  if (violation) return describeViolation(violation)
  if (globalThis.origin === 'null') return `its script did not load. ${OPAQUE}`
  return (
    'its script did not load: a syntax error or a failing import in the logic, a Content Security Policy without ' +
    "`worker-src blob:` (`'self'` with the plugin's option inline: false), a 404, or a wrong MIME type"
  )
}

/** Follows where a worker needs an origin. */
const OPAQUE =
  'The origin of this page is opaque, as of a file:// URL, or of a frame with sandbox="allow-scripts": only inline workers ' +
  "run there, and none is shared. Leave out the options inline: false and shared, or give the option fallback: () => import('./logic')"

/** Directives that may decide about workers: the first that a policy has does. */
const DIRECTIVES = ['worker-src', 'child-src', 'script-src', 'default-src']

function describeViolation({ originalPolicy, blockedURI }: SecurityPolicyViolationEvent): string {
  const directives = originalPolicy.split(';').map((directive) => directive.trim())
  const [directive] = DIRECTIVES.flatMap((name) =>
    directives.filter((directive) => directive.split(/\s/)[0]?.toLowerCase() === name),
  )
  return (
    `the Content Security Policy of the page blocks its script (${blockedURI}) by \`${directive}\`. An inline worker needs ` +
    "`worker-src blob:` (`data:` in an opaque origin), a file (the plugin's option inline: false) `worker-src 'self'`"
  )
}

/** Notices what the Content Security Policy blocks as a worker's script, until `signal` aborts. @returns gives the last */
export function watchPolicy(signal: AbortSignal): () => SecurityPolicyViolationEvent | undefined {
  let last: SecurityPolicyViolationEvent | undefined
  const target: EventTarget | undefined = globalThis.document ?? globalThis
  const watch = (event: Event) => {
    const violation = event as SecurityPolicyViolationEvent
    // What is only reported does load.
    const { disposition, effectiveDirective } = violation
    if (disposition === 'enforce' && /^(worker|child)-src/.test(effectiveDirective)) last = violation
  }
  target.addEventListener?.('securitypolicyviolation', watch, { signal })
  return () => last
}

/** What the browser's words for a worker that may not be made do not say. */
export function describeRefusal(cause: unknown, policy = 'bgthread'): string {
  if (!(cause instanceof Error)) return String(cause)
  const { name } = cause
  // More follows it, in a sentence of its own.
  const message = cause.message.replace(/[.\s]+$/, '')
  if (name === 'ReferenceError' && message.includes('SharedWorker'))
    return (
      `${message}: workers have none, and a browser without it needs a secure context in its place. Leave out the ` +
      "option shared there, or give the option fallback: () => import('./logic'), which runs one in each page"
    )
  if (name === 'SecurityError')
    return globalThis.origin === 'null' ? `${message}. ${OPAQUE}` : `${message}: ${describeLoadError({})}`
  // Said by Chromium and WebKit, and by Firefox.
  if (name !== 'TypeError' || !/trusted|sink type/i.test(message)) return cause.message
  return (
    `${message}. Where Trusted Types are required, this takes the option trustedTypesPolicy: '${policy}' and ` +
    `\`trusted-types ${policy}\` in the Content Security Policy`
  )
}
