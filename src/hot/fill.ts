/** What is in an object, taken as a whole and put in again. */
import { takeOut, type Insides } from './insides.js'
import { isCell, type Chain, type Kind } from './kinds.js'

/** Kinds of objects that can be filled in place. */
export type Fillable = Exclude<Kind, 'opaque' | 'stateless' | 'leaf' | 'error' | 'instance'>

/** Whether all of an object's content can be replaced. */
export function canFill(object: object, kind: Kind): boolean {
  if (kind !== 'array' && kind !== 'plain') return true
  if (!Object.isExtensible(object)) return false
  return Object.values(Object.getOwnPropertyDescriptors(object)).every(
    ({ writable, configurable }, i, { length }) =>
      writable && (configurable || (kind === 'array' && i === length - 1)),
  )
}

/** Takes a copy of what is directly in an object. */
export function contentOf(object: object, kind: Fillable): unknown {
  switch (kind) {
    case 'array':
      return (object as unknown[]).slice()
    case 'plain':
      return { ...object }
    case 'map':
      return new Map(object as Map<unknown, unknown>)
    case 'set':
      return new Set(object as Set<unknown>)
    case 'date':
      return new Date(object as Date)
    case 'regexp':
      return { lastIndex: (object as RegExp).lastIndex }
    case 'buffer':
      return (object as ArrayBuffer).slice(0)
    case 'view':
      return undefined
    case 'cell':
      return isCell(object) ? object.get() : undefined
  }
}

/** Replaces what is in an object. */
export function fill(object: object, kind: Fillable, content: unknown): void {
  switch (kind) {
    case 'array':
    case 'plain': {
      for (const key of Object.keys(object))
        if (!Object.hasOwn(content as object, key)) Reflect.deleteProperty(object, key)
      if (Array.isArray(object)) object.length = (content as unknown[]).length
      for (const key of Object.keys(content as object)) put(object, key, Reflect.get(content as object, key))
      return
    }
    case 'map':
      Map.prototype.clear.call(object)
      for (const [key, value] of content as Map<unknown, unknown>) Map.prototype.set.call(object, key, value)
      return
    case 'set':
      Set.prototype.clear.call(object)
      for (const item of content as Set<unknown>) Set.prototype.add.call(object, item)
      return
    case 'date':
      ;(object as Date).setTime((content as Date).getTime())
      return
    case 'regexp':
      ;(object as RegExp).lastIndex = (content as RegExp).lastIndex
      return
    case 'buffer':
      new Uint8Array(object as ArrayBuffer).set(new Uint8Array(content as ArrayBuffer))
      return
    case 'view':
      return
    case 'cell':
      if (isCell(object)) object.set(content)
  }
}

/** Sets an own property, past any setter. */
function put(object: object, key: string, value: unknown): void {
  const property = Object.getOwnPropertyDescriptor(object, key)
  if (property ? Object.is(property.value, value) : false) return
  if (property) Reflect.set(object, key, value)
  else Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
}

/** @returns the property that cannot be made what it is to be */
export function findFixed(object: object, { own }: Insides): string | undefined {
  const now = Object.getOwnPropertyDescriptors(object)
  for (const [key, value] of own) {
    const property = Object.hasOwn(now, key) ? now[key] : undefined
    if (property ? !property.writable && !Object.is(property.value, value) : !Object.isExtensible(object))
      return key
  }
}

export function fillInstance(object: object, chain: Chain, { levels, own, base }: Insides): void {
  if (chain.base === 'map' || chain.base === 'set') fill(object, chain.base, base)
  if (chain.base === 'array') {
    const items = base as unknown[]
    ;(object as unknown[]).length = items.length
    items.forEach((item, i) => put(object, String(i), item))
  }
  const now = takeOut(object, chain).own
  for (const key of now.keys()) if (!own.has(key)) Reflect.deleteProperty(object, key)
  for (const [key, value] of own) put(object, key, value)
  chain.levels.forEach((level, depth) => level.write(object, levels[depth] ?? []))
}
