/** Where objects are: each one is found at a place, which is named by the way to it. */
import { partsOf } from './insides.js'
import { isObject, type Kinds } from './kinds.js'

/** The way to an object, from a root. */
export interface Place {
  readonly up?: Place
  readonly label: string
}

/** What can be told apart from others like it. */
export type Thing = object | symbol

const isThing = (value: unknown): value is Thing => isObject(value) || typeof value === 'symbol'

/** Gives each thing that is in a value, and the value itself, once, with its place: those nearest to the root first. */
export function* trace(
  root: unknown,
  label: string,
  kinds: Kinds,
  seen = new Set<Thing>(),
): Generator<[Thing, Place]> {
  const queue: [unknown, Place][] = [[root, { label }]]
  for (const [value, place] of queue) {
    if (!isThing(value) || seen.has(value)) continue
    seen.add(value)
    yield [value, place]
    if (typeof value !== 'object') continue
    for (const [label, part] of partsOf(value, kinds.of(value), kinds))
      if (isThing(part)) queue.push([part, { up: place, label }])
  }
}

/** The labels on the way to a place, from its root. */
export function wayTo(place: Place): string[] {
  const way: string[] = []
  for (let at: Place | undefined = place; at; at = at.up) way.push(at.label)
  return way.reverse()
}

/** Goes a way from a value, without the label of the root. */
export function follow(value: unknown, way: readonly string[], kinds: Kinds): unknown {
  for (const label of way) {
    if (typeof value !== 'object' || value === null) return undefined
    value = partsOf(value, kinds.of(value), kinds).find(([name]) => name === label)?.[1]
  }
  return value
}

/** What a value has to be at most to be looked through: larger ones count as changed. */
const MOST = 200_000

/** A number that tells whether a value, with all that is in it, is what it was before. NaN, equal to none: too large. */
export function fingerprint(value: unknown, kinds: Kinds, identity: (thing: Thing) => number): number {
  const numbers = new Map<unknown, number>()
  const queue: object[] = []
  let hash = 0
  const mix = (number: number) => (hash = Math.imul(hash ^ number, 0x9e3779b1) ^ (hash >>> 15))
  const mixText = (text: string) => {
    mix(text.length)
    for (let i = 0; i < text.length; i++) mix(text.charCodeAt(i))
  }
  const add = (part: unknown) => {
    if (!isThing(part)) {
      mixText(typeof part)
      return mixText(Object.is(part, -0) ? '-0' : String(part))
    }
    const known = numbers.get(part)
    if (known !== undefined) return mix(known)
    numbers.set(part, numbers.size)
    if (typeof part === 'object') queue.push(part)
    else mix(identity(part))
  }
  add(value)
  for (const object of queue) {
    if (queue.length > MOST) return NaN
    const kind = kinds.of(object)
    mixText(kind)
    if (kind === 'array') mix((object as unknown[]).length)
    if (kind === 'opaque' || kind === 'stateless' || kind === 'leaf') mix(identity(object))
    else if (kind === 'date') add((object as Date).getTime())
    else if (kind === 'regexp') mixText(`${String(object)}${(object as RegExp).lastIndex}`)
    else if (kind === 'buffer') {
      if ((object as ArrayBuffer).byteLength > 10 * MOST) return NaN
      for (const byte of new Uint8Array(object as ArrayBuffer)) mix(byte)
    } else
      for (const [label, part] of partsOf(object, kind, kinds)) {
        mixText(label)
        add(part)
      }
  }
  return hash >>> 0
}
