/**
 * Arguments with things in them that cannot be cloned: functions and signals leave holes that the other side fills,
 * reactive proxies are read into plain data.
 */
import * as Wire from './protocol.js'
import type { Hole, ThreadLine } from './protocol.js'
import { connectorOf } from './connect.js'
import { copyTexts, heldBy, isHolder } from './error-copy.js'
import { isVueRef, tagOf, textOf } from './look.js'
import { setOwn } from './own.js'
import { Moves } from './transfer.js'

/** Where functions and signals found in the arguments are entered. */
export interface HoleKeeper {
  /** @param self the object whose method it is: `this` of its calls */
  addCallback(callback: (...args: unknown[]) => unknown, self: object | undefined): number
  addSignal(signal: AbortSignal): number
  /** A proxy, by what leads to its thread. */
  addLine(connect: () => ThreadLine): ThreadLine
}

export interface RichArguments {
  args: unknown[]
  holes: Hole[]
  moves: Moves
}

/** Copies of arguments whose methods are to be called on the objects that were passed. */
export const originals = new WeakMap<object, object>()

/**
 * Takes functions, signals and marked transfers out of the arguments. Only containers that lead to one are copied.
 *
 * @param everywhere false: only where a short walk comes, and what is large crosses as it is; a long list beside an
 * `onProgress` costs nothing here. Should it lead back to a container that was copied, structured clone refuses what
 * that holds. true: everything is walked and copied, which also reads reactive proxies and refs.
 */
export function makeRich(args: readonly unknown[], keeper: HoleKeeper, everywhere: boolean): RichArguments {
  const holes: Hole[] = []
  const moves = new Moves()
  const copies = new Map<object, object>()
  /** Of each function its numbers: one for each object whose method it is. */
  const callbacks = new Map<unknown, Map<object | undefined, number>>()
  const changing = everywhere ? undefined : findChanging(args, moves)

  /** A copy of `value` where something in it has to change, else `value` itself. */
  function walk(value: unknown, container: object, key: unknown, self?: object): unknown {
    if (typeof value === 'function') {
      const callback = value as (...args: unknown[]) => unknown
      const numbers = callbacks.get(callback) ?? new Map<object | undefined, number>()
      callbacks.set(callback, numbers)
      const number = numbers.get(self) ?? keeper.addCallback(callback, self)
      numbers.set(self, number)
      const [first] = numbers.values()
      holes.push(
        first === number
          ? [container, key, Wire.CALLBACK, number]
          : [container, key, Wire.CALLBACK, number, first],
      )
      return null
    }
    if (typeof value !== 'object' || value === null) return value
    if (value instanceof AbortSignal) {
      holes.push([container, key, Wire.SIGNAL, keeper.addSignal(value)])
      return null
    }
    const connect = connectorOf(value)
    if (connect) {
      const line = keeper.addLine(connect)
      moves.add([line[0]])
      holes.push([container, key, Wire.PROXY, line])
      return null
    }
    moves.take(value)
    if (isVueRef(value)) return walk(value.value, container, key, self)
    const known = copies.get(value)
    if (known) return known
    const copy =
      !changing || changing.has(value)
        ? (emptyCopy(value) ?? (isHolder(value) ? copyTexts(value) : undefined))
        : undefined
    if (!copy) return value

    // Entered before its parts, so that a cycle finds it.
    copies.set(value, copy)
    if (value instanceof Map) {
      for (const [k, v] of value) {
        if (leavesHole(k)) throw new TypeError('no function, signal or proxy can be the key of a Map')
        const key = walk(k, copy, k)
        ;(copy as Map<unknown, unknown>).set(key, walk(v, copy, key))
      }
    } else if (value instanceof Set) {
      for (const v of value) {
        // No two members are the same: where a hole is, a member of its own keeps the place.
        const place = {}
        const before = holes.length
        const to = walk(v, copy, place)
        ;(copy as Set<unknown>).add(to === null && holes.length > before ? place : to)
      }
    } else {
      const isArray = Array.isArray(value)
      if (isArray) (copy as unknown[]).length = value.length
      const self = isArray ? undefined : (originals.get(value) ?? value)
      for (const k of isHolder(value) ? heldBy(value) : Object.keys(value))
        setOwn(copy, k, walk((value as Record<string, unknown>)[k], copy, k, self))
    }
    return copy
  }

  const rich: unknown[] = []
  args.forEach((arg, i) => {
    rich[i] = walk(arg, rich, i)
  })
  return { args: rich, holes, moves }
}

/** It cannot be cloned, and something stands for it on the other side. */
export function leavesHole(value: unknown): boolean {
  return (
    typeof value === 'function' ||
    (typeof value === 'object' &&
      value !== null &&
      (value instanceof AbortSignal || connectorOf(value) !== undefined))
  )
}

/** Finds the containers that lead to what cannot be cloned, as far as a short walk comes. */
function findChanging(args: readonly unknown[], moves: Moves): Set<object> {
  const changing = new Set<object>()
  /** Of each container that was walked those that hold it. */
  const holders = new Map<object, object[]>()
  const found: object[] = []
  let budget = 0

  function walk(value: unknown, holder: object): void {
    const isHole = leavesHole(value)
    if (isHole) found.push(holder)
    if (isHole || typeof value !== 'object' || value === null) return
    const isRef = isVueRef(value)
    if (isRef) found.push(holder)
    moves.take(value)
    if (isRef) return walk(value.value, holder)
    const known = holders.get(value)
    if (known) return void known.push(holder)
    if (isLarge(value) || budget-- <= 0 || !emptyCopy(value)) return
    holders.set(value, [holder])
    if (value instanceof Map) for (const key of value.keys()) walk(key, value)
    for (const part of value instanceof Map || value instanceof Set ? value.values() : Object.values(value))
      walk(part, value)
  }

  for (const arg of args) {
    budget = MAX_VISITS
    walk(arg, args)
  }
  for (let holder = found.pop(); holder; holder = found.pop()) {
    if (changing.has(holder)) continue
    changing.add(holder)
    found.push(...(holders.get(holder) ?? []))
  }
  return changing
}

/** What a walk that is not to go everywhere looks into. */
const MAX_VISITS = 64

function isLarge(value: object): boolean {
  return Array.isArray(value)
    ? value.length > MAX_VISITS
    : (value instanceof Map || value instanceof Set) && value.size > MAX_VISITS
}

/** An empty container of the same kind, or undefined for what structured clone takes as one piece. */
export function emptyCopy(value: object): object | undefined {
  if (Array.isArray(value)) return []
  switch (tagOf(value)) {
    case '[object Map]':
      return value instanceof Map ? new Map() : undefined
    case '[object Set]':
      return value instanceof Set ? new Set() : undefined
    case '[object Object]':
      return {}
  }
  return undefined
}

/** @param first of a function with several numbers the first */
export type Fill = (kind: unknown, reference: unknown, container: object, first: unknown) => unknown

/**
 * Puts what the other side's callbacks and signals have become into the holes. Forged holes do no harm.
 *
 * @param message that the holes are in: it has none itself, since what it says further on would become something else
 */
export function fillHoles(holes: unknown, fill: Fill, message?: unknown[]): void {
  if (!Array.isArray(holes)) return
  const members = new Map<Set<unknown>, Map<unknown, unknown>>()
  // Without gaps: a list that is long and empty is short on its way.
  for (const hole of Object.values(holes)) {
    if (!Array.isArray(hole)) continue
    const [container, key, kind, reference, first] = hole
    if (container === message || typeof container !== 'object' || container === null) continue
    const filled = () => fill(kind, reference, container as object, first)
    if (container instanceof Map) container.set(key, filled())
    else if (container instanceof Set) {
      const places = members.get(container) ?? new Map<unknown, unknown>()
      members.set(container, places.set(key, filled()))
    } else if (typeof key !== 'object') setOwn(container, String(key), filled())
  }
  for (const [set, places] of members) replaceMembers(set, places)
}

/** Members keep their order. All of a set at once: it may be long, and have a hole for each. */
function replaceMembers(set: Set<unknown>, places: Map<unknown, unknown>): void {
  const members = [...set]
  set.clear()
  for (const it of members) set.add(places.has(it) ? places.get(it) : it)
}

/** The path of the first thing in `value` that structured clone cannot copy; `path` itself where none is found. */
export function findUncloneable(value: unknown, path: string, movable: readonly unknown[] = []): string {
  const isUncloneable = (part: object) => {
    if (movable.includes(part)) return false
    // Node clones a signal to an empty object.
    if (part instanceof AbortSignal) return true
    return !isVueRef(part) && !emptyCopy(part) && !isCloneable(isHolder(part) ? copyTexts(part) : part)
  }
  return findPath(value, path, isUncloneable, true) ?? path
}

/**
 * The path of the first object in `value` that is the one.
 *
 * @param orUncloneable functions, symbols and what throws are found, too
 */
export function findPath(
  value: unknown,
  path: string,
  isIt: (part: object) => boolean,
  orUncloneable = false,
): string | undefined {
  const seen = new Set<object>()

  function find(value: unknown, path: string): string | undefined {
    if (typeof value === 'function' || typeof value === 'symbol') return orUncloneable ? path : undefined
    if (typeof value !== 'object' || value === null || seen.has(value)) return undefined
    seen.add(value)
    try {
      if (isIt(value)) return path
      for (const [step, part] of partsOf(value)) {
        const found = find(part, path + step)
        if (found) return found
      }
      return undefined
    } catch {
      // A proxy may throw whatever it is asked.
      return orUncloneable ? path : undefined
    }
  }
  return find(value, path)
}

/** What is in a container, each with its step of the path. */
function* partsOf(container: object): Iterable<[step: string, part: unknown]> {
  if (isVueRef(container)) yield ['.value', container.value]
  else if (isHolder(container))
    for (const name of heldBy(container)) yield [`.${name}`, peek(container, name)]
  else if (!emptyCopy(container)) return
  else if (container instanceof Map) {
    for (const [key, item] of container) {
      yield [`.key(${show(key)})`, key]
      yield [`.get(${show(key)})`, item]
    }
  } else if (container instanceof Set) {
    let i = 0
    for (const item of container) yield [`.item(${i++})`, item]
  } else {
    for (const key of Object.keys(container)) {
      const index = Array.isArray(container) && /^\d+$/.test(key)
      const step = /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${index ? key : show(key)}]`
      yield [step, peek(container, key)]
    }
  }
}

const show = (key: unknown) => (typeof key === 'string' ? JSON.stringify(key) : textOf(key))

/** A getter that throws is what cannot be cloned; here a symbol stands for it. */
function peek(object: object, key: string): unknown {
  try {
    return (object as Record<string, unknown>)[key]
  } catch {
    return Symbol()
  }
}

/** Tried out: only structured clone itself knows. */
export function isCloneable(value: unknown): boolean {
  try {
    structuredClone(value)
    return true
  } catch {
    return false
  }
}
