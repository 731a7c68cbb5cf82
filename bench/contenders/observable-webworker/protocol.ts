import type { Snapshot } from '../contender.js'

/** It has one stream of inputs and one of outputs: who wants calls writes them so. */
export type Input =
  | { type: 'call'; id: number; method: string; args: unknown[] }
  | { type: 'watch'; id: number; topic: string }
  | { type: 'unwatch'; id: number }

export interface Output {
  id: number
  result?: unknown
  snapshot?: Snapshot
}
