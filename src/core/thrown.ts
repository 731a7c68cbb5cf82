/** What is thrown on one side arrives on the other as it was: encode, decode, and the classes known to both. */
import * as Wire from './protocol.js'
import { classOf, fieldsOfClass, isDom, nameOfClass } from './error-classes.js'
import { AS_IS, BARE, findHolders, IN_PIECES, read, TRIED, type Held, type Holder } from './holders.js'
import { textOf } from './look.js'
import { setOwn } from './own.js'
import { realm, type ErrorClass } from './realm.js'
import { emptyCopy, fillHoles } from './rich.js'

export { isError } from './holders.js'

/** An error on the wire: plain data. */
export interface EncodedError {
  /** Key of the nearest class that both sides know. */
  type: string
  name: string
  message: string
  stack: string
  /** Own properties besides the standard ones: `code`, `status`, `errors` … */
  props: [key: string, value: EncodedValue, hidden?: boolean][]
  cause?: EncodedValue
  /** Where in all these values errors are to be put: in the form of holes, each with the error as its reference. */
  inside?: Inside[]
}
type Inside = [container: object, key: unknown, kind: 0, error: EncodedError]
type EncodedValue = { error: EncodedError } | { value: unknown }

/**
 * Makes instances of your own error classes arrive as instances of that class. Call it on both sides, best in a
 * module that both import. The key names the class on the wire, since builds rename classes.
 *
 * The constructor is not run again: message, stack, `cause` and own properties are carried over, private fields are not.
 *
 * @throws TypeError where a value is no class
 * @example
 * export class QuotaError extends Error { constructor(readonly limit: number) { super('quota exceeded') } }
 * registerError({ QuotaError })
 */
export function registerError(classes: Record<string, ErrorClass>): void {
  for (const [key, errorClass] of Object.entries(classes)) {
    if (typeof (errorClass as ErrorClass | null)?.prototype !== 'object')
      throw new TypeError(`registerError: '${key}' is no class`)
    realm.errors.set(key, errorClass)
  }
}

/**
 * Posts an error: whole, and if that fails, without what cannot cross in it.
 *
 * @throws what `post` throws, if not even its texts can be posted
 */
export function postError(error: Error, post: (encoded: EncodedError) => void): void {
  for (const care of [AS_IS, TRIED, IN_PIECES]) {
    try {
      return post(encodeError(error, care))
    } catch {}
  }
  post(encodeError(error, BARE))
}

/** @param care how far what the error holds is believed to be cloneable */
export function encodeError(root: Error, care = AS_IS): EncodedError {
  const holders = findHolders(root, care, propsOf)
  const made = new Map<unknown, object>()
  for (const [object, { error, changed }] of holders)
    made.set(object, error ? textsOf(object as Error) : changed ? (emptyCopy(object) as object) : object)
  const encoded = made.get(root) as EncodedError
  const inside: Inside[] = []
  for (const [object, holder] of holders) {
    if (!holder.error) fill(made.get(object) as object, object, holder)
    else {
      const { props } = made.get(object) as EncodedError
      for (const [key, value, hidden] of holder.parts) {
        const to = isErrorHere(value)
          ? { error: made.get(value) as EncodedError }
          : { value: made.get(value) ?? value }
        if (key === 'cause') (made.get(object) as EncodedError).cause = to
        else props.push(hidden ? [key as string, to, true] : [key as string, to])
      }
    }
  }
  if (inside.length > 0) encoded.inside = inside
  return encoded

  function isErrorHere(value: unknown): boolean {
    return holders.get(value as object)?.error === true
  }

  function fill(copy: object, object: object, { parts }: Holder): void {
    if (copy === object) return
    if (Array.isArray(copy)) copy.length = (object as unknown[]).length
    for (const [key, value] of parts) {
      const isError = isErrorHere(value)
      const to = isError ? null : (made.get(value) ?? value)
      let place = key
      if (copy instanceof Map) copy.set((place = isErrorHere(key) ? key : (made.get(key) ?? key)), to)
      // No two members are the same: one of its own keeps the place.
      else if (copy instanceof Set) copy.add((place = isError ? {} : to))
      else setOwn(copy, key as string, to)
      if (isError) inside.push([copy, place, 0, made.get(value) as EncodedError])
    }
  }
}

/** Without what it holds. */
function textsOf(error: Error): EncodedError {
  const stack = read(error, 'stack')
  return {
    type: nameOfClass(error),
    name: textOf(read(error, 'name') ?? 'Error'),
    message: textOf(read(error, 'message') ?? ''),
    stack: typeof stack === 'string' ? stack : '',
    props: [],
  }
}

const STANDARD = new Set(['name', 'message', 'stack', 'cause'])

/** Own properties, those that are not enumerable too, and what the platform's classes have as getters. */
function propsOf(error: Error): Held[] {
  try {
    const names = new Set([...Object.getOwnPropertyNames(error), ...fieldsOfClass(error)])
    if (Array.isArray(read(error, 'errors'))) names.add('errors')
    for (const name of STANDARD) names.delete(name)
    if ('cause' in error) names.add('cause')
    return [...names].map((key): Held => [
      key,
      read(error, key),
      !Object.prototype.propertyIsEnumerable.call(error, key),
    ])
  } catch {
    // A proxy may throw whatever it is asked.
    return []
  }
}

/** @throws TypeError where it is malformed */
export function decodeError(encoded: EncodedError): Error {
  /** What has become of each: one that stands in many places is one. */
  const decoded = new Map<EncodedError, Error>()

  function decode(encoded: EncodedError): Error {
    const known = decoded.get(encoded)
    if (known) return known
    const { type, name, message, stack, props } = encoded
    // Making a text of anything else may take as long as its writer likes.
    const areTexts = [name, message, stack].every((text) => typeof text === 'string')
    if (!areTexts || !Array.isArray(props)) throw new TypeError('malformed error')

    // A real error under the right prototype: its constructor may want other arguments, and must not run twice.
    const errorClass = classOf(type)
    const error = isDom(errorClass) ? new DOMException(message, name) : new Error(message)
    decoded.set(encoded, error)
    Object.setPrototypeOf(error, errorClass.prototype as object)
    if (read(error, 'name') !== name) define(error, 'name', name)
    const value = (encoded: EncodedValue): unknown =>
      'error' in encoded ? decode(encoded.error) : encoded.value
    if (encoded.cause) define(error, 'cause', value(encoded.cause))
    // Without gaps: a list that is long and empty is short on its way.
    for (const [key, prop, hidden] of Object.values(props))
      if (typeof key === 'string' && !STANDARD.has(key)) define(error, key, value(prop), !hidden)
    define(error, 'stack', stack)
    return error
  }

  const error = decode(encoded)
  fillHoles(encoded.inside, (_, reference) => decode(reference as EncodedError))
  return error
}

/** The value of an op, in whatever form it came. */
export function decode(form: unknown, payload: unknown): unknown {
  if (form === Wire.JSON_TEXT) {
    if (typeof payload !== 'string') throw new TypeError('malformed JSON')
    return JSON.parse(payload)
  }
  return form === Wire.ERROR ? decodeError(payload as EncodedError) : payload
}

/** Own properties only, so that a key `__proto__` is a name like any other. */
function define(target: object, key: string, value: unknown, enumerable = false): void {
  Object.defineProperty(target, key, { value, enumerable, writable: true, configurable: true })
}
