/**
 * The public types: what starts a thread, and the thread; the proxy and streams are in files of their own. Types only:
 * nothing here is in a bundle.
 */
import type { Endpoint } from './endpoint.js'
import type { ExportOf, IsAny, Remote, RemoteParameters } from './remote.js'
import type { RemoteStream } from './streaming.js'

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
 * What a logic is told about the thread it lives in: `onStart(context)` gets it, and a factory's first parameter.
 *
 * @example
 * export default async function createApp(context: ThreadContext, owner: string) {
 *   const database = await open(owner, { signal: context.signal })
 *   return new TodoApp(database)
 * }
 */
export interface ThreadContext<Host = object> {
  /** The thread's name, as given to `bgThread`. */
  readonly name: string
  /** Which start this is: 1 at first, one more after each restart. */
  readonly epoch: number
  /** Aborts when the thread is to end. */
  readonly signal: AbortSignal
  /**
   * The services that the page offers to this thread, as given to `bgThread` in the option `host`: what only a page
   * has, like `localStorage`, the clipboard, dialogs and navigation. Where several clients offer them, those of the
   * one that came first and is still there.
   */
  readonly host: Remote<Host>
  /** Counts of what this thread's clients have open, and of the snapshots that it has given to stores and refs. */
  stats(): ContextStats
  /** What the logic declares its host to be; for the compiler only. */
  readonly [HOST]?: (host: Host) => void
}

declare const HOST: unique symbol

/**
 * A client of a thread: the page that has started it, or whoever was given a port to it. `onConnect(client)` and
 * `onDisconnect(client)` of the logic get it.
 *
 * @example
 * onConnect(client: ThreadClient) {
 *   this.#present.update((present) => [...present, client.id])
 * }
 */
export interface ThreadClient<Host = object> {
  /** Counts the clients of this thread, from 1. */
  readonly id: number
  /** Aborts when the client is gone. */
  readonly signal: AbortSignal
  /** The services that this client offers, where it does. */
  readonly host: Remote<Host> | undefined
  /** Puts the client out: what it waits for rejects with a `ThreadClosedError`, and the others notice nothing. */
  disconnect(): void
}

/** What is open and has passed in a thread, over all of its clients, and what became of its snapshots. */
export interface ContextStats extends SnapshotStats {
  /** Those that are there now. */
  readonly clients: number
  /** Calls that have not been answered. */
  readonly pendingCalls: number
  /** Streams that are read. */
  readonly subscriptions: number
  /** Calls of clients' callbacks that have not been answered. */
  readonly callbacks: number
  /** Messages to clients. */
  readonly sent: number
  /** Messages from clients. */
  readonly received: number
  /** Messages that made no sense, or came too late, and were dropped. */
  readonly ignored: number
}

/**
 * What became of the snapshots of a thread's streams, counted once for each client. Where nothing waits to be sent,
 * `emitted` is the sum of `skipped`, `wholes` and `patches`.
 */
export interface SnapshotStats {
  /** Snapshots that streams have emitted. */
  readonly emitted: number
  /** Those that were not sent: a newer one took their place, or nothing had changed. */
  readonly skipped: number
  /** Those that were sent whole. */
  readonly wholes: number
  /** Those of which only what had changed was sent. */
  readonly patches: number
  /** Memory that the thread holds to tell what has changed, in values: all that its streams have sent last. */
  readonly slots: number
}

/**
 * What starts a thread: a lazy import of the logic, or a function that makes the worker.
 * It is called at each start of the thread, with the thread's name where it makes the worker, and the name of the
 * policy that the option `trustedTypesPolicy` gives.
 *
 * @example
 * () => import('./todo-app')                                // its default export
 * () => import('./todo-app').then((m) => m.TodoApp)         // another export
 * ({ name }) => new TodoWorker({ name })                    // by hand: bgThread<typeof TodoApp>(…)
 */
export type Load<M> = (options: {
  name: string
  trustedTypesPolicy?: string | undefined
  /** Of a shared thread: a worker of this page alone is wanted. */
  dedicated?: boolean | undefined
}) => Promise<M & (Logic | ModuleWithLogic)> | Worker | SharedWorker | Endpoint

/** A class, or a function `(context, ...args)` that returns the instance. */
type Logic = (new (...args: never) => object) | ((...args: never) => unknown)

/** A module whose default export is the logic; of another export, write `.then((m) => m.TodoApp)`. */
interface ModuleWithLogic {
  default: Logic
}

/**
 * The type of the logic that `M` stands for. `M` is what a {@link Load} promises: a module with a default export,
 * a class, or a function `(context, ...args)` that returns the instance, perhaps async. As a type argument,
 * `bgThread<TodoApp>(() => new TodoWorker())`, it may be the class (`typeof TodoApp`) or its instance (`TodoApp`).
 */
export type LogicOf<M> = [M] extends [never]
  ? { 'give the class as type argument: bgThread<typeof TodoApp>(() => new TodoWorker())': never }
  : InstanceOf<ExportOf<M>>

type InstanceOf<E> =
  IsAny<E> extends true
    ? E
    : E extends abstract new (...args: never) => infer I
      ? I
      : E extends (...args: never) => infer R
        ? Awaited<R>
        : E

/**
 * The arguments that the logic is made with: its constructor's parameters, or a factory's after the context.
 * Of an overloaded constructor, the last signature. Where only the instance's type is known, anything.
 */
export type ThreadArgs<M> = ArgsOf<ExportOf<M>>

type ArgsOf<E> =
  IsAny<E> extends true
    ? E[]
    : [E] extends [never]
      ? unknown[]
      : E extends abstract new (...args: infer A) => unknown
        ? RemoteParameters<A>
        : E extends (...args: infer A) => unknown
          ? AfterContext<A>
          : unknown[]

type AfterContext<A extends readonly unknown[]> = A extends readonly []
  ? []
  : A extends readonly [context?: infer C, ...args: infer Rest]
    ? true extends (C extends ThreadContext<infer _> ? true : ThreadContext extends C ? true : false)
      ? RemoteParameters<Rest>
      : [
          {
            'a factory is called with the thread context first: write (context: ThreadContext, ...args)': never
          },
        ]
    : []

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
        args?: Readonly<A>
      }
    : {
        /** What the logic is made with: its constructor's arguments, or a factory's after the context. */
        args: Readonly<A>
      })

/** What the page offers to the thread; required where the logic declares it, as in `ThreadContext<Host>`. */
type HostOption<H> = unknown extends H
  ? {
      /** Services that the thread may call, as `context.host`: methods that run here. */
      host?: object
    }
  : {
      /** Services that the thread may call, as `context.host`: methods that run here. */
      host: HostServices<H>
    }

/** What is to be called through `context.host`, sync or async as it likes. */
export type HostServices<H> = {
  readonly [K in keyof H]: H[K] extends (...args: infer A) => infer R
    ? (...args: A) => R | Awaited<R> | Promise<Awaited<R>>
    : H[K]
}

/**
 * The services that a logic wants of its page: `Host` where its factory's first parameter, or that of the `onStart` of its
 * class, is a `ThreadContext<Host>`; else `unknown`.
 */
export type HostOf<M> = HostOfExport<ExportOf<M>>

type HostOfExport<E> =
  IsAny<E> extends true
    ? unknown
    : [E] extends [never]
      ? unknown
      : E extends abstract new (...args: never) => infer I
        ? HostOfInstance<I>
        : E extends (context: infer C, ...args: never) => unknown
          ? HostOfContext<C>
          : HostOfInstance<E>

type HostOfInstance<I> = I extends { onStart(context: infer C): unknown } ? HostOfContext<C> : unknown

type HostOfContext<C> = unknown extends C
  ? unknown
  : C extends ThreadContext<infer H>
    ? object extends H
      ? unknown
      : H
    : unknown

/** What can be set for every thread, whatever its logic. */
export interface ThreadSettings {
  /** What the thread is called in errors and in the browser's developer tools. */
  name?: string
  /**
   * Milliseconds the thread may take to be ready, `onStart` included, before the start fails with a
   * `ThreadStartError`, code `START_TIMEOUT`. Default 10,000.
   */
  startTimeout?: number
  /**
   * Called with each error and rejection that nothing caught in the thread.
   * By default it is reported on the page, once, like any other uncaught error.
   * Called also with the `ThreadStartError` that says why the `fallback` runs; that is a warning by default. And with
   * what has kept a `restart()` from carrying the state over.
   */
  onError?: (error: unknown) => void
  /**
   * Loads the logic where the worker of the first start cannot be loaded, as where a Content Security Policy blocks
   * it: `() => import('./logic')` runs it on the page's thread, `() => new LogicWorker()` in a worker of another
   * making. It is told once, by `onError` or a warning; calls that wait go there, and later starts use it at once.
   * Not used where the logic itself throws, or takes too long. Default: none, the start fails.
   *
   * @example
   * bgThread(() => import('./todo-app'), { fallback: () => import('./todo-app') })
   */
  fallback?: Load<unknown>
  /**
   * The name of the policy that makes the URLs of the plugin's workers a `TrustedScriptURL`, where Trusted Types are
   * required; `trusted-types <name>` in the Content Security Policy allows it. It is made once a page, for all
   * threads that name it. Default: none, and no policy is made.
   */
  trustedTypesPolicy?: string
  /**
   * How often a thread that has died is started again by itself: `max` times within so many milliseconds; and so
   * many starts in a row may fail. `false`: never. Default `{ max: 3, within: 10_000 }`.
   */
  restart?: { max?: number; within?: number } | false
  /**
   * How it is noticed that a thread lives and does not answer: while a call waits and the page is visible, it is
   * asked every `interval` milliseconds, and hangs once `limit` questions in a row had no answer. `false`: never
   * asked. Default `{ interval: 1_000, limit: 10 }`.
   */
  heartbeat?: { interval?: number; limit?: number } | false
  /**
   * What happens to a thread that hangs. `'report'`, the default: its status is `unresponsive` until it answers.
   * `'restart'`: it is replaced, and what waits rejects with a `ThreadHungError`.
   */
  onHang?: 'report' | 'restart'
  /**
   * How much may be open at a time: calls that wait for their answers, and subscriptions. What is beyond rejects with a
   * `LimitError`, and is not sent: a loop that calls without waiting ends there, and not in exhausted memory.
   * Default `{ calls: 1_000_000, subscriptions: 100_000 }`.
   */
  limits?: { calls?: number; subscriptions?: number }
  /**
   * One logic for all tabs and windows of the origin that start this thread under the same name, in a shared worker.
   * It ends with the last of them. Default false.
   */
  shared?: boolean
  /**
   * What happens on a server. `'inert'`, the default: nothing starts, streams have no snapshot, and actions reject
   * with code `INERT`. `'in-process'`: the logic runs in the same thread; the default where `NODE_ENV` is `test`.
   */
  server?: 'inert' | 'in-process'
  /** Milliseconds that a subscription stays after its last reader has left, in case another comes. Default 1,000. */
  linger?: number
  /**
   * How many values of a source that cannot wait are held for a slow `for await`, before that reader gets a
   * `LimitError`. Default 65,536.
   */
  buffer?: number
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
  timeout?: number
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
