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

/** What moves with a message, and the values whose marks are spent when it has left. */
export class Moves {
  readonly list: Transferable[] = []
  readonly #marked = new Set<object>()

  /** Adds what `transfer` has marked to move with `value`. */
  take(value: object): void {
    const marked = realm.transfers.get(value)
    if (!marked || this.#marked.has(value)) return
    this.#marked.add(value)
    this.add(marked)
  }

  /** Does the same for a small value and all that is in it, as far as the first look goes. */
  takeWithin(value: unknown, seen = new Set<object>()): this {
    if (typeof value !== 'object' || value === null || seen.has(value) || seen.size > MAX_VISITS) return this
    seen.add(value)
    this.take(value)
    if (Array.isArray(value) || Object.prototype.toString.call(value) === '[object Object]')
      for (const part of Object.values(value)) this.takeWithin(part, seen)
    return this
  }

  add(items: readonly Transferable[]): void {
    for (const item of items) if (!this.list.includes(item)) this.list.push(item)
  }

  /** The message has left: as long as it has not, the same value can be sent again. */
  spend(): void {
    for (const value of this.#marked) realm.transfers.delete(value)
  }
}

const MAX_VISITS = 64
