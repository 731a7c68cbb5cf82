/** What the items of a list were before: by identity, by their key, else by their place. */
import { isObject, isPart, kindOf, OBJECT, type Part, type Picture } from './part.js'

/** Items that are compared around the place where one is expected, before all are put into an index. */
const NEAR = 4
/** Objects that are asked for, to see whether a list still holds the same. */
const SAMPLES = 8

/**
 * Finds what the items from `start` to `end` were, among the pictures from `start` to `oldEnd`. Each is found once.
 *
 * @param keyNames the properties by which objects are known, the first that is there
 * @returns of each item its former picture, or undefined
 */
export function findFormer(
  items: readonly unknown[],
  before: readonly Picture[],
  start: number,
  end: number,
  oldEnd: number,
  keyNames: readonly string[],
): Picture[] {
  const found: Picture[] = Array.from({ length: end - start })
  const taken = new Uint8Array(oldEnd - start)
  const take = (at: number, place: number) => {
    found[at - start] = before[place]
    taken[place - start] = 1
  }
  let left: number[] = []
  // Most of them are where they were.
  for (let at = start; at < end; at++) {
    const part = before[at]
    if (at < oldEnd && isPart(part) && part.live === items[at]) take(at, at)
    else if (isObject(items[at])) left.push(at)
  }

  /** @param nameOf what an old part is known by @param nameNow the same of an item */
  const find = (nameOf: (part: Part) => unknown, nameNow: (item: object) => unknown) => {
    /** Behind the last match: there the next one is likely to be. */
    let next = start
    let index: Map<unknown, number> | undefined
    const fits = (at: number, name: unknown) => {
      const part = before[at]
      return at < oldEnd && isPart(part) && !taken[at - start] && nameOf(part) === name
    }
    const placeOf = (at: number, name: unknown): number | undefined => {
      if (fits(at, name)) return at
      for (let near = next; near < next + NEAR; near++) if (fits(near, name)) return near
      index ??= indexOf(before, start, oldEnd, nameOf)
      const place = index.get(name)
      return place !== undefined && !taken[place - start] ? place : undefined
    }
    left = left.filter((at) => {
      const name = nameNow(items[at] as object)
      const place = name === undefined ? undefined : placeOf(at, name)
      if (place === undefined) return true
      take(at, place)
      next = place + 1
      return false
    })
  }
  const keyOf = (part: Part) => keyOfPart(part, keyNames)
  const keyNow = (item: object) => keyOfObject(item, keyNames)
  if (left.length > 0 && areKept(items, before, start, oldEnd))
    find(
      (part) => part.live,
      (item) => item,
    )
  find(keyOf, keyNow)
  // What has no key of its own may be a copy of what stood there.
  for (const at of left) {
    const part = before[at]
    const isFree = at < oldEnd && !taken[at - start] && isPart(part)
    if (isFree && keyOf(part) === undefined && keyNow(items[at] as object) === undefined) take(at, at)
  }
  return found
}

function keyOfPart(part: Part, names: readonly string[]): unknown {
  if (part.kind !== OBJECT) return undefined
  for (const name of names) {
    const at = part.keys.indexOf(name)
    const key = part.values[at]
    if (at >= 0 && !isPart(key)) return key ?? undefined
  }
  return undefined
}

function keyOfObject(item: object, names: readonly string[]): unknown {
  if (kindOf(item) !== OBJECT) return undefined
  for (const name of names) {
    const key = Object.hasOwn(item, name) ? (item as Record<string, unknown>)[name] : undefined
    // No row is known by null: a draft that has no id yet.
    if (key !== undefined && !isObject(key)) return key ?? undefined
  }
  return undefined
}

/** Where the objects of a list stand, by what they are known by. */
function indexOf(
  before: readonly Picture[],
  start: number,
  end: number,
  nameOf: (part: Part) => unknown,
): Map<unknown, number> {
  const index = new Map<unknown, number>()
  for (let at = start; at < end; at++) {
    const part = before[at]
    if (isPart(part)) index.set(nameOf(part), at)
  }
  return index
}

/**
 * Whether the objects of a list are still the same, as far as a few of them show: looking for all of them is dear where
 * all were replaced by copies.
 */
function areKept(
  items: readonly unknown[],
  before: readonly Picture[],
  start: number,
  oldEnd: number,
): boolean {
  const step = Math.ceil((oldEnd - start) / SAMPLES)
  for (let at = start; at < oldEnd; at += step) {
    const part = before[at]
    if (isPart(part) && items.includes(part.live, start)) return true
  }
  return false
}
