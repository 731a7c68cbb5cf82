/**
 * A first look at values that are about to cross: is this small plain data, which JSON keeps exactly? Then its text
 * can wait in a batch, since nothing can change it any more. Everything else is cloned at once.
 */
import { connectorOf } from './connect.js'
import { realm } from './realm.js'

/** What the look goes through before it gives up: larger values are cheaper to clone than to look at. */
const MAX_CONTAINERS = 16
const MAX_VALUES = 64
const MAX_TEXT = 4096

export type Look =
  /** Small plain data; JSON keeps it exactly. */
  | 'plain'
  /** Holds something that crosses in its own way: a function, a signal, a Vue ref, a value marked by `transfer`. */
  | 'special'
  /** Something else: large, or for structured clone to judge. */
  | 'other'

let containers: object[] = []
let values = 0
let text = 0

/** Strings cannot change and symbols cannot cross; of the rest only objects and functions need a look. */
export function isPrimitive(value: unknown): boolean {
  const type = typeof value
  return value === null || (type !== 'object' && type !== 'function' && type !== 'symbol')
}

/**
 * The text of a value that another side may have made. A list is not written out: a few nested ones have a text that
 * takes for ever. No other object has a long text but by code of its own.
 */
export function textOf(value: unknown): string {
  try {
    if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return String(value)
  } catch {}
  return tagOf(value)
}

/** Gives what structured clone, unless it is led astray, takes a value for, as in `[object Map]`. */
export const tagOf = (value: unknown): string => Object.prototype.toString.call(value)

/** An object of no class. */
export function isPlain(object: object): boolean {
  const proto: unknown = Object.getPrototypeOf(object)
  // A date or an error that has lost its class is still one to structured clone.
  return proto === Object.prototype || (proto === null && tagOf(object) === '[object Object]')
}

/** Looks at several values as one: what they share is seen as shared. */
export function lookAt(value: unknown): Look {
  // A proxy that is asked may call another thread, and so come here again.
  const outer = { containers, values, text }
  containers = []
  values = text = 0
  try {
    return look(value)
  } catch {
    // A proxy may throw whatever it is asked: structured clone will say so.
    return 'other'
  } finally {
    ;({ containers, values, text } = outer)
  }
}

function look(value: unknown): Look {
  switch (typeof value) {
    case 'string':
      return (text += value.length) > MAX_TEXT ? 'other' : 'plain'
    case 'boolean':
      return 'plain'
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? 'plain' : 'other'
    case 'function':
      return 'special'
    case 'object':
      return value === null ? 'plain' : lookInto(value)
    default:
      return 'other'
  }
}

function lookInto(object: object): Look {
  if (isSpecial(object)) return 'special'
  if (containers.length === MAX_CONTAINERS || containers.includes(object)) return 'other'
  containers.push(object)

  const isArray = Array.isArray(object)
  if (isArray && object.length > MAX_VALUES) return 'other'
  if (isArray ? Object.getPrototypeOf(object) !== Array.prototype : !isPlain(object)) return 'other'
  const keys = Object.keys(object)
  values += keys.length
  if (values > MAX_VALUES) return 'other'

  // A hole or an extra property of an array: JSON would fill the one and drop the other. Indices come first.
  const dense =
    !isArray || (keys.length === object.length && (keys.at(-1) ?? '-1') === String(object.length - 1))
  let result: Look = dense ? 'plain' : 'other'
  if ('toJSON' in object) result = 'other'
  for (const key of keys) {
    const property = Object.getOwnPropertyDescriptor(object, key)
    // A getter might answer differently the second time.
    const found = property && 'value' in property ? look((object as Record<string, unknown>)[key]) : 'other'
    // One special value decides: it is worth finding even where the rest is not plain.
    if (found === 'special') return 'special'
    if (found === 'other') result = 'other'
  }
  return result
}

function isSpecial(object: object): boolean {
  return (
    object instanceof AbortSignal ||
    realm.transfers.has(object) ||
    isVueRef(object) ||
    connectorOf(object) !== undefined
  )
}

/** A ref that was passed by mistake stands for its value; cloned as it is, it would be Vue's inner bookkeeping. */
export function isVueRef(object: object): object is { value: unknown } {
  // Each of Vue's refs is an instance of a class; plain data may have any name.
  return (object as { __v_isRef?: unknown }).__v_isRef === true && !isPlain(object)
}
