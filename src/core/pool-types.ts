/** The public types of pools and of `bgCompute`. Types only: nothing here is in a bundle. */
import type { Callable, ExportOf, IsAny, Remote, RemoteParameters, RemoteResult } from './remote.js'
import type {
  AsyncDisposableIfKnown,
  CloseOptions,
  HostOf,
  ThreadArgs,
  ThreadOptions,
  ThreadStats,
} from './types.js'

/** What can be set for a pool, besides what can be set for every thread; that goes for each of its own. */
export interface PoolSettings {
  /**
   * The most threads that run at a time; each is started when a call needs it. Default: the machine's cores, as
   * `navigator.hardwareConcurrency` tells, but one for the page, and at least 1.
   */
  size?: number | undefined
  /**
   * Milliseconds that a thread stays without anything to do, before it is closed. `0`: it is closed at once.
   * `Infinity`: it stays until the pool is closed. Default 30,000.
   */
  idleTimeout?: number | undefined
  /**
   * Calls that a thread is given at a time; the others wait in the page, where they can be aborted without a trace.
   * With 1, the default, a thread that dies takes one call with it. More is for actions that wait for something, as
   * for the network. `Infinity`: nothing waits in the page.
   */
  concurrency?: number | undefined
  /** The threads of a pool are its page's own. */
  shared?: false | undefined
}

/**
 * The options of `bgPool`, for a logic that is made with the arguments `A`. They are those of a thread, with
 * {@link PoolSettings}; its threads are called by the pool's `name` and a number, where there may be several.
 *
 * `args` are taken anew at each start of a thread. `restart` says how often one thread starts again by itself; one that
 * may not any more is given up, and the next call that needs one starts another.
 */
export type PoolOptions<A extends readonly unknown[] = unknown[], H = unknown> = ThreadOptions<A, H> &
  PoolSettings

/** What `bgPool` takes after the load: options, required where the logic is made with required arguments. */
export type PoolRest<M> =
  [] extends ThreadArgs<M>
    ? unknown extends HostOf<M>
      ? [options?: PoolOptions<ThreadArgs<M>>]
      : [options: PoolOptions<ThreadArgs<M>, HostOf<M>>]
    : [options: PoolOptions<ThreadArgs<M>, HostOf<M>>]

/** What is open in a pool, and what has passed in all its threads, those that have ended included. */
export interface PoolStats extends ThreadStats {
  /** Threads that are there, those that are starting and ending included. */
  readonly threads: number
  /** Calls that wait for a thread; `pendingCalls` has them, too. */
  readonly queuedCalls: number
}

/** How {@link Pool.map} goes. */
export interface MapOptions {
  /** Ends it: no more items are taken, its calls are given up, and it rejects with the signal's reason. */
  signal?: AbortSignal | undefined
  /**
   * Called after each result.
   *
   * @param done results there are
   * @param total items there are; undefined where that is not known before the end
   */
  onProgress?: ((done: number, total: number | undefined) => void) | undefined
}

/**
 * Several threads of a logic of type `T`: what `bgPool` returns.
 *
 * @example
 * const pool = bgPool(() => import('./pictures'))
 * const picture = await pool.proxy.resize(file, 640)
 * await pool.close()
 */
export interface Pool<T> extends AsyncDisposableIfKnown {
  /**
   * The logic's methods. Each call goes to the least busy thread. What a stream shows comes from one thread as long as
   * it is read; read again later, or after that thread has died, perhaps from another.
   */
  readonly proxy: Remote<T>
  /** The pool's name, as given in the options. */
  readonly name: string
  /** The most threads that run at a time. */
  readonly size: number
  /**
   * Calls `action` with each item, as many at a time as the pool has places, and gives the results in the items' order.
   * Items are taken as places become free, so that they may be any number, and come from a generator.
   *
   * The first action that fails ends it: its error is thrown, and calls that are under way are given up.
   *
   * @example
   * const names = await pool.map(files, pool.proxy.nameOf, { onProgress: (done, total) => show(done, total) })
   */
  map<I, R>(
    items: Iterable<I> | AsyncIterable<I>,
    action: (item: I) => R | PromiseLike<R>,
    options?: MapOptions,
  ): Promise<R[]>
  /** Counts of what is open and what has passed. */
  stats(): PoolStats
  /**
   * Ends the pool in order: no new calls, those that were made finish, each thread's `onStop` runs, the workers end.
   * What is left after `timeout` (5,000 ms) rejects with a `ThreadClosedError`. May be called again.
   */
  close(options?: CloseOptions): Promise<void>
  /** Ends all threads at once: what is pending rejects with a `ThreadClosedError` before this returns. */
  terminate(): void
}

/**
 * What `bgCompute` runs: a lazy import of a module whose default export is a function, or of another function in it.
 * By hand, a function that makes a worker which calls `expose` with the function.
 *
 * @example
 * () => import('./parse')
 * () => import('./formats').then((m) => m.parse)
 */
export type ComputeLoad<M> = (options: {
  name: string
  trustedTypesPolicy?: string | undefined
}) => Promise<M & (Callable | { default: Callable })> | Worker

/** The arguments that `bgCompute` takes for the function that `M` stands for. Of an overloaded function, the last signature. */
export type ComputeArgs<M> = [M] extends [never]
  ? [{ 'give the function as type argument: bgCompute<typeof parse>(() => new ParseWorker(), …)': never }]
  : IsAny<ExportOf<M>> extends true
    ? ExportOf<M>[]
    : ExportOf<M> extends (...args: infer A) => unknown
      ? RemoteParameters<A>
      : never

/** What `bgCompute` returns for the function that `M` stands for: a promise, or a stream where it gives one. */
export type ComputeResult<M> =
  IsAny<ExportOf<M>> extends true
    ? Promise<ExportOf<M>>
    : ExportOf<M> extends (...args: never) => infer R
      ? RemoteResult<R>
      : never
