import type { Snapshot } from '../contender.js'

/** From the page: a call, or a topic that is watched or no longer. */
export type Request =
  | { type: 'call'; id: number; method: string; args: unknown[] }
  | { type: 'watch'; id: number; topic: string }
  | { type: 'unwatch'; id: number }

/** From the thread. */
export type Reply =
  { id: number; result: unknown } | { id: number; error: unknown } | { id: number; snapshot: Snapshot }
