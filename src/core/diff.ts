/** Finds the patch that leads from one picture of a value to the next: pure, and in proportion to what has changed. */
import { bytesOf } from './bytes.js'
import { Columns } from './columns.js'
import { isPart, LEAF, MAP, OBJECT, type Part, type Picture } from './part.js'
import { setOwn } from './own.js'
import { finder, stretch } from './places.js'
import { ADDED, type ListPatch, type ObjectPatch, type Patch } from './patch.js'
import { Runs } from './runs.js'

/** There is no difference. */
export const NOTHING: Patch = []

/**
 * @returns undefined where nothing leads from one to the other, or it takes more than the whole. The patch refers to
 * the live values: it is to be sent before these can change.
 */
export function diff(old: Part, now: Part): Patch | undefined {
  try {
    return new Difference(now.bytes).between(old, now)
  } catch (error) {
    if (error !== TOO_LONG) throw error
  }
}

const TOO_LONG = Symbol('longer than the whole')
/** Bytes of a place in a list. */
const PLACE = 4

class Difference {
  /** @param bytes that the patch may take, about */
  constructor(private bytes: number) {}

  /** @returns undefined where the one is not the other at a later time: then it takes its place */
  between(old: Picture, now: Picture): Patch | undefined {
    if (!isLater(now, old)) return undefined
    return now.kind === OBJECT ? this.#object(old as Part, now) : this.#list(old as Part, now)
  }

  #object(old: Part, now: Part): ObjectPatch {
    const set: Record<string, unknown> = {}
    const changed: Record<string, Patch> = {}
    const find = finder(old.keys)
    now.keys.forEach((name, at) => {
      const key = name as string
      const place = find(key, at)
      const before = place < 0 ? undefined : old.values[place]
      const picture = now.values[at]
      if (place >= 0 && Object.is(before, picture)) return
      const patch = this.between(before, picture)
      if (patch === NOTHING) return
      this.#spend(bytesOf(key))
      if (patch) setOwn(changed, key, patch)
      else setOwn(set, key, this.#add(picture))
    })
    const names = old.keys === now.keys ? [] : this.#names(old.keys as string[], now.keys as string[])
    const patch: ObjectPatch = [set, changed, names]
    trim(patch)
    return patch.length > 0 ? patch : (NOTHING as ObjectPatch)
  }

  /** @returns the names that go; runs of all names where the others do not keep their order */
  #names(old: readonly string[], now: readonly string[]): ObjectPatch[2] {
    const left = new Map(old.map((key, at) => [key, at]))
    const runs = new Runs()
    let last = 0
    let inOrder = true
    for (const key of now) {
      const place = left.get(key) ?? ADDED
      left.delete(key)
      runs.add(place)
      // Numbers come first, and in order, whenever they were set.
      if (isIndex(key)) continue
      const after = place === ADDED ? Infinity : place
      inOrder &&= after >= last
      last = after
    }
    if (!inOrder) {
      this.#spend(runs.bytes)
      return runs.numbers
    }
    for (const key of left.keys()) this.#spend(bytesOf(key))
    return [...left.keys()]
  }

  #list(old: Part, now: Part): ListPatch {
    const isMap = now.kind === MAP
    const placeOf = match(isMap ? old.keys : old.values, isMap ? now.keys : now.values)
    const runs = new Runs()
    const added: unknown[] = []
    const changed: unknown[] = []
    const columns = new Columns()
    for (let at = 0; at < now.values.length; at++) {
      const place = placeOf(at)
      const before = old.values[place]
      const picture = now.values[at]
      if (place !== ADDED) {
        const isLeft = Object.is(before, picture) || this.#column(columns, before, picture, at)
        const patch = isLeft ? NOTHING : this.between(before, picture)
        if (patch && patch !== NOTHING) changed.push(at, patch)
        if (patch) {
          runs.add(place)
          continue
        }
      }
      const item = this.#add(picture)
      added.push(isMap ? [this.#add(now.keys[at] as Picture), item] : item)
      runs.add(ADDED)
    }
    const patch: ListPatch = [runs.numbers, added, columns.all, changed]
    trim(patch)
    if (patch.length === 1 && runs.isAll(old.values.length)) return NOTHING as ListPatch
    this.#spend(runs.bytes + changed.length)
    return patch
  }

  /** Enters what was set in an object of a list. @returns false where something else has changed in it */
  #column(columns: Columns, old: Picture, now: Picture, at: number): boolean {
    if (!isLater(now, old) || now.kind !== OBJECT || now.keys !== (old as Part).keys) return false
    const before = (old as Part).values
    const set: number[] = []
    for (let i = 0; i < before.length; i++) {
      if (Object.is(before[i], now.values[i])) continue
      if (isLater(now.values[i], before[i])) return false
      set.push(i)
    }
    if (set.length === 0) return true
    const { places, values } = columns.of(now.keys, set)
    places.push(at)
    for (const i of set) values.push(this.#add(now.values[i]))
    this.#spend(PLACE)
    return true
  }

  #add(picture: Picture): unknown {
    this.#spend(isPart(picture) ? picture.bytes : bytesOf(picture))
    return isPart(picture) ? picture.live : picture
  }

  #spend(bytes: number): void {
    if ((this.bytes -= bytes) < 0) throw TOO_LONG
  }
}

/** One is the other at a later time, and can be made of it. */
function isLater(now: Picture, old: Picture): now is Part {
  return isPart(now) && isPart(old) && now.number === old.number && now.kind !== LEAF
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

const isIndex = (key: string) => String(Number(key) >>> 0) === key && key !== '4294967295'

/** Takes away the empty parts at the end. */
function trim(parts: unknown[]): void {
  while (parts.length > 0 && isEmpty(parts.at(-1) as object)) parts.pop()
}

const isEmpty = (part: object) =>
  Array.isArray(part) || ArrayBuffer.isView(part)
    ? (part as ArrayLike<unknown>).length === 0
    : Object.keys(part).length === 0
