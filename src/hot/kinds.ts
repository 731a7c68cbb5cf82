/** What a value is to the carrying of state, and what is in it. */
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
const errors = new Set([
  Error,
  TypeError,
  RangeError,
  SyntaxError,
  ReferenceError,
  EvalError,
  URIError,
  AggregateError,
])
for (const { prototype } of errors) bases.set(prototype, 'error')

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
  try {
    // The platform keeps the class of what it can clone.
    return Object.getPrototypeOf(structuredClone(object)) === proto ? 'leaf' : 'opaque'
  } catch {
    return 'opaque'
  }
}

export function classNameOf(object: object): string {
  try {
    const { constructor } = object
    return typeof constructor === 'function' && constructor.name ? constructor.name : ''
  } catch {
    return ''
  }
}

/** How a message names something that cannot be carried. */
export function describe(value: object | symbol): string {
  if (typeof value === 'symbol') return 'a symbol'
  if (typeof value === 'function') return 'a function that was made later'
  if (connectorOf(value)) return 'the proxy of a thread'
  const tag = Object.prototype.toString.call(value).slice(8, -1)
  if (tag === 'Promise') return 'a promise'
  if (tag.endsWith('Generator') || tag.endsWith('Iterator')) return 'a running generator or iterator'
  const name = classNameOf(value)
  if (isStore(value)) return 'a store of another library'
  if (tag !== 'Object' && tag !== 'Array') return `${/^[AEIOU]/i.test(tag) ? 'an' : 'a'} ${tag}`
  return name && name !== 'Object'
    ? `an instance of ${name}, whose code is not one of your modules`
    : 'an object of an unknown class'
}

/** A store, other than ours, may hold anything. */
export const isStore = (object: object) =>
  typeof (object as { subscribe?: unknown }).subscribe === 'function' && !isCell(object)

/** Objects with state that a module that runs again does not make again. */
export const isHiding = (object: object) =>
  isStore(object) ||
  /^(WeakMap|WeakSet|.*Generator|.*Iterator)$/.test(Object.prototype.toString.call(object).slice(8, -1))

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
  return Reflect.ownKeys(object).length === Object.keys(object).length + except.length
}

function hasCode(object: object): boolean {
  for (const key in object) {
    const property = Object.getOwnPropertyDescriptor(object, key)
    if (property?.get || property?.set) return true
  }
  return false
}

/** What is in an instance: it is taken out, crosses as a copy, and is put in again. */
export interface Insides {
  /** The hidden fields of each level of the class chain. */
  levels: unknown[][]
  own: Map<string, unknown>
  base?: unknown
}

/** The own properties that are code or stand under symbols, which stay what they are. @returns their names */
export function codeOf(object: object): string[] {
  return Reflect.ownKeys(object).flatMap((key) => {
    const property = Object.getOwnPropertyDescriptor(object, key)
    return typeof key === 'symbol' || property?.get || property?.set ? [String(key)] : []
  })
}

/** Takes what is in an instance. */
export function takeOut(object: object, { levels, base }: Chain): Insides {
  const own = new Map<string, unknown>()
  for (const key of Object.getOwnPropertyNames(object)) {
    if (base === 'array' && (key === 'length' || isIndex(key))) continue
    const property = Object.getOwnPropertyDescriptor(object, key)
    if (property && 'value' in property) own.set(key, property.value)
  }
  const insides: Insides = { levels: levels.map((level) => level.read(object)), own }
  if (base === 'array') insides.base = Array.from(object as unknown[])
  if (base === 'map') insides.base = new Map(Map.prototype.entries.call(object as never) as never)
  if (base === 'set') insides.base = new Set(Set.prototype.values.call(object as never) as never)
  return insides
}

const isIndex = (key: string) => String(Number(key) >>> 0) === key

/** The parts of an object, each under a text that is its own and that a message can show. */
export function partsOf(object: object, kind: Kind, kinds: Kinds): [label: string, value: unknown][] {
  switch (kind) {
    case 'array':
      return (object as unknown[]).map((value, i) => [`[${i}]`, value])
    case 'plain':
    case 'error':
      return Object.getOwnPropertyNames(object).map((key) => [
        labelOf(key),
        Reflect.get(object, key) as unknown,
      ])
    case 'map':
      return mapParts(object as Map<unknown, unknown>)
    case 'set':
      return [...(object as Set<unknown>)].map((value, i) => [`.item(${i})`, value])
    case 'view':
      return [['.buffer', (object as DataView).buffer]]
    case 'cell':
      return [['.get()', (object as Cell).get()]]
    case 'instance': {
      const chain = kinds.chain(object)
      if (!chain) return []
      const { levels, own, base } = takeOut(object, chain)
      const hidden = levels.flatMap((values, i) =>
        values.map((value, j): [string, unknown] => [hiddenLabel(i, chain.levels[i], j), value]),
      )
      const open = [...own].map(([key, value]): [string, unknown] => [labelOf(key), value])
      return [...hidden, ...open, ...(isObject(base) ? partsOf(base, chain.base as Kind, kinds) : [])]
    }
    default:
      return []
  }
}

/** Several levels of a class chain may have a field of one name. */
export const hiddenLabel = (depth: number, level: Level | undefined, index: number) =>
  `${depth ? `.${level?.name}` : ''}.${level?.hidden[index]}`

export const labelOf = (key: string) => (/^[\w$]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`)

function mapParts(map: Map<unknown, unknown>): [string, unknown][] {
  let i = -1
  return [...map].flatMap(([key, value]): [string, unknown][] => {
    i++
    return isObject(key) || typeof key === 'symbol'
      ? [
          [`.key(${i})`, key],
          [`.value(${i})`, value],
        ]
      : [[keyLabel(key), value]]
  })
}

export const keyLabel = (key: unknown) =>
  `.get(${typeof key === 'string' ? JSON.stringify(key) : typeof key === 'bigint' ? `${key}n` : String(key)})`
