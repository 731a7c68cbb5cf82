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
    // Its views may grow with it.
    if ((owner as { resizable?: boolean }).resizable) return undefined
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

/** Marks are the same. */
export function isSame(old: readonly unknown[], now: readonly unknown[]): boolean {
  return old.length === now.length && now.every((mark, at) => Object.is(mark, old[at]))
}

/** Compares four bytes at a time. Both begin where their buffers do. */
export function hasSameBytes(old: Uint8Array, now: Uint8Array): boolean {
  if (old.length !== now.length) return false
  const words = now.length >> 2
  const oldWords = new Uint32Array(old.buffer, 0, words)
  const nowWords = new Uint32Array(now.buffer, 0, words)
  for (let at = 0; at < words; at++) if (oldWords[at] !== nowWords[at]) return false
  for (let at = words * 4; at < now.length; at++) if (old[at] !== now[at]) return false
  return true
}
