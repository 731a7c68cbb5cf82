/**
 * Looks through an error for what needs care to cross: errors anywhere in it, and what cannot be cloned, which is left
 * out. Breadth first, since what is near tells most, and only so far.
 */
import { isVueRef, tagOf } from './look.js'
import { emptyCopy, isCloneable, leavesHole } from './rich.js'

/** Platform objects and reactive proxies are believed to be cloneable. */
export const AS_IS = 0
/** Platform objects are tried, and all containers are copied, since any of them may be a reactive proxy. */
export const TRIED = 1
/** The same, where there is too much to look through: what can be cloned as a piece is not looked into. */
export const IN_PIECES = 2
/** No properties at all. */
export const BARE = 3

/** Properties and items that are looked at. */
const MOST_PARTS = 50_000
/** Errors that one error may bring along. */
const MOST_ERRORS = 1_000
/** Errors are followed so deep into each other. */
const DEPTH = 16
/** Containers are followed so deep into each other: structured clone cannot go much deeper on every platform. */
const LEVELS = 400
/** Containers that are tried as a piece. */
const MOST_PIECES = 256

/** A property, an item or an entry. `hidden`: it is not enumerable. */
export type Held = [key: unknown, value: unknown, hidden?: boolean]

/** An error, or a container. */
export interface Holder {
  readonly error: boolean
  /** What of it can cross. */
  readonly parts: Held[]
  /** A copy is to cross in its place. */
  changed: boolean
  /** Errors around it. */
  readonly depth: number
  /** Errors and containers around it. */
  readonly level: number
  /** What it is in. */
  readonly within: Holder[]
}

const LEFT_OUT = Symbol()

/**
 * @param propsOf reads the properties of an error that are to cross
 * @returns the error and all that it holds, the nearest first
 * @throws RangeError if there is too much for this care
 */
export function findHolders(
  root: Error,
  care: number,
  propsOf: (error: Error) => Held[],
): Map<object, Holder> {
  const holders = new Map<object, Holder>()
  const copies = new Map<object, object>()
  let parts = MOST_PARTS
  let errors = MOST_ERRORS
  let pieces = care === IN_PIECES ? MOST_PIECES : 0
  let end: Error | undefined
  let tooLarge = false

  function enter(value: object, error: boolean, from?: Holder): object {
    const known = holders.get(value)
    if (known) known.within.push(from as Holder)
    else
      holders.set(value, {
        error,
        parts: [],
        changed: care > AS_IS,
        depth: from ? from.depth + Number(error) : 0,
        level: from ? from.level + 1 : 0,
        within: from ? [from] : [],
      })
    return value
  }

  /** @returns what is to cross in its place */
  function sort(value: unknown, from: Holder): unknown {
    if (typeof value === 'symbol' || leavesHole(value)) return LEFT_OUT
    if (typeof value !== 'object' || value === null) return value
    if (holders.has(value)) return enter(value, false, from)
    if (isVueRef(value)) return sort(value.value, from)
    if (isError(value)) {
      if (from.depth < DEPTH && --errors >= 0) return enter(value, true, from)
      return enter((end ??= new Error('causes nested too deeply')), true, from)
    }
    if (!emptyCopy(value)) {
      const copy = copies.get(value) ?? partsOfFetch(value)
      if (copy) copies.set(value, copy)
      return copy ?? (care === AS_IS || isCloneable(value) ? value : LEFT_OUT)
    }
    if (pieces-- > 0 && isCloneable(value)) return value
    parts -= sizeOf(value)
    if (parts >= 0 && from.level < LEVELS) return enter(value, false, from)
    tooLarge = true
    return care === AS_IS ? value : LEFT_OUT
  }

  /** A proxy may throw whatever it is asked. */
  function trySort(value: unknown, from: Holder): unknown {
    try {
      return sort(value, from)
    } catch {
      return LEFT_OUT
    }
  }

  enter(root, true)
  for (const [object, holder] of holders) {
    if (object === end || care === BARE) continue
    const isMap = object instanceof Map
    for (const [key, value, hidden] of holder.error ? propsOf(object as Error) : partsOf(object)) {
      const sorted = trySort(value, holder)
      const name = isMap ? trySort(key, holder) : key
      holder.changed ||= sorted !== value || name !== key || isErrorIn(holders, sorted)
      // Items keep their places, and a cause that is not known is a cause.
      const stays = Array.isArray(object) || (holder.error && key === 'cause')
      if (name === LEFT_OUT || (sorted === LEFT_OUT && !stays)) continue
      holder.parts.push([name, sorted === LEFT_OUT ? undefined : sorted, hidden])
    }
  }
  if (care === TRIED && tooLarge) throw new RangeError('too large to look through')
  const changed = [...holders.values()].filter((holder) => holder.changed && !holder.error)
  for (const { within } of changed)
    for (const holder of within) {
      if (!holder.changed && !holder.error) changed.push(holder)
      holder.changed = true
    }
  return holders
}

const isErrorIn = (holders: Map<object, Holder>, value: unknown) =>
  holders.get(value as object)?.error === true

/** Tells errors, those of other realms too, and DOMExceptions. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || /^\[object (Error|DOMException)\]$/.test(tagOf(value))
}

function sizeOf(container: object): number {
  if (Array.isArray(container)) return container.length
  return container instanceof Map || container instanceof Set ? container.size : Object.keys(container).length
}

function partsOf(container: object): Held[] {
  try {
    if (container instanceof Map) return [...container]
    if (container instanceof Set) return [...container].map((member) => [member, member])
    return Object.keys(container).map((key) => [key, read(container, key)])
  } catch {
    return []
  }
}

/** A getter that throws must not hide the error that has it: a symbol, which cannot cross, stands for its value. */
export function read(object: object, key: string): unknown {
  try {
    return (object as Record<string, unknown>)[key]
  } catch {
    return LEFT_OUT
  }
}

const OF_RESPONSE = ['url', 'status', 'statusText', 'ok', 'redirected', 'type']
const OF_REQUEST = ['url', 'method']

/** Libraries that fetch put the Response and the Request into their errors: of these the plain parts can cross. */
function partsOfFetch(value: object): object | undefined {
  const isResponse = typeof Response === 'function' && value instanceof Response
  if (!isResponse && !(typeof Request === 'function' && value instanceof Request)) return undefined
  const names = isResponse ? OF_RESPONSE : OF_REQUEST
  return {
    ...Object.fromEntries(names.map((name) => [name, read(value, name)])),
    headers: Object.fromEntries(value.headers),
  }
}
