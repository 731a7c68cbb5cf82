/** Streams and actions of a thread as Svelte stores. Needs Svelte 5.7 or later; with runes and without. */
import { onMount, untrack } from 'svelte'
import { createSubscriber } from 'svelte/reactivity'
import { fromStore, type Readable, toStore } from 'svelte/store'
import {
  type ActionOptions,
  type ActionState,
  type BgSource,
  checkMethod,
  followStream,
  type Method,
  openStream,
  type ReadOptions,
  type ResultOf,
  trackAction,
} from '../core/adapter.js'
import { DEVELOPMENT } from '../core/report.js'
import type { RemoteStream, StreamStatus } from '../core/types.js'
import { warnIfRemade } from './remade.js'
import { createStore, notifyReaders } from './store.js'

export type { ActionOptions, ActionState, BgSource, ReadOptions, StreamStatus }

/** A store to be read as `$store`, or as `store.current` where runes are. */
export interface RuneReadable<V> extends Readable<V> {
  /** The value now. Read in an effect, a `$derived` or a template, it is tracked. */
  readonly current: V
}

/** A stream as a store. */
export interface BgStore<V> extends RuneReadable<V> {
  /** What the stream has failed with; `undefined` while it has not. */
  readonly error: RuneReadable<unknown>
  readonly status: RuneReadable<StreamStatus>
}

/** An action to be called, and a store of what became of its calls. */
export type BgAction<M extends Method> = M &
  RuneReadable<ActionState<ResultOf<M>>> & {
    /** Rejects the calls in flight with an `AbortError` and aborts them in the thread; `error` stays. */
    cancel(): void
  }

/** Until a component has been mounted, the page may be hydrating. */
let mounted = false

/**
 * A store of a stream's last snapshot. It is subscribed while somebody reads it, its `error` or its `status`.
 *
 * A function may read `$state` and props: when these change, its new stream is followed. On a server, and until
 * the page's first components are mounted, a component's store is `initial`, so that hydration finds what the
 * server rendered.
 *
 * @param source a stream or a function that returns one, like `proxy.watchTodos`
 * @param options `initial`: the value until the first snapshot, by default `undefined`. `keepPrevious`: whether
 *   the value stays when the function's stream changes, until the new one's first snapshot; by default it does not.
 * @throws TypeError where `source` is no stream; where the function returns none, whoever reads gets it
 * @example
 * const todos = bgStore(proxy.watchTodos, { initial: [] })
 * const todo = bgStore(() => proxy.watchTodo(id))
 * const { error, status } = todos // {#if $error} …
 */
export function bgStore<U>(
  source: BgSource<U>,
  options: ReadOptions<NoInfer<U>> & { initial: NoInfer<U> },
): BgStore<U>
export function bgStore<U>(
  source: BgSource<U>,
  options?: ReadOptions<NoInfer<U>> & { initial?: undefined },
): BgStore<U | undefined>
export function bgStore<U>(source: BgSource<U>, options?: ReadOptions<U>): BgStore<U | undefined> {
  let readers = 0
  let isShown = false
  const openShown = () => {
    isShown = true
    return open()
  }
  const value = createStore<U | undefined>(options?.initial, open)
  const error = createStore<unknown>(undefined, openShown)
  const status = createStore<StreamStatus>('connecting', openShown)
  const follower = followStream<U>(
    (reading) => {
      error.set(reading.error)
      status.set(reading.status)
      value.set(reading.value)
      notifyReaders()
    },
    options,
    () => isShown,
  )

  const start = followSource(source, follower.read)
  if (DEVELOPMENT) warnIfRemade(source, () => readers > 0)
  let stop = () => {}
  let ready = mounted
  function open() {
    // No reader, no call.
    if (readers === 0 && ready) stop = start()
    readers++
    return () => {
      if (--readers > 0) return
      stop()
      follower.stop()
    }
  }
  if (!ready) {
    try {
      // Never called on a server: nothing starts there.
      onMount(() => {
        mounted = ready = true
        if (readers > 0) stop = start()
      })
    } catch {
      ready = true // Made outside of components: nothing hydrates it.
    }
  }
  return Object.assign(withCurrent(value), { error: withCurrent(error), status: withCurrent(status) })
}

/**
 * Prepares to read a source, and again whenever what its function reads has changed.
 *
 * @returns starts, and returns what stops
 */
function followSource<U>(source: BgSource<U>, read: (stream: RemoteStream<U>) => void): () => () => void {
  if (typeof source !== 'function') {
    const stream = openStream(source, 'bgStore')
    return () => {
      read(stream)
      return () => {}
    }
  }
  let isMade = false
  // An effect of the component's, before those of its template; `toStore` is the way to one without the compiler. Its
  // store stays as it is: a change would go through Svelte's queue.
  const { subscribe } = toStore(() => {
    if (!isMade || !isInEffect()) return
    const stream = openStream(source, 'bgStore')
    untrack(() => read(stream))
  })
  isMade = true
  return () =>
    untrack(() => {
      // Thrown here, the error of a function that returns no stream is the caller's, and nothing has started.
      openStream(source, 'bgStore')
      return subscribe(() => {})
    })
}

function isInEffect(): boolean {
  let isTracked = false
  createSubscriber(() => void (isTracked = true))()
  return isTracked
}

/**
 * A function that calls an action, and a store of `{ pending, error, result }`.
 *
 * The promise of a call rejects as the call does; ignoring it raises nothing once `error` has been read, since that
 * shows it.
 * `pending` is true while any call is in flight; `error` and `result` are those of the newest call that settled.
 *
 * @param options `callTimeout`: milliseconds that each call may take, by default as the thread has it
 * @throws TypeError where `method` is no function: in development here, in production where it is called
 * @throws RangeError in development, if `callTimeout` is no number, or less than 0
 * @example
 * const add = bgAction(proxy.add)
 * // <button onclick={() => add('milk')} disabled={$add.pending}>add</button> {$add.error}
 */
export function bgAction<M extends Method>(method: M, options?: ActionOptions): BgAction<M> {
  checkMethod(method, 'bgAction', options)
  const state = createStore<ActionState<ResultOf<M>>>({ pending: false, error: undefined, result: undefined })
  let isShown = false
  const show = ({ error, ...others }: ActionState<ResultOf<M>>) => {
    state.set({
      ...others,
      get error() {
        isShown = true
        return error
      },
    })
    notifyReaders()
  }
  show({ pending: false, error: undefined, result: undefined })
  const { run, cancel } = trackAction(method, show, () => isShown, options)
  const { subscribe } = state
  const store = withCurrent(state)
  return Object.defineProperties(run, {
    subscribe: { value: subscribe },
    current: { get: () => store.current },
    cancel: { value: cancel },
  }) as unknown as BgAction<M>
}

function withCurrent<V>({ subscribe }: Readable<V>): RuneReadable<V> {
  return Object.assign(fromStore({ subscribe }), { subscribe })
}
