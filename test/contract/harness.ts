/** Threads of the contract's logic: started for a test, and at rest when it is over. */
import { afterEach, expect } from 'vitest'
import type { Thread, ThreadOptions } from 'bgthread'
import type ContractLogic from './logic'

/** @returns a fresh thread of the contract's logic */
export type StartThread = (options?: ThreadOptions) => Thread<ContractLogic>

export interface Contract {
  transport: string
  start: StartThread
  /** The threads that the test has started. */
  threads: Thread<ContractLogic>[]
  real: { worker: boolean }
}

export function makeContract(
  transport: string,
  startThread: StartThread,
  real: { worker: boolean },
): Contract {
  const threads: Thread<ContractLogic>[] = []
  afterEach(() => {
    for (const thread of threads.splice(0)) {
      thread.terminate()
      const { pendingCalls, subscriptions, callbacks, signals } = thread.stats()
      expect({ pendingCalls, subscriptions, callbacks, signals }).toEqual({
        pendingCalls: 0,
        subscriptions: 0,
        callbacks: 0,
        signals: 0,
      })
    }
  })
  const start: StartThread = (options) => {
    const thread = startThread({ name: 'contract', linger: 0, ...options })
    threads.push(thread)
    return thread
  }
  return { transport, start, threads, real }
}
