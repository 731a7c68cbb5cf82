/** What a page and its thread really say, and which of its numbers may be abused. */
import * as Wire from '../../../src/core/protocol.js'

/** Who hears it. */
export type Side = 'thread' | 'page'

/** Streams of this action, and callbacks that it is given, are there to be abused. */
export const PREY = { stream: 'watchRows', callback: 'hold' }

export class Recording {
  /** The first slot of every message, as soon as one has left the page. */
  token = ''
  readonly ops: Record<Side, unknown[][]> = { thread: [], page: [] }
  readonly streams = new Set<number>()
  readonly callbacks = new Set<number>()
  readonly #names = new Map<unknown, unknown>()

  /** Takes a message as it is now. */
  take(to: Side, message: unknown): void {
    if (!Array.isArray(message) || typeof message[0] !== 'string') return
    if (to === 'thread') this.token ||= message[0]
    if (message[0] !== this.token) return
    for (const op of opsOf(message)) {
      if (to === 'thread') this.#follow(op)
      if (this.ops[to].length < 200) this.ops[to].push(foreign(op))
    }
  }

  #follow([tag, id, target, count, , holes]: unknown[]): void {
    if (tag === Wire.NAME) this.#names.set(id, target)
    const name = this.#names.get(target)
    if (tag === Wire.SUBSCRIBE && name === PREY.stream) this.streams.add(id as number)
    if (tag === Wire.CALL && name === PREY.callback && count === Wire.RICH_ARGS)
      for (const [, , , reference] of listOf(holes)) this.callbacks.add(reference as number)
  }
}

/** Numbers from here on are nobody's: what is pending has smaller ones. */
export const FOREIGN = 1e9

/** What is said back to whoever has said nonsense may be nonsense, too. */
const listOf = (holes: unknown) => (Array.isArray(holes) ? (holes as Wire.Hole[]) : [])

/** A copy whose callbacks are nobody's: said again, it must not call a real one. */
function foreign(op: unknown[]): unknown[] {
  const copy = structuredClone(op)
  if (copy[0] !== Wire.NOTHING && copy[3] === Wire.RICH_ARGS)
    for (const hole of listOf(copy[5])) hole[3] = (hole[3] as number) + FOREIGN
  return copy
}

/** The ops of a message, as far as they are such. */
export function opsOf(message: readonly unknown[]): unknown[][] {
  const ops: unknown[][] = []
  for (const at of startsOf(message)) {
    const end = at + Wire.opLength(message[at] as number, message[at + 3])
    ops.push(message.slice(at, end))
  }
  return ops
}

/** Where they start: a message is read up to the first that is malformed. */
export function startsOf(message: readonly unknown[]): number[] {
  const starts: number[] = []
  for (let at = 1; at < message.length;) {
    const tag = message[at]
    if (!Number.isInteger(tag) || (tag as number) < Wire.START || (tag as number) > Wire.LAST) break
    const length = Wire.opLength(tag as number, message[at + 3])
    if (!(at + length <= message.length)) break
    starts.push(at)
    at += length
  }
  return starts
}
