/** Several threads of one logic behind one proxy. */
import { checkNumber, checkSettings, timeoutOf } from './check-options.js'
import { Crew } from './pool-crew.js'
import { mapOver } from './pool-map.js'
import type { MapOptions, Pool, PoolRest, PoolSettings, PoolStats } from './pool-types.js'
import { makeProxy } from './proxy.js'
import { checkLoad } from './load.js'
import { realm } from './realm.js'
import { DEVELOPMENT } from './report.js'
import type { Settings } from './thread.js'
import type { CloseOptions, Load, LogicOf } from './types.js'

/**
 * Starts several threads of one logic as they are needed, and returns the one interface to them. Each has an instance
 * of its own: a pool is for work that needs no common state, as in resizing pictures or parsing files.
 *
 * Each call goes to the least busy thread, and waits in the page while all of them are busy; a stream is read from one
 * thread as long as it is read. A thread that dies takes the call with it that it was at, and is replaced.
 *
 * @param load as for `bgThread`: `() => import('./logic')`
 * @param optionsWithArgs the options, with `args` where the logic is made with arguments: see {@link PoolSettings}
 * @throws TypeError where `load` is no function; RangeError in development, if an option is out of its range
 * @example
 * const pool = bgPool(() => import('./pictures'), { size: 4 })
 * const small = await pool.map(files, (file) => pool.proxy.resize(file, 640))
 */
export function bgPool<M = never>(load: Load<M>, ...optionsWithArgs: PoolRest<M>): Pool<LogicOf<M>> {
  checkLoad('bgPool', load)
  const options = optionsWithArgs[0] ?? {}
  if (DEVELOPMENT && realm.hot)
    return realm.hot.take(
      load as Load<unknown>,
      options,
      (load) => new BackgroundPool(load, options),
    ) as never
  return new BackgroundPool(load as Load<unknown>, options) as unknown as Pool<LogicOf<M>>
}

/** Cores that this machine has, as far as it tells. */
export function countCores(): number {
  const { navigator } = globalThis as { navigator?: { hardwareConcurrency?: number } }
  return navigator?.hardwareConcurrency ?? 2
}

class BackgroundPool {
  readonly name: string
  readonly size: number
  readonly proxy: object
  readonly #crew: Crew
  readonly #atOnce: number

  constructor(load: Load<unknown>, options: Settings & PoolSettings) {
    const { size, concurrency, idleTimeout, name: given, ...settings } = options
    const name = given ?? 'bgpool'
    const where = `pool '${name}'`
    checkNumber(where, 'size', size, 1, true)
    checkNumber(where, 'concurrency', concurrency, 1, true)
    checkNumber(where, 'idleTimeout', idleTimeout, 0)
    checkSettings(where, options)
    this.name = name
    // One core is the page's.
    this.size = size ?? Math.max(1, countCores() - 1)
    const atOnce = concurrency ?? 1
    this.#atOnce = this.size * atOnce
    this.#crew = new Crew(load, {
      name,
      settings,
      size: this.size,
      concurrency: atOnce,
      idleTimeout: () => idleTimeout ?? 30_000,
      mortal: false,
    })
    this.proxy = makeProxy(
      name,
      (action, args, above) => this.#crew.call(action, args, above),
      this.#crew.connect,
    )
    const { asyncDispose } = Symbol as { asyncDispose?: symbol }
    if (asyncDispose) Object.defineProperty(this, asyncDispose, { value: () => this.close() })
  }

  map<I, R>(
    items: Iterable<I> | AsyncIterable<I>,
    action: (item: I) => R | PromiseLike<R>,
    options?: MapOptions,
  ): Promise<R[]> {
    const { name } = this
    const wrong = (what: string) =>
      Promise.reject<R[]>(
        new TypeError(
          `pool '${name}': map(items, action): ${what}, as in pool.map(files, (file) => pool.proxy.resize(file))`,
        ),
      )
    if (typeof action !== 'function') return wrong('action must be a function of an item')
    const source = Object(items) as object
    if (!(Symbol.iterator in source || Symbol.asyncIterator in source)) return wrong('items must be iterable')
    return mapOver(items, action, this.#atOnce, options ?? {})
  }

  stats(): PoolStats {
    return this.#crew.stats
  }

  close(options?: CloseOptions): Promise<void> {
    return this.#crew.close(timeoutOf(`pool '${this.name}'`, options))
  }

  terminate(): void {
    this.#crew.terminate()
  }
}
