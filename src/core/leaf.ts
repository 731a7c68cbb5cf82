/** Values that are taken in one piece: dates, typed arrays, files, errors … */
import { isPrimitive } from './look.js'

/** What structured clone, unless it is led astray, takes an object for. */
export const tagOf = (live: object): string => Object.prototype.toString.call(live)

/** They hold one primitive, whatever their classes say. */
const BOXES = [Date, Number, String, Boolean, BigInt]

/**
 * What tells whether a value has changed, beside the bytes of the buffer that it owns.
 *
 * @returns undefined where it holds what may also be elsewhere
 */
export function marksOf(live: object, owner: object): unknown[] | undefined {
  if (owner instanceof ArrayBuffer) {
    const { byteOffset, byteLength } = live as ArrayBufferView
    return [tagOf(live), byteOffset, byteLength]
  }
  if (typeof Blob === 'function' && live instanceof Blob) return [live]
  if (live instanceof RegExp) return [live.source, live.flags]
  const box = BOXES.find((box) => live instanceof box)
  if (box) return [box, (box.prototype.valueOf as (this: object) => unknown).call(live)]
  const isError = live instanceof Error
  const { cause, errors } = live as { cause?: unknown; errors?: unknown }
  if (isError ? !isPrimitive(cause) || !isPrimitive(errors) : Object.keys(live).length > 0) return undefined
  if (isError) return [live.name, live.message, live.stack, cause]
  // Nothing tells: it counts as changed.
  return [{}]
}

/** Marks, or bytes, are the same. */
export function isSame(old: ArrayLike<unknown>, now: ArrayLike<unknown>): boolean {
  for (let at = 0; at < now.length; at++) if (!Object.is(old[at], now[at])) return false
  return old.length === now.length
}
