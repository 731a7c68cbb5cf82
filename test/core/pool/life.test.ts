/** How a pool's threads come and go, and how the pool ends. */
import { describe, expect, it, vi } from 'vitest'
import { bgPool, ThreadClosedError, type Pool } from 'bgthread'
import { followed } from '../../contract/stays'
import { nothing, open, start, usePools, workers } from './pools'
import { instances, log, openGates, Workshop } from './workshop'

usePools()

describe('a thread that cannot start', () => {
  it('fails all that waits when there is no other, and the next call tries again', async () => {
    let broken = true
    let loads = 0
    const pool = bgPool(
      async () => {
        loads++
        if (broken) throw new Error('no such module')
        return Workshop
      },
      { size: 2 },
    )
    const calls = Array.from({ length: 10 }, () => pool.proxy.where())
    for (const outcome of await Promise.allSettled(calls))
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'START_FAILED' } })
    expect(pool.stats()).toMatchObject({ threads: 0, pendingCalls: 0 })
    // Not one after the other for each that waits.
    expect(loads).toBe(2)
    broken = false
    expect(await pool.proxy.where()).toBe(1)
    pool.terminate()
  })

  it('leaves stores that come back as soon as one has started', async () => {
    let broken = true
    const pool = bgPool(
      async () => {
        if (broken) throw new Error('no such module')
        return Workshop
      },
      { size: 2, linger: 0 },
    )
    const readings = followed(pool.proxy.watch())
    await vi.waitFor(() => expect(readings).toEqual(['connecting none', 'error none ThreadStartError']))
    broken = false
    await pool.proxy.where()
    await vi.waitFor(() => expect(readings.slice(2)).toEqual(['connecting none', 'live 0']))
    pool.terminate()
  })

  it('says so at once where its load throws', async () => {
    const pool = bgPool<Workshop>(() => {
      throw new Error('refused')
    })
    await expect(pool.proxy.where()).rejects.toThrow('refused')
    await expect(pool.proxy.where()).rejects.toThrow('refused')
    expect(pool.stats().threads).toBe(0)
  })

  it('takes nothing from those that do', async () => {
    let loads = 0
    const pool = bgPool<Workshop>(
      () => {
        if (++loads > 1) throw new Error('refused')
        return Promise.resolve(Workshop) as never
      },
      { size: 3 },
    )
    const calls = [pool.proxy.work('a'), pool.proxy.work('b'), pool.proxy.work('c')]
    const seen: number[] = []
    pool.proxy.watch().subscribe((count) => seen.push(count))
    await workers(1)
    openGates()
    await workers(1)
    openGates()
    await workers(1)
    openGates()
    expect(await Promise.all(calls)).toEqual(['a', 'b', 'c'])
    await vi.waitFor(() => expect(seen).toEqual([0]))
    expect(pool.stats().threads).toBe(1)
    pool.terminate()
  })
})

describe('a thread with nothing to do', () => {
  const idle = (pool: Pool<Workshop>) => vi.waitFor(() => expect(pool.stats().threads).toBe(0))

  it('ends in order after idleTimeout, and another starts when it is needed', async () => {
    const pool = start({ size: 1, idleTimeout: 0 })
    expect(await pool.proxy.where()).toBe(1)
    await idle(pool)
    expect(log).toEqual(['1 stops'])
    expect(await pool.proxy.where()).toBe(2)
    expect(pool.stats().received).toBeGreaterThan(3)
  })

  it('stays while a stream of it is read', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const pool = start({ size: 1, idleTimeout: 5_000 })
      const seen: number[] = []
      const leave = pool.proxy.watch().subscribe((count) => seen.push(count))
      while (seen.length === 0) await new Promise((resolve) => setImmediate(resolve))
      vi.advanceTimersByTime(60_000)
      expect(pool.stats()).toMatchObject({ threads: 1, subscriptions: 1 })
      leave()
      vi.advanceTimersByTime(5_000)
      while (pool.stats().threads > 0) await new Promise((resolve) => setImmediate(resolve))
      expect(log).toEqual(['watched in 1', '1 stops'])
    } finally {
      vi.useRealTimers()
    }
  })

  it('ends when a stream with a Date is not read any more, and the next reader has another', async () => {
    const pool = start({ size: 1, idleTimeout: 0 })
    const other = start({ size: 1 })
    const stream = pool.proxy.show(new Date(5), other.proxy)
    const threads: unknown[] = []
    for (let run = 1; run <= 2; run++) {
      const seen: { in: number; value: unknown; answer: unknown }[] = []
      const leave = stream.subscribe((shown) => seen.push(shown))
      await vi.waitFor(() => expect(seen).toHaveLength(run))
      expect(seen.at(-1)).toMatchObject({ value: new Date(5), answer: ['hello'] })
      threads.push(seen.at(-1)?.in)
      leave()
      await idle(pool)
      expect(log).toContain(`shown in ${threads.at(-1)}`)
    }
    expect(new Set(threads).size).toBe(2)
  })

  it('a stream with a Date that has waited for its turn is read as it was passed', async () => {
    const pool = start({ size: 1 })
    const other = start({ size: 1 })
    const work = pool.proxy.work('first')
    await workers(1)
    const date = new Date(5)
    const stream = pool.proxy.show(date, other.proxy)
    date.setTime(99)
    for (let run = 1; run <= 2; run++) {
      const seen: unknown[] = []
      const leave = stream.subscribe((shown) => seen.push(shown))
      await vi.waitFor(() => expect(seen).toHaveLength(run))
      expect(seen.at(-1)).toMatchObject({ value: new Date(5), answer: ['hello'] })
      leave()
      await vi.waitFor(() => expect(log.filter((line) => line === 'shown in 1')).toHaveLength(run))
    }
    openGates()
    await work
    expect(open(pool.stats())).toEqual(nothing)
  })

  it('ends although it was made with a function', async () => {
    const pool = bgPool<new (callback: () => void) => Workshop>(async () => Workshop as never, {
      args: [() => {}],
      size: 1,
      idleTimeout: 0,
    })
    await pool.proxy.where()
    await idle(pool)
  })

  it('tells onError what its onStop throws', async () => {
    const errors: unknown[] = []
    class Failing extends Workshop {
      override onStop(): never {
        throw new Error('cannot stop')
      }
    }
    const pool = bgPool(async () => Failing, {
      size: 1,
      idleTimeout: 0,
      onError: (error) => errors.push(error),
    })
    await pool.proxy.where()
    await idle(pool)
    expect(errors).toEqual([expect.objectContaining({ message: 'cannot stop' })])
  })
})

describe('the end', () => {
  it('in order waits for the calls that wait, then for onStop', async () => {
    const pool = start({ size: 1 })
    const calls = [pool.proxy.work('a'), pool.proxy.work('b')]
    await workers(1)
    const closed = pool.close()
    expect(pool.close()).toBeInstanceOf(Promise)
    await expect(pool.proxy.work('late')).rejects.toBeInstanceOf(ThreadClosedError)
    openGates()
    await workers(1)
    openGates()
    expect(await Promise.all(calls)).toEqual(['a', 'b'])
    await closed
    expect(log.at(-1)).toBe('1 stops')
    expect(pool.stats().threads).toBe(0)
  })

  it('in order leaves nothing after its timeout', async () => {
    const pool = start({ size: 1 })
    const calls = [pool.proxy.work('a'), pool.proxy.work('b')].map((call) => call.catch((e: unknown) => e))
    await workers(1)
    await pool.close({ timeout: 1 })
    for (const error of await Promise.all(calls)) expect(error).toBeInstanceOf(ThreadClosedError)
  })

  it('at once rejects what runs and what waits, before it returns', async () => {
    const pool = start({ size: 1 })
    const calls = [pool.proxy.work('a'), pool.proxy.work('b')].map((call) => call.catch((e: unknown) => e))
    await workers(1)
    pool.terminate()
    expect(open(pool.stats())).toEqual(nothing)
    for (const error of await Promise.all(calls)) expect(error).toBeInstanceOf(ThreadClosedError)
    expect(log).not.toContain('b begins')
  })

  it('is told to those who call or read later', async () => {
    const pool = start({ size: 1 })
    pool.terminate()
    await expect(pool.proxy.where()).rejects.toThrow("thread 'bgpool' was closed and where() was not sent")
    const errors: unknown[] = []
    pool.proxy.watch().subscribe({ error: (error) => errors.push(error) })
    await vi.waitFor(() => expect(errors).toEqual([expect.any(ThreadClosedError)]))
    expect(instances).toHaveLength(0)
    await pool.close()
  })

  it('comes by await using, where the platform has that', async () => {
    const pool = start({ size: 1 })
    await pool.proxy.where()
    const { asyncDispose } = Symbol as { asyncDispose?: symbol }
    if (asyncDispose) await (pool as unknown as Record<symbol, () => Promise<void>>)[asyncDispose]!()
    else await pool.close()
    expect(log).toEqual(['1 stops'])
  })
})
