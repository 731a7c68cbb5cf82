import type { Snapshot } from '../contenders/contender.js'
import type { Endpoint } from './junk.js'
import type { Thrown } from './logic.js'

/** The logics that a thread can be started with: the files of logics/. */
export const logicNames = ['sound', 'throws-at-top', 'throws-in-constructor', 'start-rejects'] as const
export type LogicName = (typeof logicNames)[number]

/** What a thread is started with. */
export interface StartOptions {
  /** Default: `'sound'`. */
  logic?: LogicName
  /** The URL of a script to start instead, one that is no library's. */
  script?: string
  /** Whether what the library offers against hangs is asked for. */
  againstHangs?: boolean
}

/** The calls of a `FaultLogic`, as the page makes them. */
export interface Calls {
  add(a: number, b: number): PromiseLike<unknown>
  burst(count: number, perTask: number): PromiseLike<unknown>
  pause(ms: number): PromiseLike<unknown>
  hang(): PromiseLike<unknown>
  loop(): PromiseLike<unknown>
  die(): PromiseLike<unknown>
  take(value: unknown): PromiseLike<unknown>
  giveUncloneable(): PromiseLike<unknown>
  giveDeep(levels: number): PromiseLike<unknown>
  fail(how: Thrown): PromiseLike<unknown>
  chatter(): PromiseLike<unknown>
  callHeld(): PromiseLike<unknown>
  harm(): PromiseLike<unknown>
}

/** The library's object for the thread, to a client that does not keep to the types. */
export type Loose = PromiseLike<unknown> & {
  (...args: unknown[]): Loose
  new (...args: unknown[]): Loose
  [name: string]: unknown
}

/** A thread that was started. */
export interface Started {
  calls: Calls
  /** Passes a function that the thread holds when the call is over. */
  hold(callback: (text: string) => string): PromiseLike<unknown>
  /** Subscribes to the snapshots of `burst`. */
  watch(next: (snapshot: Snapshot) => void): PromiseLike<unknown>
  loose: object
  /** What the page's side of the library talks through. */
  endpoint(): Endpoint
  /** Replaces the thread: by the library's own means, else by ending it as the library's README says, and anew. */
  restart(): Started
}

/** A library that the faults are tried on: the default export of its page.ts, written as its README says. */
export interface Subject {
  /** @param tell is told of what the library tells the app, besides what it says to callers */
  start(options: StartOptions, tell: (what: string) => void): Started
}
