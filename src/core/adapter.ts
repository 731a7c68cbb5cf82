/** What every framework's adapter needs and none should write again: how a stream and an action are followed. */
import { checkNumber } from './check-options.js'
import { isNoNews } from './errors.js'
import { DEVELOPMENT, report } from './report.js'
import type { StayingObserver } from './snapshot.js'
import type { RemoteStream, StreamStatus } from './types.js'

/** A stream, or a function that returns one: `proxy.watchTodos` itself, or `() => proxy.watchTodo(id)`. */
export type BgSource<U> = RemoteStream<U> | (() => RemoteStream<U>)

/** What is known of a stream at one moment. */
export interface Reading<V> {
  /** The last snapshot, or what stands in for it. */
  value: V
  /** What the stream failed with, while its status is `error`. */
  error: unknown
  status: StreamStatus
}

/** What stands in for a snapshot. */
export interface ReadOptions<U> {
  /** The value until the first snapshot. Default: `undefined`. */
  initial?: U | undefined
  /** Keep the old stream's value until the first snapshot of the new one. Default: `false`, back to `initial`. */
  keepPrevious?: boolean | undefined
}

/**
 * The stream of a source.
 *
 * A call becomes a stream by being touched as one in its own tick; hydration may look at it only later.
 *
 * @param name what the source was given to, for the message
 * @throws TypeError where the source is no stream, or a function that gives none; development says what it must be
 */
export function openStream<U>(source: BgSource<U>, name: string): RemoteStream<U> {
  const stream = typeof source === 'function' ? source() : source
  if (DEVELOPMENT && !isStream(stream))
    throw new TypeError(
      `${name}(source): source must be a stream or a function that returns one, as in ${name}(proxy.watchTodos)`,
    )
  stream.get()
  return stream
}

function isStream(value: unknown): boolean {
  const { get, subscribe } = (value ?? {}) as Partial<RemoteStream<unknown>>
  return typeof get === 'function' && typeof subscribe === 'function'
}

/** Follows one stream at a time. */
export interface Follower<U> {
  /** Follows this stream from now on, instead of the one before. */
  read(stream: RemoteStream<U>): void
  /** Leaves the stream; nothing is written any more, until the next `read`. */
  stop(): void
}

/**
 * Writes what is known of a stream, and again whenever that changes: one reading at a time, never a half one.
 *
 * @param isShown whether the failure is shown to somebody; else it is reported like an uncaught error
 * @example
 * const todos = followStream<Todo[]>((reading) => show(reading), { initial: [] }, () => true)
 * todos.read(proxy.watchTodos())
 */
export function followStream<U>(
  write: (reading: Reading<U | undefined>) => void,
  options: ReadOptions<U> | undefined,
  isShown: () => boolean,
): Follower<U> {
  let leave: (linger?: number) => void = () => {}
  let last = options?.initial
  return {
    read(stream) {
      // Vue reports that a function gave no stream, and comes with nothing all the same.
      if (DEVELOPMENT && !isStream(stream)) return
      let reading: Reading<U | undefined> = {
        value: options?.keepPrevious ? last : options?.initial,
        error: undefined,
        status: 'connecting',
      }
      // What is known already comes before `subscribe` returns: it belongs to the first reading.
      let first = true
      const show = () => {
        last = reading.value
        write(reading)
      }
      const change = (part: Partial<Reading<U | undefined>>) => {
        reading = { ...reading, ...part }
        if (!first) show()
      }
      const leaveLast = leave
      const observer: StayingObserver<U> = {
        stays: true,
        next: (value) => change({ value, error: undefined, status: 'live' }),
        status: (status) => {
          // What it failed with comes next: both are one reading.
          if (status !== 'error' && status !== reading.status) change({ status, error: undefined })
        },
        error: (error) => {
          change({ error, status: 'error' })
          if (!isShown() && !isNoNews(error)) report(error)
        },
      }
      leave = stream.subscribe(observer)
      // What is no longer asked for ends at once: while somebody types, every key would leave a search running.
      leaveLast(0)
      first = false
      show()
    },
    stop() {
      leave()
      leave = () => {}
    },
  }
}

/** How the calls of an action are made. */
export interface ActionOptions {
  /** Milliseconds that each call may take, as the option of the thread of that name, and instead of it. Default: that. */
  callTimeout?: number | undefined
}

/** What is known of an action's calls. */
export interface ActionState<R> {
  /** A call is in flight. */
  pending: boolean
  /** What the newest call that settled has failed with. */
  error: unknown
  /** What the newest call that settled has returned. */
  result: R | undefined
}

/** A method as the proxy has it. */
export type Method = (...args: never[]) => Promise<unknown>
/** What a method's promise resolves to. */
export type ResultOf<M extends Method> = Awaited<ReturnType<M>>

/**
 * Refuses what cannot be called, such as the promise of a call, and times that are none. Production says so only when
 * it is called.
 *
 * @param name what the method was given to, for the message
 * @throws TypeError if the method is no function, RangeError if the time is no number, in development
 */
export function checkMethod(method: unknown, name: string, options?: ActionOptions): void {
  if (DEVELOPMENT && typeof method !== 'function')
    throw new TypeError(`${name}(method): method must be an action, as in ${name}(proxy.add)`)
  checkNumber(`${name}(method, options)`, 'callTimeout', options?.callTimeout, 0)
}

/** Calls of one action, and what became of them. */
export interface Tracker<M extends Method> {
  /** Calls the method. The promise rejects as the call does; ignoring that raises nothing where `error` is shown. */
  run(...args: Parameters<M>): Promise<ResultOf<M>>
  /** Rejects what is in flight with an `AbortError` and aborts it in the thread; `error` stays as it was. */
  cancel(): void
  /** From now on nothing is written. What is in flight goes on. */
  stop(): void
}

/**
 * Tells what becomes of an action's calls. An older call that settles after a newer one changes only `pending`.
 *
 * @param isShown whether the failure is shown to somebody; else an ignored promise raises it
 * @example
 * const add = trackAction(proxy.add, (state) => (button.disabled = state.pending), () => false)
 */
export function trackAction<M extends Method>(
  method: M,
  write: (state: ActionState<ResultOf<M>>) => void,
  isShown: () => boolean,
  options?: ActionOptions,
): Tracker<M> {
  const call = method as unknown as (...args: Parameters<M>) => Promise<ResultOf<M>>
  const inFlight = new Map<number, (reason: unknown) => void>()
  let settled: Omit<ActionState<ResultOf<M>>, 'pending'> = { error: undefined, result: undefined }
  let made = 0
  let newest = 0
  let stopped = false
  const tell = () => stopped || write({ ...settled, pending: inFlight.size > 0 })

  const run = (...args: Parameters<M>) => {
    const order = ++made
    const promise = new Promise<ResultOf<M>>((resolve, reject) => {
      const answer = call(...args)
      boundCall(answer, options?.callTimeout)
      const settle = (outcome: typeof settled) => {
        // A cancelled call is no longer in flight: what comes of it is not shown.
        if (!inFlight.delete(order)) return
        if (order > newest) [newest, settled] = [order, outcome]
        tell()
      }
      inFlight.set(order, (reason) => {
        ignore()
        reject(reason)
        cancelCall(answer, reason)
      })
      answer.then(
        (result) => {
          // No error: the method may have returned a stream or a value, and the caller may know what to do with it.
          if (DEVELOPMENT && isStream(result))
            console.warn(
              'bgthread: an action gave a stream, not a value. Read it as one, as in bgStore(proxy.watchTodos) or ' +
                'useBgRef(proxy.watchTodos).',
            )
          settle({ result, error: undefined })
          resolve(result)
        },
        (error: unknown) => {
          settle({ result: undefined, error })
          // What nobody shows and nobody awaits must not vanish: it is raised like any unhandled rejection.
          if (isShown() || isNoNews(error)) ignore()
          reject(error)
        },
      )
    })
    const ignore = () => void promise.catch(() => {})
    tell()
    return promise
  }

  return {
    run,
    cancel() {
      const cancels = [...inFlight.values()]
      inFlight.clear()
      const reason = new DOMException('The action was cancelled', 'AbortError')
      for (const cancel of cancels) cancel(reason)
      if (cancels.length > 0) tell()
    },
    stop() {
      stopped = true
    },
  }
}

const CALL_TIMEOUT = Symbol.for('bgthread.callTimeout')

/** Bounds a call of a thread in time, if one is given. Does nothing to any other promise. */
function boundCall(call: PromiseLike<unknown>, milliseconds: number | undefined): void {
  const bound = (call as { [CALL_TIMEOUT]?: (milliseconds: number) => void })[CALL_TIMEOUT]
  if (typeof milliseconds === 'number') bound?.call(call, milliseconds)
}

const CANCEL = Symbol.for('bgthread.cancel')

/**
 * Cancels a call of a thread: its promise rejects at once with `reason`, and its signals in the thread abort.
 * Does nothing to any other promise.
 *
 * The key is the realm's: the adapter may come from another bundle than the proxy.
 */
export function cancelCall(call: PromiseLike<unknown>, reason: unknown): void {
  const cancel = (call as { [CANCEL]?: (reason: unknown) => void })[CANCEL]
  cancel?.call(call, reason)
}
