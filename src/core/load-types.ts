/**
 * The public types of what starts a thread, and what the compiler reads off the logic: its instance, its arguments, and the
 * host that it wants. Types only.
 */
import type { ThreadContext } from './context-types.js'
import type { Endpoint } from './endpoint.js'
import type { ExportOf, IsAny, RemoteParameters } from './remote.js'

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
