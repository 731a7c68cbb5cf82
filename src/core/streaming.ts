/** The types of streams: what the page reads, and what the thread may give. */

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

/** A method, to the compiler: what takes less is one, too. */
type Method<V> = { method(value: V): void }['method']

/** The long form of a subscription. Every member may be left out. */
export interface Observer<U> {
  /** Called with each snapshot, and at once with the last one where there is one. */
  next?: Method<U> | undefined
  /** Called once when the stream fails. Without it a failure is reported like an uncaught error. */
  error?: Method<unknown> | undefined
  /** Called once when the stream ends. */
  complete?: (() => void) | undefined
  /** Called at once with the stream's status, and whenever it changes. */
  status?: Method<StreamStatus> | undefined
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
 * generator, a {@link State}, a `ReadableStream`, another thread's {@link RemoteStream}), a generator's result, or
 * anything with `subscribe` (an Observable, a Svelte store). Lists, maps and texts are values.
 *
 * A source with `subscribe` that does not call its listener at once shows what its `getState()`, `getSnapshot()`,
 * `get()` or `state` gives; where it has none of them, its first snapshot is its first change.
 *
 * An object that has `Symbol.observable` and no `subscribe` streams as well, but its type does not show it:
 * return it `as unknown as StreamSource<…>`.
 */
export type StreamSource<U> =
  AsyncIterable<U> | (Iterator<U> & Iterable<U>) | Subscribable<U> | Observed<U> | ReadableLike<U>

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
  patches?: boolean | undefined
  /**
   * The property by which objects of a list are known when they have moved or were copied: a text or a number that no
   * two of them share. Default `id`, and where there is none, `key`.
   */
  key?: string | undefined
}

/** The part of an Observable, or of a store, by which it is known. */
export interface Subscribable<U> {
  subscribe(next: (value: U) => void, ...rest: never[]): unknown
}

/** The part of an Observable that takes an observer only. */
export interface Observed<U> {
  subscribe(
    observer: { next(value: U): void; error(error: unknown): void; complete(): void },
    ...rest: never[]
  ): unknown
}

/** The part of a `ReadableStream` by which it is known where the compiler's `lib` lacks its async iterator. */
export interface ReadableLike<U> {
  getReader(): { read(): Promise<{ done: false; value: U } | { done: true; value?: U | undefined }> }
}
