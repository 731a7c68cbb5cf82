/** Who waits, and what becomes of those that wait. */
import { describe, expect, it, vi } from 'vitest'
import { bgThread, LimitError, transfer, type PoolOptions } from 'bgthread'
import { open, start, usePools, workers } from './pools'
import { log, openGates, Workshop } from './workshop'

usePools()

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
    expect(error.stack).toMatch(/workshop\.ts[^]*called by[^]*waiting\.test\.ts/)
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
