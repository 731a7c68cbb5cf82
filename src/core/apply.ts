/** Makes the next snapshot of the last one and a patch. The last one stays as it is; unchanged parts are in both. */
import { tagOf } from './look.js'
import { setOwn } from './own.js'
import { ADDED } from './patch.js'

/** Copies of so many items and more are left to the engine. */
const LONG = 256

/** Changes an item of a list. */
interface Change {
  patch(item: unknown, patch: unknown, used: Used): unknown
  /** Sets properties: the value of each name is in `values`, from the place `from` on. */
  set(item: unknown, names: readonly string[], values: readonly unknown[], from: number): unknown
}

const ITEM: Change = { patch: apply, set: setAll }

/** Patches that were met: each is for one place, so that one that stands in many is not as long as all of them. */
type Used = Set<unknown>

/** An item of a map is a pair, and it is the value that is changed. */
const ENTRY: Change = {
  patch: (entry, patch, used) => onValue(entry, (value) => apply(value, patch, used)),
  set: (entry, names, values, from) => onValue(entry, (value) => setAll(value, names, values, from)),
}

function onValue(entry: unknown, change: (value: unknown) => unknown): [unknown, unknown] {
  const [key, value] = entry as [unknown, unknown]
  return [key, change(value)]
}

/**
 * @param base a snapshot @param patch as it came from the other side
 * @throws TypeError where the patch is malformed or does not fit the snapshot
 */
export function apply(base: unknown, patch: unknown, used: Used = new Set()): unknown {
  if (!Array.isArray(patch) || used.has(patch)) throw malformed()
  used.add(patch)
  if (Array.isArray(base)) return items(base, patch, ITEM, used)
  if (base instanceof Map) return new Map(items([...base], patch, ENTRY, used) as [unknown, unknown][])
  if (base instanceof Set) return new Set(items([...base], patch, ITEM, used))
  if (isObject(base)) return properties(base, patch, used)
  throw malformed()
}

function properties(base: Record<string, unknown>, patch: unknown[], used: Used): object {
  const [set = {}, changed = {}, names = []] = patch as [object?, object?, (string[] | number[])?]
  const copy = typeof names[0] === 'number' ? inOrder(base, set, names as number[]) : without(base, names)
  for (const [key, patch] of Object.entries(changed)) {
    if (!Object.hasOwn(copy, key)) throw malformed()
    setOwn(copy, key, apply(copy[key], patch, used))
  }
  for (const [key, value] of Object.entries(set)) setOwn(copy, key, value)
  return copy
}

function without(base: Record<string, unknown>, names: object): Record<string, unknown> {
  const gone = new Set<unknown>(Object.values(names))
  if (gone.size === 0) return { ...base }
  const copy = {}
  for (const key of Object.keys(base)) if (!gone.has(key)) setOwn(copy, key, base[key])
  return copy
}

/** Names in an order of their own: what is new has its value from `set`. */
function inOrder(
  base: Record<string, unknown>,
  set: object,
  runs: ArrayLike<number>,
): Record<string, unknown> {
  const added = Object.keys(set).filter((key) => !Object.hasOwn(base, key))
  const copy = {}
  for (const key of pick(Object.keys(base), runs, added) as string[])
    setOwn(copy, key, Object.hasOwn(base, key) ? base[key] : undefined)
  return copy
}

function setAll(item: unknown, names: readonly string[], values: readonly unknown[], from: number): object {
  if (!isObject(item)) throw malformed()
  const copy = { ...item }
  names.forEach((name, at) => {
    if (typeof name !== 'string') throw malformed()
    setOwn(copy, name, values[from + at])
  })
  return copy
}

function items(base: readonly unknown[], patch: unknown[], change: Change, used: Used): unknown[] {
  const [runs = [], added = [], columns = [], changed = []] = patch as [
    ArrayLike<number>?,
    unknown[]?,
    [string[], ArrayLike<number>, unknown[]][]?,
    unknown[]?,
  ]
  if (!Array.isArray(changed) || !Array.isArray(columns)) throw malformed()
  // Without holes: a list that is long and empty is short on its way.
  const list = pick(base, runs, Object.values(added))
  const touched = new Uint8Array(changed.length + columns.length > 0 ? list.length : 0)
  /** Each at most once, so that no short patch takes long. */
  const touch = (place: number) => {
    if (!isCount(place) || place >= list.length || touched[place]) throw malformed()
    touched[place] = 1
  }
  for (let at = 0; at < changed.length; at += 2) {
    const place = changed[at] as number
    touch(place)
    list[place] = change.patch(list[place], changed[at + 1], used)
  }
  for (const [names, places, column] of columns) {
    const values = Object.values(column)
    if (!Array.isArray(names) || !isCount(places.length)) throw malformed()
    if (values.length !== names.length * places.length) throw malformed()
    for (let at = 0; at < places.length; at++) {
      const place = places[at] as number
      touch(place)
      list[place] = change.set(list[place], names, values, at * names.length)
    }
  }
  return list
}

/** A list of old and added items, as the runs say. */
function pick(base: readonly unknown[], runs: ArrayLike<number>, added: readonly unknown[]): unknown[] {
  if (!isCount(runs.length)) throw malformed()
  const copies: unknown[][] = []
  let short: unknown[] = []
  let taken = 0
  let addedBefore = 0
  for (let at = 0; at < runs.length; at += 2) {
    const isAdded = runs[at] === ADDED
    const source = isAdded ? added : base
    const from = isAdded ? addedBefore : (runs[at] as number)
    const count = runs[at + 1] as number
    if (!isCount(from) || !isCount(count)) throw malformed()
    // No old item is taken twice, so that no short patch makes a long list.
    if (isAdded) addedBefore += count
    else taken += count
    if (count === 0 || from + count > source.length || taken > base.length) throw malformed()
    if (count < LONG) for (let item = from; item < from + count; item++) short.push(source[item])
    else {
      if (short.length > 0) copies.push(short)
      copies.push(source.slice(from, from + count))
      short = []
    }
  }
  if (short.length > 0) copies.push(short)
  return copies.length === 1 ? (copies[0] as unknown[]) : ([] as unknown[]).concat(...copies)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return tagOf(value) === '[object Object]'
}

/** Nothing that would have to become a number first: that may take as long as its writer likes. */
const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0

const malformed = () => new TypeError('malformed patch, or a patch for something else')
