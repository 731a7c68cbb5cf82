/**
 * What every copy of the library in one realm shares. A logic that runs in process may come from another bundle
 * than the page's code: a value marked by its `transfer` must be seen by ours.
 */
import type { Endpoint } from './endpoint.js'
import type { ThreadLine } from './protocol.js'
import type { AttachedThread, Load, StreamOptions } from './types.js'
import type { Settings } from './thread.js'

/** Any class whose instances are errors. */
export type ErrorClass = new (...args: never[]) => Error

interface Realm {
  /** Values to be moved, each with the list of what moves along. */
  readonly transfers: WeakMap<object, readonly Transferable[]>
  /** How the snapshots of these stream sources cross. */
  readonly streams: WeakMap<object, StreamOptions>
  /** Error classes by the key they were registered under. */
  readonly errors: Map<string, ErrorClass>
  /** Of the call whose method is running right now, up to its first `await`. */
  scope?: { readonly signal: AbortSignal } | undefined
  /** Asks other threads, where a build has that code. */
  outward?: Outward
  /** Where the tabs meet that share a thread, in a build that has that code. */
  meet?: (name: string, load: Load<unknown>, events: SharedEvents) => Shared
  /** Runs a logic in process, where a build has that code in the page's bundle. */
  serveInProcess?: ServeInProcess
  /** Replaces threads after an edit, in development. */
  hot?: HotUpdates
  /** Carries the state of a logic to a new worker, in development. */
  carry?: Carry
}

/** Follows edits, in development: `src/hot` implements it. */
export interface HotUpdates {
  /**
   * Starts a thread, or returns the one that the same call has started before its module ran again.
   *
   * @param start starts one
   */
  take<T extends Retakable>(load: Load<unknown>, settings: Settings, start: (load: Load<unknown>) => T): T
  /** Has a thread follow edits of what its load leads to. */
  add(load: Load<unknown>, thread: Updatable): void
  /** Calls back after each edit of what a load leads to. */
  follow(load: object, edited: () => void): void
}

/** A thread or a pool, which a module that runs again may take over. */
export interface Retakable {
  close(...args: never[]): unknown
  terminate(): void
}

/** A thread that can be replaced. */
export interface Updatable {
  /** Whether it is closed for good. */
  isOver(): boolean
  hasFailed(): boolean
  /** Resolves when it is ready, and rejects if it could not be started. */
  ready(): Promise<void>
  /** Takes other options. Most of them count from the next start on. */
  adopt(settings: Settings): void
  /**
   * Ends the worker and starts the next one. Resolves as soon as that has been started.
   *
   * @param carry whether the logic's state goes on
   */
  update(carry: boolean): Promise<void>
}

/** What a development server's worker has to hand its state to the one that replaces it. */
export interface Carry {
  /** Is called when the constructor has run, before anything else: takes note of what the code makes by itself. */
  begin(instance: object): void
  /**
   * Takes out all state, in the old worker, when no call runs any more and before `onStop`.
   *
   * @param name the thread's, for messages
   * @returns data for structured clone; `undefined` if it cannot be whole, and the console has got one line on that
   */
  save(instance: object, name: string): unknown
  /**
   * Puts the state in, in the new worker, after the constructor and before `onStart`: all of it, or nothing and one line
   * on the console.
   *
   * @returns whether `state` is what `save` has returned
   */
  restore(instance: object, state: unknown, name: string): boolean
  /** Is called by code that is added to the body of a class. */
  addClass(cls: Class, code: ClassCode): void
  /** Is called by code that is added to the end of a module. */
  addModule(code: ModuleCode): void
}

export type Class = abstract new (...args: never[]) => unknown

/** Names with a hash of the text that made their first value, in the order of the code. An empty hash: of a function. */
export type Texts = readonly (readonly [name: string, hash: string])[]

/** What the code that is added to the body of a class registers. */
export interface ClassCode {
  /** The module and the name of the class. */
  id: string
  /** A hash of the constructor. */
  made: string
  fields: Texts
  /** The names of the fields that only the class itself can reach. */
  hidden: readonly string[]
  read(object: object): unknown[]
  write(object: object, values: readonly unknown[]): void
  statics: Texts
  hiddenStatics: readonly string[]
  readStatics(): unknown[]
  writeStatics(values: readonly unknown[]): void
}

/** What the code that is added to the end of a module registers. */
export interface ModuleCode {
  id: string
  /** Its variables, without those that hold a function for good. */
  variables: Texts
  /** The names of what it imports. */
  imports: readonly string[]
  /** Gives the values of all its names, imported ones and functions included. */
  values(): Record<string, unknown>
  /** Hashes of functions that keep state in variables of functions around them, each with the variable. */
  closures: readonly (readonly [hash: number, variable: string])[]
  /** Its variables that are assigned. */
  set: Record<string, (value: never) => void>
}

/** How a thread reaches others. */
export interface Outward {
  /** Services that are offered at an endpoint. */
  host(endpoint: Endpoint, name: string): AttachedThread<object>
  /** The proxy of the thread that a line leads to. */
  proxy(line: ThreadLine): object
}

/** A tab's part in a thread that several share. */
export interface Shared {
  /** Joins the others. @returns loads the worker that they have */
  enter(load: Load<unknown>): Promise<Load<unknown>>
  /** Leaves for good, or until it enters again. */
  part(): void
  /** Gives the worker up, for all tabs: it hangs. */
  desert(): void
}

/** What a tab hears of a thread that it shares, and of its own page. */
export interface SharedEvents {
  /** Another tab has given the worker up. */
  deserted(): void
  /** The page is not shown any more, and kept: it is to do without the thread. */
  leave(): void
  /** It may be shown again. */
  comeBack(): void
}

/**
 * Serves a logic at a port.
 *
 * @param loaded what the load has given: a module, or the export that was picked of it
 * @param name the thread's, for messages
 * @param isHost it is meant to run here
 * @returns ends it
 */
export type ServeInProcess = (
  port: MessagePort,
  loaded: Promise<unknown>,
  name: string,
  isHost?: boolean,
) => () => void

const key = Symbol.for('bgthread')
const global = globalThis as { [key]?: Realm }

export const realm: Realm = (global[key] ??= {
  transfers: new WeakMap(),
  streams: new WeakMap(),
  errors: new Map(),
})
