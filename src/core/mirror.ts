/**
 * A thread's picture of a value it has sent. The next picture shares every part that is unchanged, however the change
 * came about: whether the logic has replaced its data or mutated it in place.
 *
 * Nothing is taken on trust: a part is unchanged where all that it holds was compared, or where it is frozen.
 */
import { BRACKETS, bytesOf } from './bytes.js'
import { findFormer } from './former.js'
import { hasSameBytes, isSame, leafOf, type Leaf } from './leaf.js'
import { isPlain, isPrimitive, isVueRef } from './look.js'
import {
  ARRAY,
  isObject,
  isPart,
  kindOf,
  LEAF,
  MAP,
  OBJECT,
  REF,
  SET,
  type Part,
  type Picture,
  type Primitive,
} from './part.js'
import { finder, stretch } from './places.js'

/** Thrown where a value cannot be followed; its snapshot is then sent whole. */
class Unfollowed extends Error {}
/** Thrown if a value can be followed from now on, but not from the last picture. */
class Unrelated extends Unfollowed {}

const NONE: readonly never[] = []
const NO_BYTES = new Uint8Array()
/** Deeper values are left to structured clone. */
const MAX_DEPTH = 400
/** Slots that a picture may take: some 100 MB. */
const MAX_SIZE = 2 ** 22
/** Items of lists that are believed to be frozen. In longer ones, it is the items that are. */
const SHORT = 64

/** One count for all mirrors, so that parts of two mirrors never have the same number. */
let lastNumber = 0

export class Mirror {
  #root: Part | undefined
  /** Of the object looked at last: most rows have the same. */
  #lastKeys: readonly unknown[] = NONE
  #summedKeys: readonly unknown[] = NONE
  #keyBytes = 0
  /** Objects at a place where another object, or none, was before. */
  readonly #strangers = new Set<object>()
  /** At least one object was at its place before. */
  #known = false
  /** Leaves, or the buffers they show. */
  readonly #owners = new Set<object>()
  /** Objects of the platform, which may be in many places. */
  readonly #handles = new Map<object, Part>()
  /** Parts up to this number are older than this picture. */
  #before = 0
  readonly #keyNames: readonly string[]
  #depth = 0
  /** Slots of this picture that are new. */
  #made = 0
  /** Pictures that are not tried, since the last ones failed. */
  #skip = 0
  #failures = 0

  /** @param key the property by which the items of lists are known, instead of `id` and `key` */
  constructor(key?: string) {
    this.#keyNames = key === undefined ? ['id', 'key'] : [key]
  }

  /**
   * Takes a picture of a value. It refers to the value's own objects: use it before they change.
   *
   * @returns undefined for what cannot be followed exactly: primitives, shared references, cycles, sparse arrays,
   * what is not cloneable, what is too large or too deep
   */
  take(value: unknown): Part | undefined {
    // A property that all objects inherit would turn up in every for-in loop.
    if (!isObject(value) || Object.keys(Object.prototype).length > 0) return (this.#root = undefined)
    if (this.#skip > 0) {
      this.#skip--
      return undefined
    }
    const old = this.#root
    this.#root = undefined
    return this.#take(value, old)
  }

  #take(value: object, old: Part | undefined): Part | undefined {
    this.#depth = this.#made = 0
    this.#known = false
    this.#before = lastNumber
    try {
      const root = this.#part(value, old)
      if (!isPart(root)) throw new Unfollowed()
      // An object in two places was a stranger at one of them at least. Where the other was its old place, only
      // counting shows it.
      if (root.size > MAX_SIZE || (this.#known && this.#strangersIn(root) > this.#strangers.size))
        throw new Unfollowed()
      this.#failures = this.#skip = 0
      return (this.#root = root)
    } catch (error) {
      if (!old || !(error instanceof Unrelated)) {
        // What could not be followed will hardly be the next time: it is looked at ever more rarely.
        this.#skip = 2 ** Math.min(this.#failures++, 5) - 1
        return undefined
      }
    } finally {
      this.#strangers.clear()
      this.#owners.clear()
      this.#handles.clear()
    }
    return this.#take(value, undefined)
  }

  /** How many parts stand for strangers. More than there are: one of them is in two places. */
  #strangersIn(part: Part): number {
    if (this.#strangers.size === 0) return 0
    let count = this.#strangers.has(part.live) ? 1 : 0
    if (part.nested)
      for (const picture of part.values) if (isPart(picture)) count += this.#strangersIn(picture)
    return count
  }

  #picture(value: unknown, before: Picture): Picture {
    if (isObject(value)) return this.#part(value, before)
    if (typeof value === 'function' || typeof value === 'symbol') throw new Unfollowed()
    return value as Primitive
  }

  /** @param before what may be the same thing, at an earlier time */
  #part(live: object, before: Picture): Picture {
    const known = isPart(before) && before.live === live
    this.#known ||= known
    if (known && before.fixed) return before
    const kind = kindOf(live)
    if (kind === REF) return this.#picture((live as { value: unknown }).value, before)
    const old = isPart(before) && before.kind === kind ? before : undefined
    const leaf = kind === LEAF ? leafOf(live) : undefined
    if (leaf?.handle) return this.#handle(live, leaf, known ? old : undefined)
    if (!known) {
      // What a getter gives may not be what it gave when the value was cloned.
      if (this.#strangers.has(live) || (kind === OBJECT && hasGetter(live))) throw new Unfollowed()
      this.#strangers.add(live)
    }
    if (++this.#depth > MAX_DEPTH) throw new Unfollowed()
    const part = leaf ? this.#leaf(live, leaf, old) : this.#look(kind, live, old)
    this.#depth--
    // An equal copy takes its place, and may not be frozen as that was.
    if (part !== old || part.live !== live) {
      part.live = live
      part.fixed = isFixed(part)
    }
    return part
  }

  #look(kind: number, live: object, old: Part | undefined): Part {
    switch (kind) {
      case OBJECT:
        return isPlain(live)
          ? this.#plain(live as Record<string, unknown>, old)
          : this.#keyed(kind, live, Object.keys(live), Object.values(live), old)
      case MAP: {
        const map = live as Map<unknown, unknown>
        const keys = [...Map.prototype.keys.call(map)]
        if (!keys.every(isPrimitive)) throw new Unfollowed()
        return this.#keyed(kind, live, keys, [...Map.prototype.values.call(map)], old)
      }
      case LEAF:
        throw new Unfollowed()
    }
    let items: readonly unknown[] = kind === SET ? [...Set.prototype.values.call(live)] : (live as unknown[])
    // Not so many: a property beside the items, or a hole. Where both are there, #items finds the hole.
    if (kind === ARRAY && Object.values(live).length !== items.length) throw new Unfollowed()
    // Known by what the refs hold, of which a set has each value once.
    if (items.some(isRef)) {
      items = items.map(unwrap)
      if (kind === SET) items = [...new Set(items)]
    }
    const values = this.#items(items, old?.values ?? NONE)
    return old && values === old.values ? old : this.#make(kind, live, NONE, values, old)
  }

  /** Nearly all objects: as long as the keys are those of before, in the engine's fastest way. */
  #plain(live: Record<string, unknown>, old: Part | undefined): Part {
    const keys = old?.keys ?? this.#lastKeys
    const before = old?.values ?? NONE
    /** Undefined as long as nothing has changed. */
    let values: Picture[] | undefined = old ? undefined : []
    let at = 0
    let differs = false
    for (const key in live) {
      differs = key !== keys[at]
      if (differs) break
      const picture = this.#picture(live[key], before[at])
      if (!values && !Object.is(picture, before[at])) values = before.slice(0, at)
      values?.push(picture)
      at++
    }
    if (differs || at < keys.length) {
      const names = (this.#lastKeys = Object.keys(live))
      return this.#keyed(OBJECT, live, names, Object.values(live), old, values ?? before.slice(0, at))
    }
    return values ? this.#make(OBJECT, live, keys, values, old) : (old as Part)
  }

  /** @param values those of the first keys, where they are known already */
  #keyed(
    kind: number,
    live: object,
    keys: readonly unknown[],
    items: readonly unknown[],
    old: Part | undefined,
    values: Picture[] = [],
  ): Part {
    let same = old?.keys.length === keys.length && values.length === 0
    const find = old && finder(old.keys)
    for (let at = values.length; at < keys.length; at++) {
      const place = find ? find(keys[at], at) : -1
      const before = old?.values[place]
      const picture = this.#picture(items[at], before)
      same &&= place === at && Object.is(picture, before)
      values.push(picture)
    }
    return same ? (old as Part) : this.#make(kind, live, keys, values, old)
  }

  /** @returns `before` itself where nothing has changed */
  #items(items: readonly unknown[], before: readonly Picture[]): readonly Picture[] {
    const [start, end] = stretch(before, items, isOf)
    const shift = before.length - items.length
    const middle = start < end ? findFormer(items, before, start, end, end + shift, this.#keyNames) : NONE

    let values: Picture[] | undefined = shift === 0 ? undefined : []
    for (let at = 0; at < items.length; at++) {
      const match = at < start ? before[at] : at < end ? middle[at - start] : before[at + shift]
      if (items[at] === undefined && !(at in items)) throw new Unfollowed()
      const picture = this.#picture(items[at], match)
      if (!values && !Object.is(picture, before[at])) values = before.slice(0, at)
      values?.push(picture)
    }
    return values ?? before
  }

  #leaf(live: object, { owner, buffer, marks, held = NONE }: Leaf, old: Part | undefined): Part {
    // Two views of one buffer share it on the other side, too.
    if (this.#owners.size === this.#owners.add(owner).size) throw new Unfollowed()
    const bytes = buffer ? new Uint8Array(buffer) : NO_BYTES
    const values = held.map((value, at) => this.#picture(value, old?.values[at]))
    const [oldBytes, ...oldMarks] = (old?.keys ?? NONE) as [Uint8Array, ...unknown[]]
    if (old && isSame(oldMarks, marks) && isSame(old.values, values) && hasSameBytes(oldBytes, bytes))
      return old
    return this.#make(LEAF, live, [bytes.slice(), ...marks], values, undefined, bytes.length)
  }

  /**
   * An object of the platform that is in many places is the same object in all of them on the other side, too: as long
   * as it is everywhere where it was, or nowhere.
   *
   * @param old what was taken of it at this place
   */
  #handle(live: object, { marks }: Leaf, old: Part | undefined): Part {
    const same = old && isSame(old.keys, marks) ? old : undefined
    const first = this.#handles.get(live)
    if (!first) {
      const part = same ?? this.#make(LEAF, live, marks, NONE, undefined)
      this.#handles.set(live, part)
      return part
    }
    if (same ? same !== first : first.number <= this.#before) throw new Unrelated()
    return first
  }

  /** @param length of a leaf's bytes */
  #make(
    kind: number,
    live: object,
    keys: readonly unknown[],
    values: readonly Picture[],
    old: Part | undefined,
    length = 0,
  ): Part {
    const slots = 1 + keys.length + values.length + (length >> 3)
    this.#made += slots
    if (this.#made > MAX_SIZE) throw new Unfollowed()
    let size = slots
    let bytes = BRACKETS + length + this.#bytesOfKeys(keys)
    let nested = false
    for (const picture of values) {
      if (isPart(picture)) {
        nested = true
        size += picture.size
        bytes += picture.bytes
      } else bytes += bytesOf(picture)
    }
    return {
      kind,
      number: old?.number ?? ++lastNumber,
      live,
      fixed: false,
      keys,
      values,
      nested,
      size,
      bytes,
    }
  }

  /** Summed up once for all objects that have the same. */
  #bytesOfKeys(keys: readonly unknown[]): number {
    if (keys !== this.#summedKeys) {
      this.#summedKeys = keys
      this.#keyBytes = keys.reduce((sum: number, key) => sum + bytesOf(key), 0)
    }
    return this.#keyBytes
  }
}

/** It was taken of this object, or is this primitive. */
function isOf(picture: Picture, value: unknown): boolean {
  return isPart(picture) ? picture.live === value : Object.is(picture, value)
}

/** Neither it nor what it holds can change. */
function isFixed({ kind, live, values }: Part): boolean {
  return (
    (kind === OBJECT || (kind === ARRAY && values.length <= SHORT)) &&
    Object.isFrozen(live) &&
    values.every((picture) => !isPart(picture) || picture.fixed) &&
    // What an accessor gives, or a ref holds, can change all the same.
    !hasGetter(live) &&
    !Object.values(live).some(isRef)
  )
}

const isRef = (value: unknown): value is { value: unknown } => isObject(value) && isVueRef(value)

const unwrap = (value: unknown): unknown => (isRef(value) ? unwrap(value.value) : value)

function hasGetter(live: object): boolean {
  for (const key of Object.keys(live))
    if (!('value' in (Object.getOwnPropertyDescriptor(live, key) as object))) return true
  return false
}
