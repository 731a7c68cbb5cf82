/** What is in objects. */
import { isObject, type Cell, type Chain, type Kind, type Kinds } from './kinds.js'
import type { Level } from './registry.js'

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
      return Object.keys(object).map((key) => [`[${key}]`, Reflect.get(object, key) as unknown])
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
