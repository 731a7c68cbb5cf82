/** Values that move instead of being cloned. */
import { realm } from './realm.js'

/**
 * Marks `value` to be moved, not cloned, the next time it is passed, returned or emitted: of a large buffer only
 * its ownership crosses. What is in `list` cannot be used on this side afterwards.
 *
 * Works for arguments, results and snapshots, on either side.
 *
 * @param value the argument, result or snapshot, or an object in a small one
 * @param list what moves: `ArrayBuffer`s, `MessagePort`s, `ImageBitmap`s, streams … in or equal to `value`
 * @returns `value` itself
 * @throws TypeError where `value` is no object
 * @example
 * await proxy.resize(transfer(pixels, [pixels.buffer]), 640)
 * @see {@link https://developer.mozilla.org/docs/Web/API/Web_Workers_API/Transferable_objects}
 */
export function transfer<T>(value: T, list: readonly Transferable[]): T {
  if (typeof value !== 'object' || value === null)
    throw new TypeError('transfer(value, list): value must be an object')
  realm.transfers.set(value, list)
  return value
}

/** Adds to `list` what moves with `value`; the mark is spent by it. */
export function takeTransfers(value: object, list: Transferable[]): void {
  const marked = realm.transfers.get(value)
  if (!marked) return
  realm.transfers.delete(value)
  for (const item of marked) if (!list.includes(item)) list.push(item)
}

/** The same for marks inside of a small value: as far as the first look goes. */
export function takeTransfersWithin(value: unknown, list: Transferable[], seen = new Set<object>()): void {
  if (typeof value !== 'object' || value === null || seen.has(value) || seen.size > MAX_VISITS) return
  seen.add(value)
  takeTransfers(value, list)
  if (Array.isArray(value) || Object.prototype.toString.call(value) === '[object Object]')
    for (const part of Object.values(value)) takeTransfersWithin(part, list, seen)
}

const MAX_VISITS = 64
