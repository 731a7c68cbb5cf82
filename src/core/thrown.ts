/** What is thrown on one side arrives on the other as it was: encode, decode, and the classes known to both. */
import * as Wire from './protocol.js'
import {
  ActionNotFoundError,
  LimitError,
  NotCloneableError,
  ThreadClosedError,
  ThreadDiedError,
  ThreadError,
  ThreadHungError,
  ThreadStartError,
} from './errors.js'
import { textOf } from './look.js'
import { realm, type ErrorClass } from './realm.js'

/** An error on the wire: plain data. */
export interface EncodedError {
  /** Key of the nearest class that both sides know. */
  type: string
  name: string
  message: string
  stack: string
  /** Own properties besides the standard ones: `code`, `status`, … */
  props: [key: string, value: EncodedValue][]
  cause?: EncodedValue
  errors?: EncodedValue[]
}
type EncodedValue = { error: EncodedError } | { value: unknown }

/** Chains of causes are followed this far. */
const DEPTH = 16
/** Errors that one error may bring along, as causes and in `errors`. */
const MOST = 1_000

/** By the names that their prototypes have, since builds rename classes. No object: a forged `__proto__` finds nothing. */
const classes = new Map<string, ErrorClass>(
  [
    Error,
    TypeError,
    RangeError,
    SyntaxError,
    ReferenceError,
    URIError,
    EvalError,
    AggregateError,
    ThreadError,
    ThreadStartError,
    ThreadDiedError,
    ThreadHungError,
    ThreadClosedError,
    ActionNotFoundError,
    NotCloneableError,
    LimitError,
  ].map((errorClass): [string, ErrorClass] => [errorClass.prototype.name, errorClass]),
)

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

/** Errors of this and of other realms, and DOMExceptions. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]'
}

/**
 * @param keep says of an own property whether it can cross; it is left out where not, since an error that arrives
 * without its socket is better than no error
 */
export function encodeError(error: Error, keep: (value: unknown) => boolean = () => true): EncodedError {
  let left = MOST

  /** @param within the errors that hold this one: a cycle ends at the second look */
  function encode(error: Error, within: readonly Error[]): EncodedError {
    const encoded: EncodedError = {
      type: typeOf(error),
      name: textOf(read(error, 'name') ?? 'Error'),
      message: textOf(read(error, 'message') ?? ''),
      stack: '',
      props: [],
    }
    const stack = read(error, 'stack')
    if (typeof stack === 'string') encoded.stack = stack
    if (encoded.type === 'DOMException') return encoded

    const path = [...within, error]
    const encodeValue = (value: unknown): EncodedValue => {
      if (!isError(value)) return { value: keep(value) ? value : undefined }
      const tooDeep = path.length > DEPTH || path.includes(value) || --left < 0
      return { error: encode(tooDeep ? new Error('causes nested too deeply') : value, path) }
    }
    const errors = read(error, 'errors')
    for (const key of Object.keys(error)) {
      if (STANDARD.has(key) || (key === 'errors' && Array.isArray(errors))) continue
      const value = read(error, key, unreadable)
      if (isError(value) || (value !== unreadable && keep(value)))
        encoded.props.push([key, encodeValue(value)])
    }
    if ('cause' in error) encoded.cause = encodeValue(read(error, 'cause'))
    if (Array.isArray(errors)) encoded.errors = errors.map(encodeValue)
    return encoded
  }
  return encode(error, [])
}

const STANDARD = new Set(['name', 'message', 'stack', 'cause'])
const unreadable = Symbol()

/** A getter that throws must not hide the error that has it. */
function read(error: object, key: string, otherwise?: unknown): unknown {
  try {
    return (error as Record<string, unknown>)[key]
  } catch {
    return otherwise
  }
}

function typeOf(error: Error): string {
  if (typeof DOMException === 'function' && error instanceof DOMException) return 'DOMException'
  for (let proto = Object.getPrototypeOf(error); proto; proto = Object.getPrototypeOf(proto)) {
    for (const [key, errorClass] of realm.errors) if (errorClass.prototype === proto) return key
    for (const [key, errorClass] of classes) if (errorClass.prototype === proto) return key
  }
  const name = read(error, 'name') as string
  return classes.has(name) ? name : 'Error'
}

/**
 * @param decoded what has become of the errors above and before: one that stands in many places is one
 * @throws TypeError where it is malformed
 */
export function decodeError(encoded: EncodedError, decoded = new Map<EncodedError, Error>()): Error {
  const known = decoded.get(encoded)
  if (known) return known
  const { type, name, message, stack, props } = encoded
  // Making a text of anything else may take as long as its writer likes.
  for (const text of [name, message, stack])
    if (typeof text !== 'string') throw new TypeError('malformed error')
  if (type === 'DOMException') return withStack(new DOMException(message, name), stack)

  // A real Error under the right prototype: its constructor may want other arguments, and must not run twice.
  const error = new Error(message)
  decoded.set(encoded, error)
  const errorClass = realm.errors.get(type) ?? classes.get(type) ?? Error
  Object.setPrototypeOf(error, errorClass.prototype as object)
  if (read(error, 'name') !== name) define(error, 'name', name)
  const value = (encoded: EncodedValue): unknown =>
    'error' in encoded ? decodeError(encoded.error, decoded) : encoded.value
  if (encoded.cause) define(error, 'cause', value(encoded.cause))
  // Without gaps: a list that is long and empty is short on its way.
  if (Array.isArray(encoded.errors)) define(error, 'errors', Object.values(encoded.errors).map(value))
  if (!Array.isArray(props)) throw new TypeError('malformed error')
  for (const [key, prop] of props)
    if (typeof key === 'string' && !STANDARD.has(key)) define(error, key, value(prop), true)
  return withStack(error, stack)
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

function withStack<E extends Error>(error: E, stack: string): E {
  define(error, 'stack', stack)
  return error
}
