/** Makes the next snapshot of the last one and a patch. The last one stays as it is; unchanged parts are in both. */
import { setOwn } from './own.js'
import { ADDED } from './patch.js'

/** Copies of so many items and more are left to the engine. */
const LONG = 256

/**
 * @param base a snapshot @param patch as it came from the other side
 * @throws TypeError where the patch is malformed or does not fit the snapshot
 */
export function apply(base: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw malformed()
  if (Array.isArray(base)) return items(base, patch, apply)
  if (base instanceof Map) return new Map(items([...base], patch, applyToEntry) as [unknown, unknown][])
  if (base instanceof Set) return new Set(items([...base], patch, apply))
  if (Object.prototype.toString.call(base) === '[object Object]')
    return properties(base as Record<string, unknown>, patch)
  throw malformed()
}

function applyToEntry(entry: unknown, patch: unknown): unknown {
  const [key, value] = entry as [unknown, unknown]
  return [key, apply(value, patch)]
}

function properties(base: Record<string, unknown>, patch: unknown[]): object {
  const [set = {}, changed = {}, removed = []] = patch as [object?, object?, string[]?]
  const gone = new Set(Object.values(removed))
  let copy: Record<string, unknown> = {}
  if (gone.size === 0) copy = { ...base }
  else for (const key of Object.keys(base)) if (!gone.has(key)) setOwn(copy, key, base[key])
  for (const [key, patch] of Object.entries(changed)) {
    if (!Object.hasOwn(copy, key)) throw malformed()
    setOwn(copy, key, apply(copy[key], patch))
  }
  for (const [key, value] of Object.entries(set)) setOwn(copy, key, value)
  return copy
}

type Change = (item: unknown, patch: unknown) => unknown

function items(base: readonly unknown[], patch: unknown[], change: Change): unknown[] {
  const [runs = [], added = [], changed = []] = patch as [ArrayLike<number>?, unknown[]?, unknown[]?]
  if (!(runs.length >= 0)) throw malformed()
  // Without holes: a list that is long and empty is short on its way.
  const add = Object.values(added)
  const copies: unknown[][] = []
  let short: unknown[] = []
  let taken = 0
  let addedBefore = 0
  for (let at = 0; at < runs.length; at += 2) {
    const isAdded = runs[at] === ADDED
    const source = isAdded ? add : base
    const from = isAdded ? addedBefore : (runs[at] as number)
    const count = runs[at + 1] as number
    // No old item is taken twice, so that no short patch makes a long list.
    if (isAdded) addedBefore += count
    else taken += count
    if (!(from >= 0 && count >= 1 && from + count <= source.length && taken <= base.length)) throw malformed()
    if (count < LONG) for (let item = from; item < from + count; item++) short.push(source[item])
    else {
      if (short.length > 0) copies.push(short)
      copies.push(source.slice(from, from + count))
      short = []
    }
  }
  if (short.length > 0) copies.push(short)
  const list = copies.length === 1 ? (copies[0] as unknown[]) : ([] as unknown[]).concat(...copies)
  let last = -1
  for (let at = 0; at < changed.length; at += 2) {
    const place = changed[at] as number
    // Each at most once, so that no short patch takes long.
    if (!(place > last && place < list.length)) throw malformed()
    last = place
    list[place] = change(list[place], changed[at + 1])
  }
  return list
}

const malformed = () => new TypeError('malformed patch, or a patch for something else')
