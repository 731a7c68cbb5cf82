/**
 * The public types: the options of a thread, and the thread. What it is told, what starts it, the proxy and streams are in
 * files of their own. Types only: nothing here is in a bundle.
 */
import type { HostOf, HostServices, Load, ThreadArgs } from './load-types.js'
import type { Remote } from './remote.js'
import type { RemoteStream } from './streaming.js'

export type { ContextStats, SnapshotStats, ThreadClient, ThreadContext } from './context-types.js'
export type { HostOf, HostServices, Load, LogicOf, ThreadArgs } from './load-types.js'
export type { Remote, RemoteParameters, RemoteResult, Source } from './remote.js'
export type {
  Observer,
  RemoteStream,
  State,
  StreamOptions,
  StreamSource,
  StreamStatus,
  Unsubscribe,
} from './streaming.js'

/**
 * The options of `bgThread`, for a logic that is made with the arguments `A`:
 * `args` may be left out where none is required.
 *
 * @example
 * bgThread(() => import('./todo-app'), { name: 'todos', args: ['ada'], startTimeout: 5_000 })
 */
export type ThreadOptions<A extends readonly unknown[] = unknown[], H = unknown> = ThreadSettings &
  HostOption<H> &
  ([] extends A
    ? {
        /** What the logic is made with: its constructor's arguments, or a factory's after the context. */
        args?: Readonly<A> | undefined
      }
    : {
        /** What the logic is made with: its constructor's arguments, or a factory's after the context. */
        args: Readonly<A>
      })

/** What the page offers to the thread; required where the logic declares it, as in `ThreadContext<Host>`. */
type HostOption<H> = unknown extends H
  ? {
      /** Services that the thread may call, as `context.host`: methods that run here. */
      host?: object | undefined
    }
  : {
      /** Services that the thread may call, as `context.host`: methods that run here. */
      host: HostServices<H>
    }

/** What can be set for every thread, whatever its logic. */
export interface ThreadSettings {
  /** What the thread is called in errors and in the browser's developer tools. */
  name?: string | undefined
  /**
   * Milliseconds the thread may take to be ready, `onStart` included, before the start fails with a
   * `ThreadStartError`, code `START_TIMEOUT`. Default 10,000.
   */
  startTimeout?: number | undefined
  /**
   * Milliseconds an action may take before its call rejects with a `ThreadTimeoutError`, code `CALL_TIMEOUT`, and is
   * cancelled in the thread. They count from when the thread is ready, and not while the page is frozen or blocked, nor
   * while one of the call's callbacks is at work. Streams are not bounded. Default: none.
   *
   * @example
   * bgThread(() => import('./todo-app'), { callTimeout: 30_000 })
   */
  callTimeout?: number | undefined
  /**
   * Called with each error and rejection that nothing caught in the thread.
   * By default it is reported on the page, once, like any other uncaught error.
   * Called also with the `ThreadStartError` that says why the `fallback` runs; that is a warning by default. And with
   * what has kept a `restart()` from carrying the state over.
   */
  onError?: ((error: unknown) => void) | undefined
  /**
   * Loads the logic where the worker of the first start cannot be loaded, as where a Content Security Policy blocks
   * it: `() => import('./logic')` runs it on the page's thread, `() => new LogicWorker()` in a worker of another
   * making. It is told once, by `onError` or a warning; calls that wait go there, and later starts use it at once.
   * Not used where the logic itself throws, or takes too long. Default: none, the start fails.
   *
   * @example
   * bgThread(() => import('./todo-app'), { fallback: () => import('./todo-app') })
   */
  fallback?: Load<unknown> | undefined
  /**
   * The name of the policy that makes the URLs of the plugin's workers a `TrustedScriptURL`, where Trusted Types are
   * required; `trusted-types <name>` in the Content Security Policy allows it. It is made once a page, for all
   * threads that name it. Default: none, and no policy is made.
   */
  trustedTypesPolicy?: string | undefined
  /**
   * How often a thread that has died is started again by itself: `max` times within so many milliseconds; and so
   * many starts in a row may fail. `false`: never. Default `{ max: 3, within: 10_000 }`.
   */
  restart?: { max?: number | undefined; within?: number | undefined } | false | undefined
  /**
   * How it is noticed that a thread lives and does not answer: while a call waits and the page is visible, it is
   * asked every `interval` milliseconds, and hangs once `limit` questions in a row had no answer. `false`: never
   * asked. Default `{ interval: 1_000, limit: 10 }`.
   */
  heartbeat?: { interval?: number | undefined; limit?: number | undefined } | false | undefined
  /**
   * What happens to a thread that hangs. `'report'`, the default: its status is `unresponsive` until it answers.
   * `'restart'`: it is replaced, and what waits rejects with a `ThreadHungError`.
   */
  onHang?: 'report' | 'restart' | undefined
  /**
   * How much may be open at a time: calls that wait for their answers, and subscriptions. What is beyond rejects with a
   * `LimitError`, and is not sent: a loop that calls without waiting ends there, and not in exhausted memory.
   * Default `{ calls: 1_000_000, subscriptions: 100_000 }`.
   *
   * They hold for each further client, too, and so does `bytes`: the memory that its arguments, and messages and values
   * that wait, may take in the thread. There the defaults are `{ calls: 12_000, subscriptions: 1_000, bytes: 4_194_304 }`,
   * which are those of a tab of a shared thread, too. A call whose arguments do not fit rejects with a `LimitError`; a
   * client that has more open, or sends more than is read, is put out.
   */
  limits?:
    { calls?: number | undefined; subscriptions?: number | undefined; bytes?: number | undefined } | undefined
  /**
   * One logic for all tabs and windows of the origin that start this thread under the same name: in a shared worker, or,
   * where the browser has none, in a worker of one of the tabs. It ends with the last of them. Default false.
   */
  shared?: boolean | undefined
  /**
   * Whether a build with the Vite plugin carries the worker's code inside the page's bundle. `false` makes a file of the
   * worker that loads beside the page, and each `import()` in the logic stays a file that loads when it is needed: right
   * for a logic of more than some 300 kB. Write `true` or `false` in place, since the build reads it. Default: the
   * plugin's own option `inline`, which is `true`. Without the plugin it has no effect.
   *
   * @example
   * bgThread(() => import('./highlighter'), { inline: false })
   */
  inline?: boolean
  /**
   * What happens on a server. `'inert'`, the default: nothing starts, streams have no snapshot, and actions reject
   * with code `INERT`. `'in-process'`: the logic runs in the same thread; the default where `NODE_ENV` is `test`.
   */
  server?: 'inert' | 'in-process' | undefined
  /** Milliseconds that a subscription stays after its last reader has left, in case another comes. Default 1,000. */
  linger?: number | undefined
  /**
   * How many values of a source that cannot wait are held for a slow `for await`, before that reader gets a
   * `LimitError`. Default 65,536.
   */
  buffer?: number | undefined
}

/**
 * What `bgThread` takes after the load: options, required where the logic is made with required arguments.
 * The compiler names the parameter that is spread, not this label, where nothing is given: call it `optionsWithArgs`.
 */
export type ThreadRest<M> =
  [] extends ThreadArgs<M>
    ? unknown extends HostOf<M>
      ? [options?: ThreadOptions<ThreadArgs<M>>]
      : [options: ThreadOptions<ThreadArgs<M>, HostOf<M>>]
    : [options: ThreadOptions<ThreadArgs<M>, HostOf<M>>]

/** What a thread is doing, told by {@link Thread.status}. */
export interface ThreadStatus {
  /**
   * - `starting`: it is being loaded and made; calls wait.
   * - `ready`: it answers.
   * - `unresponsive`: it lives, and has not answered for a while.
   * - `restarting`: it died, or was told to, and starts again; calls wait.
   * - `failed`: it could not be started, or died and is not started again; calls reject with `error`.
   * - `closed`: it was closed or terminated.
   */
  readonly state: 'starting' | 'ready' | 'unresponsive' | 'restarting' | 'failed' | 'closed'
  /** Which start this is: 1 at first, one more after each restart. */
  readonly epoch: number
  /** Why it failed, or why it restarts. */
  readonly error?: unknown
  /**
   * Set where there are no Web Locks, as outside of secure contexts: a death is then noticed by the heartbeat only,
   * as a hang, while a call waits. With `onHang: 'restart'` such a thread starts again.
   */
  readonly locks?: false
}

/** What is open and what has passed between the page and a thread, counted on the page. */
export interface ThreadStats {
  /** Calls that wait for their reply. */
  readonly pendingCalls: number
  /** Streams subscribed in the thread, those that linger included. */
  readonly subscriptions: number
  /** Functions of the page that the thread can still call; those passed to a stream until it ends or is collected. */
  readonly callbacks: number
  /** Abort signals of the page that the thread still listens to. */
  readonly signals: number
  /** Snapshots received since the start, whole or as a patch. */
  readonly snapshots: number
  /** Those of them that came as a patch. */
  readonly patches: number
  /** Messages sent since the start. */
  readonly sent: number
  /** Messages received since the start. */
  readonly received: number
  /** Messages that came from elsewhere, or too late, and were dropped. */
  readonly ignored: number
  /** How often the thread was started again. */
  readonly restarts: number
}

/** How a thread is closed. */
export interface CloseOptions {
  /** Milliseconds that calls in flight and `onStop` may take, before the thread is terminated. Default 5,000. */
  timeout?: number | undefined
}

/**
 * A running logic of type `T` and the connection to it: what `bgThread` returns.
 *
 * @example
 * export const thread = bgThread(() => import('./todo-app'), { args: ['ada'] })
 * export const { proxy } = thread
 * const todo = await proxy.add('milk')
 * await thread.close()
 */
export interface Thread<T> extends AsyncDisposableIfKnown {
  /** The logic's methods. May be called at once: calls wait until the thread is ready. */
  readonly proxy: Remote<T>
  /** The thread's name, as given in the options. */
  readonly name: string
  /**
   * Resolves when the logic has started, also while it starts again; rejects with a `ThreadStartError`.
   * Ignoring that raises nothing.
   */
  readonly ready: Promise<void>
  /** What the thread is doing, from now on. */
  readonly status: RemoteStream<ThreadStatus>
  /**
   * Replaces the logic by a new instance, and resolves when that has started. Calls that wait reject with a
   * `ThreadDiedError`, code `RESTARTED`, before this returns, and are not repeated; those made from then on wait for
   * the new instance. Stores keep their last snapshot, `stale`, until they have its first.
   *
   * What the logic's `saveState()` returns is given to the new instance's `restoreState(state)`, before its `onStart`.
   * The old one may take `timeout` (5,000 ms) for that and for its `onStop`; after it the new one starts without a
   * state, and `onError` is told. A thread that has failed starts anew.
   */
  restart(options?: CloseOptions): Promise<void>
  /**
   * Ends the thread in order: no new calls, those in flight finish, `onStop` runs, the worker ends.
   * What is left after `timeout` (5,000 ms) rejects with a `ThreadClosedError`. May be called again.
   */
  close(options?: CloseOptions): Promise<void>
  /** Ends the thread at once: what is pending rejects with a `ThreadClosedError` before this returns. */
  terminate(): void
  /**
   * A port for another client: transfer it to a frame, a worker or wherever else, and call `attach<T>(port)` there.
   * Each port is for one client. It leads straight into the thread, also when that has started again.
   *
   * @example
   * const port = thread.connect()
   * frame.contentWindow.postMessage(port, location.origin, [port])
   */
  connect(): MessagePort
  /** Counts of what is open and what has passed; all of the first four are 0 in a thread at rest. */
  stats(): ThreadStats
}

/**
 * A thread that somebody else has started, as `attach` gives it. `close()` and `terminate()` end this connection and
 * not the thread.
 */
export type AttachedThread<T> = Omit<Thread<T>, 'restart'>

/** `[Symbol.asyncDispose]`, which closes the thread, where the compiler's `lib` knows that symbol; else nothing. */
export type AsyncDisposableIfKnown = {
  readonly [K in AsyncDisposeSymbol]: () => Promise<void>
}

type AsyncDisposeSymbol = SymbolConstructor extends { readonly asyncDispose: infer K extends symbol }
  ? K
  : never
