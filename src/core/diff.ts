/** Finds the patch that leads from one picture of a value to the next: pure, and in proportion to what has changed. */
import { isPart, LEAF, MAP, OBJECT, type Part, type Picture } from './mirror.js'
import { setOwn } from './own.js'
import { finder, stretch } from './places.js'
import { ADDED, type ListPatch, type ObjectPatch, type Patch } from './patch.js'

/** Numbers of runs from which they travel as a typed array. */
const MANY = 512

/**
 * @returns undefined where nothing leads from one to the other, or it is no shorter than the whole. The patch refers to
 * the live values: it is to be sent before these can change.
 */
export function diff(old: Part, now: Part): Patch | undefined {
  const difference = new Difference()
  const patch = difference.between(old, now)
  return difference.size <= now.size ? patch : undefined
}

class Difference {
  /** About what the patch takes, in slots of eight bytes. */
  size = 0

  /** @returns undefined where the one is not the other at a later time: then it takes its place */
  between(old: Picture, now: Picture): Patch | undefined {
    if (!isPart(old) || !isPart(now) || old.number !== now.number || now.kind === LEAF) return undefined
    this.size += 3
    return now.kind === OBJECT ? this.#object(old, now) : this.#list(old, now)
  }

  #object(old: Part, now: Part): ObjectPatch | undefined {
    const set: Record<string, unknown> = {}
    const changed: Record<string, Patch> = {}
    const removed = old.keys === now.keys ? [] : removedKeys(old.keys, now.keys)
    if (!removed) return undefined
    const find = finder(old.keys)
    now.keys.forEach((name, at) => {
      const key = name as string
      const place = find(key, at)
      const before = place < 0 ? undefined : old.values[place]
      const picture = now.values[at]
      if (place >= 0 && Object.is(before, picture)) return
      const patch = this.between(before, picture)
      this.size += 1 + (key.length >> 3)
      if (patch) setOwn(changed, key, patch)
      else setOwn(set, key, this.#add(picture))
    })
    this.size += removed.length
    const patch: ObjectPatch = [set, changed, removed]
    return trim(patch, (part) => Object.keys(part).length === 0)
  }

  #list(old: Part, now: Part): ListPatch {
    const isMap = now.kind === MAP
    const placeOf = match(isMap ? old.keys : old.values, isMap ? now.keys : now.values)
    const runs: number[] = []
    const added: unknown[] = []
    const changed: unknown[] = []
    let next = NaN
    for (let at = 0; at < now.values.length; at++) {
      const picture = now.values[at]
      const place = placeOf(at)
      let taken = place
      if (place >= 0 && !Object.is(old.values[place], picture)) {
        const patch = this.between(old.values[place], picture)
        if (patch) changed.push(at, patch)
        else taken = ADDED
      }
      if (taken === ADDED) {
        const item = this.#add(picture)
        added.push(isMap ? [this.#add(now.keys[at] as Picture), item] : item)
      }
      if (taken === next || (taken === ADDED && runs.at(-2) === ADDED)) (runs[runs.length - 1] as number)++
      else runs.push(taken, 1)
      next = taken === ADDED ? NaN : taken + 1
    }
    const many = runs.length > MANY
    this.size += runs.length / (many ? 2 : 1) + changed.length / 2
    const patch: ListPatch = [many ? Int32Array.from(runs) : runs, added, changed]
    return trim(patch, (part) => part.length === 0)
  }

  #add(picture: Picture): unknown {
    const live = isPart(picture) ? picture.live : picture
    this.size += isPart(picture) ? picture.size : 1 + (typeof picture === 'string' ? picture.length >> 3 : 0)
    return live
  }
}

/** Whether two items of a list, or two keys, are the same thing. */
function isSame(old: unknown, now: unknown): boolean {
  return (
    Object.is(old, now) ||
    (isPart(old as Picture) && isPart(now as Picture) && (old as Part).number === (now as Part).number)
  )
}

/** @returns where each new item stood before, or `ADDED`; no old place is given twice */
function match(old: readonly unknown[], now: readonly unknown[]): (at: number) => number {
  const [start, end] = stretch(old, now, isSame)
  const shift = old.length - now.length
  const found = find(old, start, end + shift)
  const middle = now.slice(start, end).map(found)
  return (at) => (at < start ? at : at < end ? (middle[at - start] as number) : at + shift)
}

/** An index of the items from `start` to `end`. Each is found once; of equal ones the first comes first. */
function find(items: readonly unknown[], start: number, end: number): (item: unknown) => number {
  const parts = new Map<number, number>()
  const primitives = new Map<unknown, number>()
  /** Behind each item, the place of the next equal one. */
  const chain = new Int32Array(end - start)
  for (let at = end - 1; at >= start; at--) {
    const item = items[at]
    if (isPart(item as Picture)) parts.set((item as Part).number, at)
    else {
      chain[at - start] = primitives.get(item) ?? ADDED
      primitives.set(item, at)
    }
  }
  return (item) => {
    if (isPart(item as Picture)) return parts.get((item as Part).number) ?? ADDED
    const at = primitives.get(item) ?? ADDED
    // -0 is no 0, although a map takes it for one.
    if (at === ADDED || !Object.is(items[at], item)) return ADDED
    primitives.set(item, chain[at - start] as number)
    return at
  }
}

/** @returns the names that go; undefined where the others do not keep their order, which a patch could not change */
function removedKeys(old: readonly unknown[], now: readonly unknown[]): string[] | undefined {
  const left = new Map(old.map((key, at) => [key, at]))
  let last = -1
  for (const key of now) {
    const place = left.get(key) ?? Infinity
    left.delete(key)
    // Numbers come first, and in order, whenever they were set.
    if (isIndex(key as string)) continue
    if (place < last) return undefined
    last = place
  }
  return [...left.keys()] as string[]
}

const isIndex = (key: string) => String(Number(key) >>> 0) === key && key !== '4294967295'

/** Without the empty parts at the end. */
function trim<T extends unknown[]>(parts: T, isEmpty: (part: NonNullable<T[number]>) => boolean): T {
  while (parts.length > 0 && isEmpty(parts.at(-1) as NonNullable<T[number]>)) parts.pop()
  return parts
}
