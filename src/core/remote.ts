/** The types of the proxy: what a logic's methods are on the page. */
import type { RemoteStream } from './streaming.js'

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
    : R extends Iterable<infer U> & { next(...args: never): unknown }
      ? [Awaited<U>]
      : R extends { subscribe: infer S }
        ? Told<S, R>
        : R extends { getReader(): infer Reader }
          ? [ValueRead<Reader>]
          : false

/** What is told to the listeners and observers that `subscribe` takes, in its last three signatures. */
type Told<S, R> = S extends {
  (listener: infer L1, ...rest: never[]): unknown
  (listener: infer L2, ...rest: never[]): unknown
  (listener: infer L3, ...rest: never[]): unknown
}
  ? [ToldTo<L1 | L2 | L3>] extends [never]
    ? false
    : [unknown] extends ToldTo<L1 | L2 | L3>
      ? Present<R, ToldTo<L1 | L2 | L3>>
      : ToldTo<L1 | L2 | L3>
  : false

type ToldTo<L> = L extends (value: infer U, ...rest: never) => unknown
  ? [U]
  : L extends object
    ? 'next' extends keyof L
      ? NonNullable<L['next']> extends (value: infer U, ...rest: never) => unknown
        ? [U]
        : never
      : never
    : never

/** Of a store that tells that it has changed, and not to what, as of Redux. */
type Present<R, Otherwise> = R extends
  { getState(): infer U } | { getSnapshot(): infer U } | { get(): infer U }
  ? [U]
  : Otherwise

type ValueRead<Reader> = Reader extends { read(): Promise<infer Result> }
  ? Result extends { done: false; value: infer U }
    ? U
    : never
  : never

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

export type Callable = (...args: never) => unknown

/** The export that a load has picked: of a module, its default export. */
export type ExportOf<M> = IsAny<M> extends true ? M : M extends { default: infer D } ? D : M

export type IsAny<T> = 0 extends 1 & T ? true : false

/** Whether two types are one and the same, `any` and optional parts included. */
type Same<X, Y> = (<T>() => T extends X ? 1 : 2) extends <T>() => T extends Y ? 1 : 2 ? true : false
