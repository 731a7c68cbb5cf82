/** How a stream's snapshots cross. */
import { realm } from './realm.js'
import { isSource } from './feed.js'
import type { StreamOptions } from './types.js'

/**
 * Says how the snapshots of a stream source cross to stores and refs. `state` takes the same options itself.
 *
 * @param source any stream source: an Observable, a store, a generator's result …
 * @param options `patches`, `key`; by default, as without `stream`
 * @returns `source` itself
 * @throws TypeError where `source` is no stream source, or `key` no name
 * @example
 * watchOrders() { return stream(this.#orders, { key: 'number' }) }
 */
export function stream<S extends object>(source: S, options?: StreamOptions): S {
  if (!isSource(source)) throw new TypeError('stream(source, options): source must be a stream source')
  const key = options?.key
  if (key !== undefined && typeof key !== 'string')
    throw new TypeError("stream(source, { key }): key must be the name of a property, as in { key: 'id' }")
  realm.streams.set(source, options ?? {})
  return source
}
