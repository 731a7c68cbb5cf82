/** Pools that a test starts, and what they leave behind. */
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { bgPool, type Pool, type PoolOptions, type PoolStats } from 'bgthread'
import { atWork, reset, Workshop } from './workshop'

const pools: Pool<Workshop>[] = []

/** A pool of workshops; it ends with its test. */
export function start(options?: PoolOptions<[]>): Pool<Workshop> {
  const pool = bgPool(async () => Workshop, { linger: 0, ...options })
  pools.push(pool)
  return pool
}

/** What is open in a pool. */
export const open = ({ pendingCalls, queuedCalls, subscriptions, callbacks, signals }: PoolStats) => ({
  pendingCalls,
  queuedCalls,
  subscriptions,
  callbacks,
  signals,
})
export const nothing = { pendingCalls: 0, queuedCalls: 0, subscriptions: 0, callbacks: 0, signals: 0 }

/** Waits until so many are at work. */
export const workers = (count: number) => vi.waitFor(() => expect(atWork()).toBe(count))

/** In each test of a file: it begins with nothing, and its pools leave nothing behind. */
export function usePools(): void {
  beforeEach(reset)
  afterEach(() => {
    for (const pool of pools.splice(0)) {
      pool.terminate()
      expect(open(pool.stats())).toEqual(nothing)
      expect(pool.stats().threads).toBe(0)
    }
  })
}
