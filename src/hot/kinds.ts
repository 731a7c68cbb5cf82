/** What a value is to the carrying of state. */
import { connectorOf } from '../core/connect.js'
import type { Level, Registry } from './registry.js'

export type Kind =
  | 'array'
  | 'plain'
  | 'map'
  | 'set'
  | 'date'
  | 'regexp'
  | 'error'
  | 'buffer'
  | 'view'
  /** Made by `state()`. */
  | 'cell'
  /** Of classes whose code is known, or a plain object that has code or hidden properties. */
  | 'instance'
  /** Has no state of its own, and is made again. */
  | 'stateless'
  /** Nothing can be seen of what is in it. */
  | 'opaque'
  /** Something else that the platform clones as it is. */
  | 'leaf'

/** One of the levels of an object's class chain. `undefined`: a platform's class, which ends it. */
export interface Chain {
  levels: readonly Level[]
  base: 'object' | 'array' | 'map' | 'set' | 'error'
}

const bases = new Map<unknown, Chain['base']>([
  [Object.prototype, 'object'],
  [null, 'object'],
  [Array.prototype, 'array'],
  [Map.prototype, 'map'],
  [Set.prototype, 'set'],
])
/** The language's own classes of errors that are made without arguments, by name. */
export const errorClasses: Record<string, new () => Error> = {
  Error,
  TypeError,
  RangeError,
  SyntaxError,
  ReferenceError,
  EvalError,
  URIError,
}
for (const { prototype } of [...Object.values(errorClasses), AggregateError]) bases.set(prototype, 'error')

const stateless = /^(Intl\.\w+|TextEncoder|TextDecoder|BackgroundPool)$/
const cellKeys = ['get', 'set', 'update', 'subscribe', Symbol.asyncIterator]
const TypedArray = Object.getPrototypeOf(Uint8Array) as { prototype: object }

/** Whether a value is an object or a function. */
export const isObject = (value: unknown): value is object =>
  typeof value === 'function' || (typeof value === 'object' && value !== null)

export class Kinds {
  constructor(private readonly registry: Registry) {}

  of(object: object): Kind {
    if (connectorOf(object)) return 'opaque'
    const proto = Object.getPrototypeOf(object) as object | null
    if (proto === Object.prototype || proto === null) return this.#plain(object)
    if (proto === Array.prototype && Array.isArray(object))
      return hasOnly(object, 'length') ? 'array' : 'instance'
    if (this.chain(object)) return 'instance'
    if (isStore(object)) return 'opaque'
    const kind = platform(object, proto)
    // Properties beside what an object is are lost in a clone.
    return kind === 'opaque' ||
      kind === 'stateless' ||
      kind === 'error' ||
      ArrayBuffer.isView(object) ||
      Object.keys(object).length === 0
      ? kind
      : 'opaque'
  }

  /** What something is, for one that is to stand for another. */
  sort(thing: object | symbol): string {
    return typeof thing === 'object' ? `${this.of(thing)} ${classNameOf(thing)}` : typeof thing
  }

  #plain(object: object): Kind {
    if (isCell(object)) return 'cell'
    if (isStore(object)) return 'opaque'
    const name = Object.prototype.toString.call(object)
    if (name !== '[object Object]' && name !== '[object Arguments]') {
      // A namespace of the platform, such as `Math`, or one of a module.
      if (!Object.hasOwn(object, Symbol.toStringTag)) return 'opaque'
      if (name === '[object Generator]' || name === '[object AsyncGenerator]') return 'opaque'
      if (name === '[object Module]' || object === globalThis[name.slice(8, -1) as never]) return 'opaque'
    }
    return hasOnly(object) && !hasCode(object) ? 'plain' : 'instance'
  }

  /** The classes that made an object, the innermost first; `undefined` if the code of one is not known. */
  chain(object: object): Chain | undefined {
    const levels: Level[] = []
    for (
      let proto = Object.getPrototypeOf(object) as object | null;
      ;
      proto = Object.getPrototypeOf(proto) as object | null
    ) {
      const base = bases.get(proto)
      if (base) return levels.length || base === 'object' || base === 'array' ? { levels, base } : undefined
      const level = this.registry.level(proto as object)
      if (!level) return undefined
      levels.push(level)
    }
  }
}

function platform(object: object, proto: object): Kind {
  if (proto === Map.prototype) return 'map'
  if (proto === Set.prototype) return 'set'
  if (proto === Date.prototype) return 'date'
  if (proto === RegExp.prototype) return 'regexp'
  if (bases.get(proto) === 'error') return 'error'
  if (proto === ArrayBuffer.prototype) return 'buffer'
  if (Object.getPrototypeOf(proto) === TypedArray.prototype || proto === DataView.prototype) return 'view'
  const tag = Object.prototype.toString.call(object).slice(8, -1)
  if (stateless.test(tag) || stateless.test(classNameOf(object))) return 'stateless'
  if (!isNative(proto)) return 'opaque'
  try {
    // The platform keeps the class of what it can clone.
    return Object.getPrototypeOf(structuredClone(object)) === proto ? 'leaf' : 'opaque'
  } catch {
    return 'opaque'
  }
}

/** Whether a prototype is that of a class of the platform. */
const isNative = ({ constructor }: object) =>
  typeof constructor === 'function' &&
  /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(constructor))

export function classNameOf(object: object): string {
  try {
    const { constructor } = object
    return typeof constructor === 'function' && constructor.name ? constructor.name : ''
  } catch {
    return ''
  }
}

/** A store, other than ours, may hold anything. */
export const isStore = (object: object) =>
  typeof (object as { subscribe?: unknown }).subscribe === 'function' && !isCell(object)

/** Objects with state that a module that runs again does not make again. */
export const isHiding = (object: object) =>
  isStore(object) ||
  /^(WeakMap|WeakSet|WeakRef|.*Generator|.*Iterator)$/.test(
    Object.prototype.toString.call(object).slice(8, -1),
  )

export interface Cell {
  get(): unknown
  set(value: unknown): void
}

export function isCell(object: object): object is Cell {
  if (!Object.hasOwn(object, 'update') || !Object.hasOwn(object, 'subscribe')) return false
  const keys = Reflect.ownKeys(object)
  return (
    keys.length === cellKeys.length &&
    cellKeys.every((key) => typeof Object.getOwnPropertyDescriptor(object, key)?.value === 'function')
  )
}

/** Whether all properties are enumerable and have strings for names, except for some. */
function hasOnly(object: object, ...except: string[]): boolean {
  // Faster than all keys at once.
  return (
    Object.getOwnPropertyNames(object).length === Object.keys(object).length + except.length &&
    Object.getOwnPropertySymbols(object).length === 0
  )
}

function hasCode(object: object): boolean {
  for (const key in object) {
    const property = Object.getOwnPropertyDescriptor(object, key)
    if (property?.get || property?.set) return true
  }
  return false
}
