/** Streams and actions of a thread as Vue refs. Needs Vue 3.5 or later. */
import {
  customRef,
  getCurrentInstance,
  getCurrentScope,
  hasInjectionContext,
  inject,
  onMounted,
  onScopeDispose,
  type ShallowRef,
  shallowReadonly,
  shallowRef,
  ssrContextKey,
  watch,
} from 'vue'
import {
  type ActionOptions,
  type BgSource,
  checkMethod,
  followStream,
  type Method,
  openStream,
  type ReadOptions,
  type ResultOf,
  trackAction,
} from '../core/adapter.js'
import type { StreamStatus } from '../core/types.js'

export type { ActionOptions, BgSource, ReadOptions, StreamStatus }

/** A ref that only the library writes. */
export type ReadonlyRef<V> = Readonly<ShallowRef<V>>

/** A stream as a ref. */
export type BgRef<V> = ReadonlyRef<V> & {
  /** What the stream has failed with; `undefined` while it has not. */
  readonly error: ReadonlyRef<unknown>
  readonly status: ReadonlyRef<StreamStatus>
}

/** An action to be run, and what became of its calls. */
export interface BgAction<M extends Method> {
  /** Calls the action. The promise rejects as the call does; ignoring it raises nothing once `error` was read. */
  run: M
  /** A call is in flight. */
  pending: ReadonlyRef<boolean>
  /** What the newest call that settled has failed with. */
  error: ReadonlyRef<unknown>
  /** What the newest call that settled has returned. */
  result: ReadonlyRef<ResultOf<M> | undefined>
  /** Rejects the calls in flight with an `AbortError` and aborts them in the thread; `error` stays. */
  cancel(): void
}

/**
 * A ref of a stream's last snapshot, subscribed until the component is unmounted or the effect scope is stopped.
 *
 * A function may read refs and props: when these change, its new stream is followed before the next render.
 * While a server renders, and until a hydrating component is mounted, the ref is `initial`.
 *
 * @param source a stream or a function that returns one, like `proxy.watchTodos`
 * @param options `initial`: the value until the first snapshot, by default `undefined`. `keepPrevious`: whether
 *   the value stays when the function's stream changes, until the new one's first snapshot; by default it does not.
 * @throws TypeError where `source` is no stream; where the function returns none, Vue reports it as a watcher's
 * @example
 * const todos = useBgRef(proxy.watchTodos, { initial: [] })
 * const todo = useBgRef(() => proxy.watchTodo(props.id))
 * const { error, status } = todos
 */
export function useBgRef<U>(
  source: BgSource<U>,
  options: ReadOptions<NoInfer<U>> & { initial: NoInfer<U> },
): BgRef<U>
export function useBgRef<U>(
  source: BgSource<U>,
  options?: ReadOptions<NoInfer<U>> & { initial?: undefined },
): BgRef<U | undefined>
export function useBgRef<U>(source: BgSource<U>, options?: ReadOptions<U>): BgRef<U | undefined> {
  const value = shallowRef(options?.initial)
  let isShown = false
  const show = () => (isShown = true)
  const error = watchedRef<unknown>(undefined, show)
  const status = watchedRef<StreamStatus>('connecting', show)
  const bgRef = shallowReadonly(
    Object.assign(value, { error: shallowReadonly(error), status: shallowReadonly(status) }),
  )
  if (typeof source !== 'function') openStream(source, 'useBgRef')
  // A server's components are never unmounted: a subscription would stay for good.
  if (hasInjectionContext() && inject(ssrContextKey, undefined)) return bgRef

  const follower = followStream<U>(
    (reading) => {
      error.value = reading.error
      status.value = reading.status
      value.value = reading.value
    },
    options,
    () => isShown,
  )
  const start = () => {
    const open = () => {
      const stream = openStream(source, 'useBgRef')
      // Not the stream, which is a promise too: Vue reports the rejection of one that a getter gives.
      return () => follower.read(stream)
    }
    watch(open, (read) => read?.(), { immediate: true })
  }
  const scope = getCurrentScope()
  if (scope) onScopeDispose(follower.stop)
  // A component that has an element before it was rendered is being hydrated.
  if (getCurrentInstance()?.vnode.el) onMounted(() => scope?.run(start))
  else start()
  return bgRef
}

/**
 * A function that calls an action, with refs of what became of its calls.
 *
 * `pending` is true while any call is in flight; `error` and `result` are those of the newest call that settled.
 * Unmounting cancels nothing.
 *
 * @param options `callTimeout`: milliseconds that each call may take, by default as the thread has it
 * @throws TypeError where `method` is no function: in development here, in production where it is called
 * @throws RangeError in development, if `callTimeout` is no number, or less than 0
 * @example
 * const { run: add, pending, error, cancel } = useBgAction(proxy.add)
 */
export function useBgAction<M extends Method>(method: M, options?: ActionOptions): BgAction<M> {
  checkMethod(method, 'useBgAction', options)
  const pending = shallowRef(false)
  let isShown = false
  const error = watchedRef<unknown>(undefined, () => (isShown = true))
  const result = shallowRef<ResultOf<M>>()
  const { run, cancel, stop } = trackAction(
    method,
    (state) => {
      result.value = state.result
      error.value = state.error
      pending.value = state.pending
    },
    () => isShown,
    options,
  )
  if (getCurrentScope()) onScopeDispose(stop)
  return {
    run: ((...args: Parameters<M>) => unseen(run(...args))) as unknown as M,
    pending: shallowReadonly(pending),
    error: shallowReadonly(error),
    result: shallowReadonly(result),
    cancel,
  }
}

/** A shallow ref that tells when it is read. */
function watchedRef<V>(value: V, onRead: () => void) {
  return customRef<V>((track, trigger) => ({
    get() {
      onRead()
      track()
      return value
    },
    set(next) {
      if (next === value) return
      value = next
      trigger()
    },
  }))
}

/**
 * Hides a promise from Vue, which reports the rejection of any that a handler, hook or watcher returns, though
 * `@click="add('milk')"` means to ignore it. Vue asks for `then` and `catch` before it calls one: whoever looks
 * at `then` without calling it finds no `catch`.
 */
function unseen<T>(promise: Promise<T>): Promise<T> {
  let probed = false
  const { then, catch: caught } = Promise.prototype
  const called = (...handlers: Parameters<typeof then>) => {
    probed = false
    return then.apply(promise, handlers)
  }
  return Object.defineProperties(promise, {
    // oxlint-disable-next-line unicorn/no-thenable -- it is a promise
    then: { get: () => ((probed = true), called) },
    catch: { get: () => (probed ? void (probed = false) : caught) },
  })
}
