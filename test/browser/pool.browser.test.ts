/** Pools of real workers. */
import { describe, expect, it, vi } from 'vitest'
import { bgPool, bgThread, ThreadDiedError, transfer, type Pool, type PoolOptions } from 'bgthread'
import type Smith from './fixtures/smith'
import { endAfterEach } from '../support/end-after-each'

const track = endAfterEach()
const start = (options?: PoolOptions<[]>): Pool<Smith> =>
  track(bgPool(() => import('./fixtures/smith'), { name: 'smith', linger: 0, ...options }))

it('each thread is a worker of its own name', async () => {
  const pool = start({ size: 3 })
  const hung = [pool.proxy.hang(), pool.proxy.hang()].map((call) => call.catch(() => 'over'))
  expect(await pool.proxy.threadName()).toBe('smith 3')
  expect(await pool.proxy.isOnPage()).toBe(false)
  pool.terminate()
  expect(await Promise.all(hung)).toEqual(['over', 'over'])
})

describe('a thread that dies', () => {
  it('takes its own call along and no other, neither those of other threads nor those that wait', async () => {
    const pool = start({ size: 2 })
    await Promise.all([pool.proxy.loop(5), pool.proxy.loop(5)])
    const outcomes = Promise.allSettled([
      pool.proxy.loop(200),
      pool.proxy.dieAtWork(),
      ...Array.from({ length: 20 }, (_, i) => pool.proxy.loop(i / 10)),
    ])
    const [first, second, ...others] = await outcomes
    expect(first).toEqual({ status: 'fulfilled', value: 200 })
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'DIED', outcome: 'unknown' } })
    expect(others.map(({ status }) => status)).toEqual(others.map(() => 'fulfilled'))
    expect(pool.stats().queuedCalls).toBe(0)
  })

  it('while it was at a call fails that with its outcome, and is replaced', async () => {
    const pool = start({ size: 1 })
    await pool.proxy.loop(1)
    const call = pool.proxy.dieAtWork()
    const next = pool.proxy.loop(2)
    await expect(call).rejects.toMatchObject({ code: 'DIED', outcome: 'unknown' })
    expect(await next).toBe(2)
    expect(pool.stats()).toMatchObject({ threads: 1, restarts: 1 })
  })

  it('more often than it may restart is given up, and the next call starts another', async () => {
    const pool = start({ size: 1, restart: false })
    const { proxy } = pool
    for (let i = 0; i < 3; i++) {
      await expect(proxy.dieAtWork()).rejects.toBeInstanceOf(ThreadDiedError)
      expect(await proxy.threadName()).toBe('smith')
    }
    expect(pool.stats()).toMatchObject({ threads: 1, restarts: 0 })
  })

  it('hands on its streams', async () => {
    const pool = start({ size: 1 })
    const { proxy } = pool
    const seen: number[] = []
    proxy.watch().subscribe((time) => seen.push(time))
    await vi.waitFor(() => expect(seen).toEqual([0]), 10_000)
    await proxy.tick()
    await expect(proxy.dieAtWork()).rejects.toBeInstanceOf(ThreadDiedError)
    await vi.waitFor(() => expect(seen).toEqual([0, 1, 0]), 10_000)
  })
})

it('a thread whose call was given up has no other until it hears something', async () => {
  const pool = start({ size: 2 })
  await Promise.all([pool.proxy.loop(5), pool.proxy.loop(5)])
  const controller = new AbortController()
  const looping = pool.proxy.loop(400, controller.signal)
  // It has begun before the page gives it up.
  await pool.proxy.loop(20)
  controller.abort(new Error('enough'))
  await expect(looping).rejects.toThrow('enough')
  const names = await Promise.all(Array.from({ length: 6 }, () => pool.proxy.threadName()))
  expect(new Set(names)).toEqual(new Set(['smith 2']))
})

it('a buffer that waits for its turn is moved twice and copied never', async () => {
  const pool = start({ size: 1 })
  const busy = pool.proxy.loop(30)
  const bytes = new Uint8Array(1_000_000)
  const call = pool.proxy.lengthOf(transfer(bytes, [bytes.buffer]))
  expect(bytes.byteLength).toBe(0)
  expect(await call).toBe(1_000_000)
  await busy
})

it('threads without work end, and their workers with them', async () => {
  const pool = start({ size: 2, idleTimeout: 0 })
  const channel = new BroadcastChannel('mortal')
  let stops = 0
  channel.onmessage = () => stops++
  await Promise.all([pool.proxy.loop(5), pool.proxy.loop(5)])
  await vi.waitFor(() => expect(pool.stats().threads).toBe(0), 10_000)
  await vi.waitFor(() => expect(stops).toBe(2), 10_000)
  channel.close()
})

it('forty threads that come and go leave no lock, no call and no listener', { timeout: 60_000 }, async () => {
  const before = await heldLocks()
  for (let i = 0; i < 10; i++) {
    const pool = start({ size: 4, idleTimeout: 0 })
    await pool.map([1, 1, 1, 1], pool.proxy.loop)
    if (i % 2) pool.terminate()
    else await pool.close()
    const { pendingCalls, queuedCalls, subscriptions, callbacks, signals, threads } = pool.stats()
    expect([pendingCalls, queuedCalls, subscriptions, callbacks, signals, threads]).toEqual([
      0, 0, 0, 0, 0, 0,
    ])
  }
  await vi.waitFor(async () => expect(await heldLocks()).toBe(before), { timeout: 10_000 })
})

it('works inside a thread', async () => {
  const thread = track(bgThread(() => import('./fixtures/foreman'), { name: 'foreman' }))
  expect(await thread.proxy.sizes([new Uint8Array(3), new Uint8Array(5)])).toEqual([3, 5])
  expect(await thread.proxy.innerName()).toMatch(/^inner \d$/)
  expect(await thread.proxy.compute()).toEqual({ call: 1, isOnPage: false })
  await thread.close()
})

async function heldLocks(): Promise<number> {
  const { held = [], pending = [] } = await navigator.locks.query()
  return held.length + pending.length
}
