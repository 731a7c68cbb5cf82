/** The public types of what a thread is told: of itself, of its clients, and of what it has sent to them. Types only. */
import type { Remote } from './remote.js'

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
