/**
 * The public types: streams and states, what starts a thread, the thread, and what the types of a logic become on
 * the page. Types only: nothing here is in a bundle.
 */

/** Ends a subscription. Calling it again does nothing. */
export type Unsubscribe = () => void

/** What a {@link RemoteStream} is doing, as told to an observer's `status`. */
export type StreamStatus =
  /** Subscribed; no snapshot has arrived yet. */
  | 'connecting'
  /** The last snapshot is the newest there is. */
  | 'live'
  /** A snapshot is kept from before; a newer one may exist in the thread. */
  | 'stale'
  /** The stream has ended; its last snapshot stays. */
  | 'done'
  /** The stream has failed; its last snapshot stays. The next reader tries again. */
  | 'error'

/** The long form of a subscription. Every member may be left out. */
export interface Observer<U> {
  /** Called with each snapshot, and at once with the last one where there is one. */
  next?(snapshot: U): void
  /** Called once when the stream fails. Without it a failure is reported like an uncaught error. */
  error?(error: unknown): void
  /** Called once when the stream ends. */
  complete?(): void
  /** Called at once with the stream's status, and whenever it changes. */
  status?(status: StreamStatus): void
}

/**
 * Snapshots of a value over time, as the page sees them: the last one is kept.
 *
 * It meets the store contract (`subscribe(next)` delivers a known snapshot at once and returns its end),
 * so it can be used wherever a Svelte store can; `bgStore` and `useBgRef` are the better way in components.
 *
 * @example
 * const unsubscribe = proxy.watchTodos().subscribe((todos) => render(todos))
 * for await (const todos of proxy.watchTodos()) log(todos)
 */
export interface RemoteStream<U> extends AsyncIterable<U> {
  /** The last snapshot, or `undefined` when none has arrived. Does not subscribe. */
  get(): U | undefined
  /**
   * Calls `next` with the last snapshot at once, where there is one, and with each newer one.
   * Newest wins: a reader that is slow skips snapshots, and never builds a queue.
   * Further arguments are ignored (Svelte passes one of its own).
   */
  subscribe(next: (snapshot: U) => void, ...ignored: unknown[]): Unsubscribe
  subscribe(observer: Observer<U>, ...ignored: unknown[]): Unsubscribe
  /** Every value, in order, paced by the reader: a subscription of its own. */
  [Symbol.asyncIterator](): AsyncIterableIterator<U, void, undefined>
}

/* ---------------------------------------------------------------- the thread side */

/**
 * A cell with a value that is watched: what `state(initial)` makes, and the smallest stream source.
 * A method that returns it is a stream on the page.
 *
 * @example
 * #todos = state<Todo[]>([])
 * add(todo: Todo) { this.#todos.update((todos) => [...todos, todo]) }
 * watchTodos() { return this.#todos }
 */
export interface State<U> extends AsyncIterable<U> {
  /** The value now. */
  get(): U
  /** Sets the value and tells every reader, also when it is the same object as before, changed in place. */
  set(value: U): void
  /**
   * Sets the value to what `change` returns and tells every reader.
   * A `change` that returns nothing has changed the value in place.
   */
  update(change: (value: U) => U | void): void
  /** Calls `next` with the value at once and with every value that is set. */
  subscribe(next: (value: U) => void): Unsubscribe
  /** Every value, beginning with the one it has now. Never ends by itself. */
  [Symbol.asyncIterator](): AsyncIterableIterator<U, void, undefined>
}

/**
 * What a method may return to be a stream on the page, with values of type `U`: an async iterable (an async
 * generator, a {@link State}, a `ReadableStream`, another thread's {@link RemoteStream}), or anything with
 * `subscribe` (an Observable, a Svelte store).
 *
 * An object that has `Symbol.observable` and no `subscribe` streams as well, but its type does not show it:
 * return it `as unknown as StreamSource<…>`.
 */
export type StreamSource<U> = AsyncIterable<U> | Subscribable<U> | ReadableLike<U>

/**
 * How the snapshots of a stream cross to stores and refs. (A `for await` gets each value whole.)
 *
 * @example
 * #orders = state<Order[]>([], { key: 'number' })
 */
export interface StreamOptions {
  /**
   * Whether only that crosses which has changed since the last snapshot. Default `true`. To know what has changed, the
   * thread keeps a picture of what it has sent, and compares: set it to `false` where all of the data is new each time.
   */
  patches?: boolean
  /**
   * The property by which objects of a list are known when they have moved or were copied: a text or a number that no
   * two of them share. Default `id`, and where there is none, `key`.
   */
  key?: string
}

/** The part of an Observable, or of a store, by which it is known. */
interface Subscribable<U> {
  subscribe(next: (value: U) => void, ...rest: never[]): unknown
}

/** The part of a `ReadableStream` by which it is known where the compiler's `lib` lacks its async iterator. */
interface ReadableLike<U> {
  getReader(): { read(): Promise<{ done: false; value: U } | { done: true; value?: U | undefined }> }
}

/**
 * What a logic is told about the thread it lives in: `onStart(context)` gets it, and a factory's first parameter.
 *
 * @example
 * export default async function createApp(context: ThreadContext, owner: string) {
 *   const database = await open(owner, { signal: context.signal })
 *   return new TodoApp(database)
 * }
 */
export interface ThreadContext {
  /** The thread's name, as given to `bgThread`. */
  readonly name: string
  /** Which start this is: 1 at first, one more after each restart. */
  readonly epoch: number
  /** Aborts when the thread is to end. */
  readonly signal: AbortSignal
  /** Counts of the snapshots that this thread's streams have given to stores and refs. */
  stats(): SnapshotStats
}

/** What became of the snapshots of a thread's streams, counted once for each client. */
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

/* ---------------------------------------------------------------- what a load gives */

/**
 * What starts a thread: a lazy import of the logic, or a function that makes the worker.
 * It is called once, with the thread's name where it makes the worker.
 *
 * @example
 * () => import('./todo-app')                                // its default export
 * () => import('./todo-app').then((m) => m.TodoApp)         // another export
 * ({ name }) => new TodoWorker({ name })                    // by hand: bgThread<typeof TodoApp>(…)
 */
export type Load<M> = (options: { name: string }) => Promise<M & (Logic | ModuleWithLogic)> | Worker

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

type ExportOf<M> = IsAny<M> extends true ? M : M extends { default: infer D } ? D : M

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
    ? ThreadContext extends C
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
export type ThreadOptions<A extends readonly unknown[] = unknown[]> = ThreadSettings &
  ([] extends A
    ? {
        /** What the logic is made with: its constructor's arguments, or a factory's after the context. */
        args?: Readonly<A>
      }
    : {
        /** What the logic is made with: its constructor's arguments, or a factory's after the context. */
        args: Readonly<A>
      })

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
   */
  onError?: (error: unknown) => void
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
    ? [options?: ThreadOptions<ThreadArgs<M>>]
    : [options: ThreadOptions<ThreadArgs<M>>]

/* ---------------------------------------------------------------- the thread */

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
  /** Resolves when the logic has started; rejects with a `ThreadStartError`. Ignoring that raises nothing. */
  readonly ready: Promise<void>
  /** What the thread is doing, from now on. */
  readonly status: RemoteStream<ThreadStatus>
  /**
   * Ends the thread in order: no new calls, those in flight finish, `onStop` runs, the worker ends.
   * What is left after `timeout` (5,000 ms) rejects with a `ThreadClosedError`. May be called again.
   */
  close(options?: CloseOptions): Promise<void>
  /** Ends the thread at once: what is pending rejects with a `ThreadClosedError` before this returns. */
  terminate(): void
  /** Counts of what is open and what has passed; all of the first four are 0 in a thread at rest. */
  stats(): ThreadStats
}

/** `[Symbol.asyncDispose]`, which closes the thread, where the compiler's `lib` knows that symbol; else nothing. */
export type AsyncDisposableIfKnown = {
  readonly [K in AsyncDisposeSymbol]: () => Promise<void>
}

type AsyncDisposeSymbol = SymbolConstructor extends { readonly asyncDispose: infer K extends symbol }
  ? K
  : never

/* ---------------------------------------------------------------- the proxy */

/**
 * A logic's public methods as the page calls them, of a logic of type `T`:
 *
 * - a method that returns a {@link StreamSource} of `U` gives a {@link RemoteStream} of `U`, or a promise of one
 *   where the method is async;
 * - any other method is an action and gives a `Promise` of its result.
 *
 * Not in it, as they cannot be reached: private and protected members, names that begin with `_`, fields that are
 * no functions, and `constructor`, `then`, `toJSON`, `onStart`, `onStop`, `onConnect`, `onDisconnect`, `saveState`,
 * `restoreState`.
 *
 * Limits of TypeScript: a generic method's type parameter becomes `unknown`; of an overloaded method the last three
 * signatures are kept; public fields and accessors that hold functions are shown, though calling them fails.
 *
 * @example
 * class App { add(title: string): Todo {…}  watch(): State<Todo[]> {…} }
 * // Remote<App>: { add(title: string): Promise<Todo>; watch(): RemoteStream<Todo[]> }
 */
export type Remote<T> = {
  readonly [K in keyof T as ActionName<T, K>]-?: RemoteMethod<T[K]>
}

type ActionName<T, K extends keyof T> = K extends string
  ? K extends HiddenName
    ? never
    : IsAny<T> extends true
      ? K
      : IsMethod<T[K]> extends true
        ? K
        : never
  : never

/** Names that are never actions, although a logic may have methods of that name. */
type HiddenName =
  | `_${string}`
  | 'constructor'
  | 'then'
  | 'toJSON'
  | 'onStart'
  | 'onStop'
  | 'onConnect'
  | 'onDisconnect'
  | 'saveState'
  | 'restoreState'
  // Asked of any object by consoles, test frameworks and the DOM.
  | 'toString'
  | 'valueOf'
  | 'asymmetricMatch'
  | 'nodeType'
  | 'tagName'

type IsMethod<F> =
  IsAny<F> extends true
    ? false
    : [NonNullable<F>] extends [never]
      ? false
      : NonNullable<F> extends Callable
        ? true
        : false

/**
 * One method as the page calls it. Overloads are read by matching three signatures:
 * where a method has fewer, the compiler repeats its first.
 */
type RemoteMethod<F> =
  IsAny<F> extends true
    ? (...args: F[]) => F
    : NonNullable<F> extends {
          (...args: infer A1): infer R1
          (...args: infer A2): infer R2
          (...args: infer A3): infer R3
        }
      ? Same<[A1, R1], [A2, R2]> extends true
        ? Same<[A2, R2], [A3, R3]> extends true
          ? (...args: RemoteParameters<A3>) => RemoteResult<R3>
          : {
              (...args: RemoteParameters<A2>): RemoteResult<R2>
              (...args: RemoteParameters<A3>): RemoteResult<R3>
            }
        : {
            (...args: RemoteParameters<A1>): RemoteResult<R1>
            (...args: RemoteParameters<A2>): RemoteResult<R2>
            (...args: RemoteParameters<A3>): RemoteResult<R3>
          }
      : never

/** What a call of a method with the result `R` gives on the page. */
export type RemoteResult<R> =
  IsAny<R> extends true
    ? Promise<R>
    : [Source<R>] extends [never]
      ? Promise<RemoteValue<Awaited<R>>>
      : RemoteStream<Source<R>[0]>

/** What an action resolves to. A source in a union, as in `State<Todo> | undefined`, becomes a stream there. */
type RemoteValue<R> =
  IsAny<R> extends true
    ? R
    : [Extract<SourceOf<R>, [unknown]>] extends [never]
      ? R
      : R extends unknown
        ? SourceOf<R> extends [infer U]
          ? RemoteStream<U>
          : R
        : never

/** `[U]` where `R` is a stream source of `U`, or several of them; else `never`. */
export type Source<R> =
  IsAny<R> extends true
    ? never
    : [R] extends [never]
      ? never
      : [SourceOf<R>] extends [[infer U]]
        ? [U]
        : never

/** `[U]` for each source in the union `R`, `false` for each other member. */
type SourceOf<R> =
  R extends AsyncIterable<infer U>
    ? [U]
    : R extends Subscribable<infer U>
      ? [U]
      : R extends { getReader(): infer Reader }
        ? [ValueRead<Reader>]
        : false

type ValueRead<Reader> = Reader extends { read(): Promise<infer Result> }
  ? Result extends { done: false; value: infer U }
    ? U
    : never
  : never

/* ---------------------------------------------------------------- parameters */

/**
 * A method's parameters as the page fills them. They keep their names and types, but for functions:
 * in the thread, a function of the page gives a `Promise`, so a parameter declared `(…) => Promise<R>`
 * takes `(…) => R` as well; so does one in an object of options or an array. One declared with any other result than a promise or `void` would not get what it says,
 * and is an error where the method is called.
 */
export type RemoteParameters<A extends readonly unknown[]> = { [I in keyof A]: RemoteParameter<A[I]> }

/** Touches a parameter only where there is a function in it, so that all others keep the names of their types. */
type RemoteParameter<P> =
  IsAny<P> extends true
    ? P
    : P extends Callable
      ? PageCallback<P>
      : P extends HostObject
        ? P
        : true extends { [K in keyof P]-?: GivesPromise<P[K]> }[keyof P]
          ? { [K in keyof P]: GivesPromise<P[K]> extends true ? RemoteParameter<P[K]> : P[K] }
          : P

/** Whether a member of an options object, or of an array, is a callback whose result the thread waits for. */
type GivesPromise<F> =
  IsAny<F> extends true
    ? false
    : NonNullable<F> extends (...args: never) => infer R
      ? IsAny<R> extends true
        ? false
        : [R] extends [never]
          ? false
          : R extends PromiseLike<unknown>
            ? true
            : false
      : false

/** What can be cloned or transferred and has methods of its own that promise: they are no callbacks. */
type HostObject =
  | { arrayBuffer(): unknown } // Blob, File
  | { isSameEntry(...args: never): unknown } // FileSystemHandle
  | { getReader(...args: never): unknown } // ReadableStream
  | { getWriter(): unknown } // WritableStream
  | { copyTo(...args: never): unknown } // VideoFrame, AudioData
  | { addEventListener(...args: never): unknown } // AbortSignal, MessagePort, OffscreenCanvas

/** A function of the page, where the logic declares one of type `F`. */
type PageCallback<F extends Callable> = F extends (...args: infer A) => infer R
  ? IsAny<R> extends true
    ? F
    : [R] extends [void]
      ? F
      : [R] extends [PromiseLike<infer V>]
        ? [V] extends [void]
          ? (...args: A) => unknown
          : (...args: A) => V | Promise<V>
        : Promise<Awaited<R>> extends R
          ? F
          : (...args: A) => {
              'in the thread a callback gives a promise: declare its result there as Promise<...> or void': never
            }
  : never

/* ---------------------------------------------------------------- helpers */

type Callable = (...args: never) => unknown

type IsAny<T> = 0 extends 1 & T ? true : false

/** Whether two types are one and the same, `any` and optional parts included. */
type Same<X, Y> = (<T>() => T extends X ? 1 : 2) extends <T>() => T extends Y ? 1 : 2 ? true : false
