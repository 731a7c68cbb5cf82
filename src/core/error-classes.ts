/** The error classes that both sides know, each under its name on the wire: of the library, registered, of the platform. */
import {
  ActionNotFoundError,
  LimitError,
  NotCloneableError,
  ThreadClosedError,
  ThreadDiedError,
  ThreadError,
  ThreadHungError,
  ThreadStartError,
  ThreadTimeoutError,
} from './errors.js'
import { realm, type ErrorClass } from './realm.js'

/** By the names that their prototypes have, since builds rename classes. No object: a forged `__proto__` finds nothing. */
const classes = new Map<string, ErrorClass>(
  [
    ThreadError,
    ThreadStartError,
    ThreadDiedError,
    ThreadHungError,
    ThreadTimeoutError,
    ThreadClosedError,
    ActionNotFoundError,
    NotCloneableError,
    LimitError,
  ].map((errorClass): [string, ErrorClass] => [errorClass.prototype.name, errorClass]),
)

/** Node defines its global by a getter. */
const Dom = typeof DOMException === 'function' ? DOMException : undefined

/** Finds the class of a name. No constructor and no getter is run, whatever the name is. */
export function classOf(name: unknown): ErrorClass {
  return realm.errors.get(name as string) ?? classes.get(name as string) ?? builtIn(name) ?? Error
}

/** Tells whether instances of a class have the inner state of a DOMException. */
export function isDom(errorClass: ErrorClass): boolean {
  return Dom !== undefined && (errorClass === Dom || errorClass.prototype instanceof Dom)
}

/** Finds an error class of the platform: in its global scope, or in that of WebAssembly. */
function builtIn(name: unknown): ErrorClass | undefined {
  if (typeof name !== 'string') return undefined
  if (name === 'DOMException') return Dom
  for (const scope of [globalThis, globalThis.WebAssembly]) {
    const found: unknown = scope && Object.getOwnPropertyDescriptor(scope, name)?.value
    if (typeof found === 'function' && (found === Error || found.prototype instanceof Error))
      return found as ErrorClass
  }
  return undefined
}

/** Finds the name of the nearest class that is known. */
export function nameOfClass(error: Error): string {
  for (const proto of chainOf(error)) {
    for (const known of [realm.errors, classes])
      for (const [name, errorClass] of known) if (errorClass.prototype === proto) return name
    const name = ownName(proto)
    if (builtIn(name)?.prototype === proto) return name as string
  }
  // An error of another realm, such as a frame.
  return (chainOf(error).map(ownName).find(builtIn) as string | undefined) ?? 'Error'
}

/**
 * Finds the fields of a platform's class that stand on its prototype, such as `quota` of a QuotaExceededError: on the
 * other side nothing is behind their getters.
 */
export function fieldsOfClass(error: Error): string[] {
  const name = nameOfClass(error)
  const errorClass = realm.errors.has(name) || classes.has(name) ? undefined : builtIn(name)
  if (!errorClass || errorClass === Error) return []
  const fields: string[] = []
  let isPlatform = false
  for (const proto of chainOf(error)) {
    isPlatform ||= proto === errorClass.prototype
    if (proto === Error.prototype) break
    if (!isPlatform) continue
    for (const [key, { get }] of Object.entries(Object.getOwnPropertyDescriptors(proto)))
      // That of a DOMException is found by its name.
      if (get && !(key === 'code' && proto === Dom?.prototype)) fields.push(key)
  }
  return fields
}

function chainOf(error: Error): object[] {
  const chain: object[] = []
  try {
    for (let at: unknown = error; (at = Object.getPrototypeOf(at));) chain.push(at as object)
  } catch {
    // A proxy may throw whatever it is asked.
  }
  return chain
}

/** The name of a prototype's class. */
function ownName(proto: object): unknown {
  const made = Object.getOwnPropertyDescriptor(proto, 'constructor')?.value as { name?: unknown } | undefined
  return typeof made === 'function' ? (made as { name: unknown }).name : undefined
}
