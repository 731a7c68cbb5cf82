/**
 * Arguments with things in them that cannot be cloned: functions and signals leave holes that the other side fills,
 * reactive proxies are read into plain data.
 */
import * as Wire from './protocol.js'
import type { Hole, ThreadLine } from './protocol.js'
import { connectorOf } from './connect.js'
import { isVueRef, textOf } from './look.js'
import { setOwn } from './own.js'
import { takeTransfers } from './transfer.js'

/** Where functions and signals found in the arguments are entered. */
export interface HoleKeeper {
  addCallback(callback: (...args: unknown[]) => unknown): number
  addSignal(signal: AbortSignal): number
  /** A proxy, by what leads to its thread. */
  addLine(connect: () => ThreadLine): ThreadLine
}

export interface RichArguments {
  args: unknown[]
  holes: Hole[]
  transfer: Transferable[]
}

/**
 * Takes functions, signals and marked transfers out of the arguments.
 *
 * @param everywhere false: only where a short walk comes, and what is large crosses as it is; a long list beside an
 * `onProgress` costs nothing here. true: everything is walked and copied, which also reads reactive proxies.
 */
export function makeRich(args: readonly unknown[], keeper: HoleKeeper, everywhere: boolean): RichArguments {
  const holes: Hole[] = []
  const transfer: Transferable[] = []
  const copies = new Map<object, object>()
  const callbacks = new Map<object, number>()
  let budget = 0

  /** A copy of `value` where something in it had to change, else `value` itself. */
  function walk(value: unknown, container: object, key: unknown): unknown {
    if (typeof value === 'function') {
      const callback = value as (...args: unknown[]) => unknown
      const id = callbacks.get(callback) ?? keeper.addCallback(callback)
      callbacks.set(callback, id)
      holes.push([container, key, Wire.CALLBACK, id])
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
      if (!transfer.includes(line[0])) transfer.push(line[0])
      holes.push([container, key, Wire.PROXY, line])
      return null
    }
    takeTransfers(value, transfer)
    if (isVueRef(value)) return walk(value.value, container, key)
    const known = copies.get(value)
    if (known) return known
    const copy = !everywhere && (isLarge(value) || budget-- <= 0) ? undefined : emptyCopy(value)
    if (!copy) return value

    // Entered before its parts, so that a cycle finds it; where nothing had to change, the value takes its place.
    copies.set(value, copy)
    let changed = everywhere
    const part = (from: unknown, key: unknown) => {
      const to = walk(from, copy, key)
      if (to !== from) changed = true
      return to
    }
    if (value instanceof Map) {
      for (const [k, v] of value) {
        // A function cannot be a key on the other side: it stays, and the error names it.
        const key = typeof k === 'function' ? k : part(k, k)
        ;(copy as Map<unknown, unknown>).set(key, part(v, key))
      }
    } else if (value instanceof Set) {
      for (const v of value) {
        // No two members are the same: where a hole is, a member of its own keeps the place.
        const place = {}
        const before = holes.length
        const to = part(v, place)
        ;(copy as Set<unknown>).add(to === null && holes.length > before ? place : to)
      }
    } else {
      if (Array.isArray(value)) (copy as unknown[]).length = value.length
      for (const k of Object.keys(value)) setOwn(copy, k, part((value as Record<string, unknown>)[k], k))
    }
    if (changed) return copy
    copies.set(value, value)
    return value
  }

  const rich: unknown[] = []
  args.forEach((arg, i) => {
    budget = MAX_VISITS
    rich[i] = walk(arg, rich, i)
  })
  return { args: rich, holes, transfer }
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
  switch (Object.prototype.toString.call(value)) {
    case '[object Map]':
      return value instanceof Map ? new Map() : undefined
    case '[object Set]':
      return value instanceof Set ? new Set() : undefined
    case '[object Object]':
      return {}
  }
  return undefined
}

/**
 * Puts what the other side's callbacks and signals have become into the holes. Forged holes do no harm.
 *
 * @param message that the holes are in: it has none itself, since what it says further on would become something else
 */
export function fillHoles(
  holes: unknown,
  fill: (kind: unknown, reference: unknown) => unknown,
  message?: unknown[],
): void {
  if (!Array.isArray(holes)) return
  const members = new Map<Set<unknown>, Map<unknown, unknown>>()
  // Without gaps: a list that is long and empty is short on its way.
  for (const hole of Object.values(holes)) {
    if (!Array.isArray(hole)) continue
    const [container, key, kind, reference] = hole
    if (container === message) continue
    if (container instanceof Map) container.set(key, fill(kind, reference))
    else if (container instanceof Set) {
      const places = members.get(container) ?? new Map<unknown, unknown>()
      members.set(container, places.set(key, fill(kind, reference)))
    } else if (typeof container === 'object' && container !== null && typeof key !== 'object')
      setOwn(container, String(key), fill(kind, reference))
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
  const seen = new Set<object>()

  function find(value: unknown, path: string): string | undefined {
    if (typeof value === 'function' || typeof value === 'symbol') return path
    if (typeof value !== 'object' || value === null || seen.has(value) || movable.includes(value))
      return undefined
    seen.add(value)
    try {
      if (!emptyCopy(value)) return isCloneable(value) ? undefined : path
      for (const [step, part] of partsOf(value)) {
        const found = find(part, path + step)
        if (found) return found
      }
      return undefined
    } catch {
      // A proxy may throw whatever it is asked.
      return path
    }
  }
  return find(value, path) ?? path
}

/** What is in a container, each with its step of the path. */
function* partsOf(container: object): Iterable<[step: string, part: unknown]> {
  if (container instanceof Map) {
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
