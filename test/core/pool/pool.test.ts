// @vitest-environment happy-dom
/** Who is asked. */
import { describe, expect, it, vi } from 'vitest'
import { bgPool, bgThread } from 'bgthread'
import { start, usePools, workers } from './pools'
import { instances, log, openGates, Workshop } from './workshop'

usePools()

describe('threads', () => {
  it('start when a call needs them, and no more of them than the size', async () => {
    const pool = start({ size: 2 })
    expect(pool.stats().threads).toBe(0)
    const calls = [pool.proxy.work('a')]
    expect(pool.stats()).toMatchObject({ threads: 1, queuedCalls: 0 })
    calls.push(pool.proxy.work('b'), pool.proxy.work('c'))
    expect(pool.stats()).toMatchObject({ threads: 2, pendingCalls: 3, queuedCalls: 1 })
    await workers(2)
    openGates()
    await workers(1)
    openGates()
    expect(await Promise.all(calls)).toEqual(['a', 'b', 'c'])
    expect(instances).toHaveLength(2)
  })

  it('are not started while one has nothing to do', async () => {
    const pool = start({ size: 4 })
    for (let i = 0; i < 5; i++) expect(await pool.proxy.where()).toBe(1)
    expect(pool.stats().threads).toBe(1)
  })

  it('are by default as many as there are cores but one, and at least one', () => {
    const cores = vi.spyOn(navigator, 'hardwareConcurrency', 'get')
    cores.mockReturnValue(8)
    expect(start().size).toBe(7)
    cores.mockReturnValue(1)
    expect(start().size).toBe(1)
    cores.mockRestore()
  })

  it('take as many calls at a time as concurrency says', async () => {
    const pool = start({ size: 1, concurrency: 2 })
    const calls = ['a', 'b', 'c'].map((name) => pool.proxy.work(name))
    expect(pool.stats()).toMatchObject({ queuedCalls: 1, threads: 1 })
    await workers(2)
    openGates()
    await workers(1)
    openGates()
    await Promise.all(calls)
    expect(log).toEqual(['a begins', 'b begins', 'a ends', 'b ends', 'c begins', 'c ends'])
  })

  it('are called by the name of the pool and a number, as errors show', async () => {
    const pool = start({ size: 2, name: 'shop' })
    expect(`${pool.proxy as object}`).toBe("[thread 'shop']")
    const missing = (pool.proxy as unknown as { none(): Promise<unknown> }).none()
    await expect(missing).rejects.toThrow("thread 'shop 1' has no action 'none'")
  })

  it('are as many as there may be, and each has as many calls as it may', async () => {
    const pool = start({ size: 2, concurrency: 1 })
    expect(pool.size).toBe(2)
    const calls = ['a', 'b', 'c'].map((name) => pool.proxy.work(name))
    expect(pool.stats()).toMatchObject({ threads: 2, queuedCalls: 1 })
    await workers(2)
    openGates()
    await workers(1)
    openGates()
    await Promise.all(calls)
  })

  it.each([
    [{ size: 0 }],
    [{ size: NaN }],
    [{ size: 1.5 }],
    [{ concurrency: 0.5 }],
    [{ concurrency: 1.5 }],
    [{ idleTimeout: -1 }],
  ])('are refused with %j', (options) => expect(() => start(options)).toThrow(RangeError))

  it('need a load that is a function', () => {
    expect(() => bgPool(Workshop as never)).toThrow(/bgPool\(load\): load must be a function/)
  })
})

describe('a call in a thread that is given up', () => {
  it('makes room for the next as soon as the thread hears something', async () => {
    const pool = start({ size: 1 })
    const controller = new AbortController()
    const call = pool.proxy.work(...(['first', controller.signal] as unknown as [string]))
    await workers(1)
    const next = pool.proxy.where()
    controller.abort(new Error('enough'))
    await expect(call).rejects.toThrow('enough')
    expect(await next).toBe(1)
  })

  it('makes room also where the logic has an action without a name', async () => {
    class Odd extends Workshop {
      ''() {}
    }
    const pool = bgPool(async () => Odd, { size: 1 })
    const controller = new AbortController()
    const call = pool.proxy.work(...(['first', controller.signal] as unknown as [string]))
    await workers(1)
    const next = pool.proxy.where()
    controller.abort(new Error('enough'))
    await expect(call).rejects.toThrow('enough')
    expect(await next).toBe(1)
    pool.terminate()
  })
})

describe('a stream', () => {
  it('is read from a thread that has nothing to do, and does not wait for the busy one', async () => {
    const pool = start({ size: 2 })
    const busy = pool.proxy.work('busy')
    await workers(1)
    const seen: number[] = []
    pool.proxy.watch().subscribe((count) => seen.push(count))
    await vi.waitFor(() => expect(seen).toEqual([0]))
    expect(log).toContain('watched in 2')
    openGates()
    await busy
  })

  it('is subscribed to at once where all threads are busy: it does not wait for its turn', async () => {
    const pool = start({ size: 1 })
    const busy = pool.proxy.work('busy')
    await workers(1)
    const seen: number[] = []
    pool.proxy.watch().subscribe((count) => seen.push(count))
    expect(pool.stats()).toMatchObject({ queuedCalls: 0, subscriptions: 1 })
    await vi.waitFor(() => expect(seen).toEqual([0]))
    openGates()
    await busy
  })

  it('with the same arguments is one, whoever reads it', async () => {
    const pool = start({ size: 3 })
    const seen: number[][] = [[], []]
    pool.proxy.watch().subscribe((count) => seen[0]!.push(count))
    await vi.waitFor(() => expect(seen[0]).toEqual([0]))
    pool.proxy.watch().subscribe((count) => seen[1]!.push(count))
    expect(seen[1]).toEqual([0])
    expect(log).toEqual(['watched in 1'])
  })

  it('of a call that was sent is on one thread as long as it is read', async () => {
    const pool = start({ size: 2 })
    const values: number[] = []
    for await (const number of pool.proxy.until()) {
      values.push(number)
      break
    }
    expect(values).toEqual([1])
    await vi.waitFor(() => expect(pool.stats().subscriptions).toBe(0))
  })

  it('that a busy pool is asked for by await comes when its turn does', async () => {
    const pool = start({ size: 1 })
    const busy = pool.proxy.work('busy')
    await workers(1)
    const call = pool.proxy.watch() as unknown as Promise<{
      subscribe(next: (n: number) => void): () => void
    }>
    expect(pool.stats().queuedCalls).toBe(1)
    openGates()
    await busy
    const seen: number[] = []
    ;(await call).subscribe((count) => seen.push(count))
    await vi.waitFor(() => expect(seen).toEqual([0]))
  })
})

it('its proxy leads another thread to one of its own, which stays', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const pool = start({ size: 2, idleTimeout: 1_000 })
    const other = bgThread(async () => Workshop)
    expect(await other.proxy.ask(pool.proxy)).toEqual(['from thread to thread'])
    vi.advanceTimersByTime(60_000)
    expect(pool.stats().threads).toBe(1)
    expect(await other.proxy.ask(pool.proxy)).toEqual(['from thread to thread'])
    pool.terminate()
    await expect(other.proxy.ask(pool.proxy)).rejects.toThrow("thread 'bgpool' was closed")
    other.terminate()
  } finally {
    vi.useRealTimers()
  }
})
