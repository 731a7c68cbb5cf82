/** Who is asked, who waits, and what becomes of those that wait. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  bgPool,
  bgThread,
  LimitError,
  ThreadClosedError,
  transfer,
  type Pool,
  type PoolOptions,
  type PoolStats,
} from 'bgthread'
import { atWork, instances, log, openGates, reset, Workshop } from './workshop'

const pools: Pool<Workshop>[] = []
const start = (options?: PoolOptions<[]>) => {
  const pool = bgPool(async () => Workshop, { linger: 0, ...options })
  pools.push(pool)
  return pool
}
const open = ({ pendingCalls, queuedCalls, subscriptions, callbacks, signals }: PoolStats) => ({
  pendingCalls,
  queuedCalls,
  subscriptions,
  callbacks,
  signals,
})
const nothing = { pendingCalls: 0, queuedCalls: 0, subscriptions: 0, callbacks: 0, signals: 0 }
const workers = (count: number) => vi.waitFor(() => expect(atWork()).toBe(count))

beforeEach(reset)
afterEach(() => {
  for (const pool of pools.splice(0)) {
    pool.terminate()
    expect(open(pool.stats())).toEqual(nothing)
    expect(pool.stats().threads).toBe(0)
  }
})

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

  it.each([[{ size: 0 }], [{ size: NaN }], [{ concurrency: 0.5 }], [{ idleTimeout: -1 }]])(
    'are refused with %j',
    (options) => expect(() => start(options)).toThrow(RangeError),
  )

  it('need a load that is a function', () => {
    expect(() => bgPool(Workshop as never)).toThrow(/bgPool\(load\): load must be a function/)
  })
})

describe('a call that waits', () => {
  const startBusy = async (options?: PoolOptions<[]>) => {
    const pool = start({ size: 1, ...options })
    const busy = pool.proxy.work('first')
    await workers(1)
    return { pool, proxy: pool.proxy, busy }
  }

  it('is sent in the order of the calls, however many there are', async () => {
    const { proxy } = await startBusy()
    const order: number[] = []
    const calls = Array.from({ length: 2_000 }, (_, i) => proxy.echo(i).then(() => order.push(i)))
    openGates()
    await Promise.all(calls)
    expect(order).toEqual(order.map((_, i) => i))
  })

  it('keeps its place before a call that is made when a thread becomes free', async () => {
    const { proxy, busy } = await startBusy()
    const waiting = proxy.work('waiting')
    const late = busy.then(() => proxy.work('late'))
    openGates()
    await workers(1)
    openGates()
    await workers(1)
    openGates()
    await Promise.all([waiting, late])
    expect(log.filter((line) => line.endsWith('begins'))).toEqual([
      'first begins',
      'waiting begins',
      'late begins',
    ])
  })

  it('has the arguments as they were when it was made', async () => {
    const { proxy } = await startBusy()
    const plain = { rows: [1, 2] }
    const rich = new Map([['at', new Date(0)]])
    const list = Array.from({ length: 500 }, (_, i) => i)
    const call = proxy.echo(plain, rich, list)
    plain.rows.push(3)
    rich.set('later', new Date(1))
    list.length = 0
    openGates()
    expect(await call).toEqual([
      { rows: [1, 2] },
      new Map([['at', new Date(0)]]),
      Array.from({ length: 500 }, (_, i) => i),
    ])
  })

  it('moves what is marked when it is made', async () => {
    const { proxy } = await startBusy()
    const bytes = new Uint8Array([1, 2, 3])
    const call = proxy.echo('small', { bytes: transfer(bytes, [bytes.buffer]) }, new Date(7))
    expect(bytes.byteLength).toBe(0)
    openGates()
    expect(await call).toEqual(['small', { bytes: new Uint8Array([1, 2, 3]) }, new Date(7)])
  })

  it('brings its callbacks', async () => {
    const { pool, proxy } = await startBusy()
    const call = proxy.callBack((value) => `${value} and back`)
    expect(pool.stats().callbacks).toBe(0)
    openGates()
    expect(await call).toBe('from the thread and back')
  })

  it('brings the line to another thread whose proxy it is given', async () => {
    const other = bgThread(async () => Workshop)
    const { proxy } = await startBusy()
    const call = proxy.ask(other.proxy)
    openGates()
    expect(await call).toEqual(['from thread to thread'])
    other.terminate()
  })

  it('fails at once with the path of what cannot be cloned', async () => {
    const { proxy } = await startBusy()
    await expect(proxy.echo({ key: Symbol('no') })).rejects.toMatchObject({
      code: 'NOT_CLONEABLE',
      path: 'args[0].key',
      message: expect.stringContaining('bgpool.echo()') as string,
    })
  })

  it('has no argument where it is given an event, as a button does', async () => {
    const { proxy } = await startBusy()
    const call = proxy.echo(new Event('click'))
    openGates()
    expect(await call).toEqual([])
  })

  it('that is aborted is never sent, and leaves nothing behind', async () => {
    const { pool, proxy, busy } = await startBusy()
    const controller = new AbortController()
    const reason = new Error('not needed')
    const { sent } = pool.stats()
    const call = proxy.echo({ signal: controller.signal })
    expect(pool.stats()).toMatchObject({ queuedCalls: 1, pendingCalls: 2, signals: 1 })
    controller.abort(reason)
    await expect(call).rejects.toBe(reason)
    expect(pool.stats()).toMatchObject({ queuedCalls: 0, pendingCalls: 1, signals: 0, sent })
    openGates()
    await busy
    expect(await proxy.where()).toBe(1)
    expect(log).not.toContain('echo')
  })

  it('is not even taken where its signal has aborted before', async () => {
    const { pool, proxy } = await startBusy()
    const bytes = new Uint8Array(3)
    const reason = new Error('too late')
    const call = proxy.echo(transfer(bytes, [bytes.buffer]), AbortSignal.abort(reason))
    expect(open(pool.stats())).toMatchObject({ queuedCalls: 0, signals: 0 })
    await expect(call).rejects.toBe(reason)
    expect(bytes.byteLength).toBe(3)
  })

  it('is cancelled by an adapter like any other', async () => {
    const { pool, proxy } = await startBusy()
    const call = proxy.echo(1)
    const reason = new DOMException('enough', 'AbortError')
    ;(call as unknown as Record<symbol, (reason: unknown) => void>)[Symbol.for('bgthread.cancel')]!(reason)
    await expect(call).rejects.toBe(reason)
    expect(pool.stats().queuedCalls).toBe(0)
  })

  it('follows its signal into the thread when it is sent', async () => {
    const { pool, proxy } = await startBusy()
    const controller = new AbortController()
    const call = proxy.work(...(['second', controller.signal] as unknown as [string]))
    openGates()
    await workers(1)
    expect(pool.stats().signals).toBe(1)
    controller.abort(new Error('stop'))
    await expect(call).rejects.toThrow('stop')
    expect(pool.stats().signals).toBe(0)
  })

  it('fails with the stack of the thread and of its own line', async () => {
    const { proxy } = await startBusy()
    const call = proxy.fail('broken')
    openGates()
    const error = await call.then(
      () => expect.unreachable(),
      (error: unknown) => error as Error,
    )
    expect(error).toBeInstanceOf(RangeError)
    expect(error.stack).toMatch(/workshop\.ts[^]*called by[^]*pool\.test\.ts/)
  })

  it('that nobody looks at raises unhandledrejection when it fails', async () => {
    const { proxy } = await startBusy()
    const seen: unknown[] = []
    const listeners = process.listeners('unhandledRejection')
    process.removeAllListeners('unhandledRejection')
    process.on('unhandledRejection', (error) => seen.push(error))
    try {
      void proxy.fail('ignored')
      openGates()
      await vi.waitFor(() => expect(seen).toEqual([expect.objectContaining({ message: 'ignored' })]))
    } finally {
      process.removeAllListeners('unhandledRejection')
      for (const listener of listeners) process.on('unhandledRejection', listener)
    }
  })

  it('is refused with a LimitError where there are as many as may be', async () => {
    const { proxy } = await startBusy({ limits: { calls: 3 } })
    const calls = [proxy.echo(1), proxy.echo(2)]
    await expect(proxy.echo(3)).rejects.toBeInstanceOf(LimitError)
    openGates()
    expect(await Promise.all(calls)).toEqual([[1], [2]])
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

  it('says so at once where its load throws', async () => {
    const pool = bgPool<Workshop>(() => {
      throw new Error('refused')
    })
    await expect(pool.proxy.where()).rejects.toThrow('refused')
    await expect(pool.proxy.where()).rejects.toThrow('refused')
    expect(pool.stats().threads).toBe(0)
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
