/** A thread that starts again: what is lost, what goes on, and that nothing is repeated. */
import { describe, expect, it, vi } from 'vitest'
import { ThreadClosedError, ThreadDiedError } from 'bgthread'
import type { Contract } from './harness'

export function describeRestart({ transport, start }: Contract): void {
  describe(`${transport}: restart`, () => {
    it('rejects what waits before it returns, and answers later calls from a new instance', async () => {
      const thread = start({ args: ['ada'] })
      const { proxy } = thread
      await proxy.log('before')
      const waiting = proxy.wait('gate')
      await vi.waitFor(async () => expect(await proxy.readLog()).toContain('begin gate'))
      const failed = vi.fn((error: unknown) => error)
      const failure = waiting.catch(failed)
      const restarted = thread.restart()
      const later = proxy.readLog()
      await Promise.resolve()
      await Promise.resolve()
      expect(failed).toHaveBeenCalledOnce()
      const error = await failure
      expect(error).toBeInstanceOf(ThreadDiedError)
      expect(error).toMatchObject({ code: 'RESTARTED', outcome: 'unknown' })
      expect((error as Error).message).toBe("thread 'contract' was restarted before wait() was done")
      await restarted
      expect(await later).toEqual([])
      expect(await proxy.describeContext()).toMatchObject({ epoch: 2, owner: 'ada' })
      expect(thread.stats()).toMatchObject({ restarts: 1, pendingCalls: 0 })
    })

    it('tells what it is doing', async () => {
      const thread = start()
      const told: string[] = []
      thread.status.subscribe(({ state, epoch }) => told.push(`${state} ${epoch}`))
      await thread.ready
      const restarted = thread.restart()
      let isReady = false
      void thread.ready.then(() => (isReady = true))
      expect(isReady).toBe(false)
      await restarted
      await thread.ready
      await thread.restart()
      expect(told).toEqual(['starting 1', 'ready 1', 'restarting 2', 'ready 2', 'restarting 3', 'ready 3'])
    })

    it('keeps the last snapshots, stale, until the new instance gives its own', async () => {
      const thread = start()
      const { proxy } = thread
      const seen: unknown[] = []
      const stream = proxy.watchRows()
      stream.subscribe({
        next: (rows) => seen.push(rows.length),
        status: (status) => seen.push(status),
        error: () => seen.push('error'),
      })
      await vi.waitFor(() => expect(seen).toEqual(['connecting', 0, 'live']))
      await proxy.add('milk')
      expect(seen).toEqual(['connecting', 0, 'live', 1])
      seen.length = 0
      const restarted = thread.restart()
      expect(stream.get()).toMatchObject([{ title: 'milk' }])
      expect(seen).toEqual(['stale'])
      await restarted
      await vi.waitFor(() => expect(seen).toEqual(['stale', 0, 'live']))
      await proxy.add('bread')
      expect(stream.get()).toMatchObject([{ title: 'bread' }])
      expect(thread.stats().subscriptions).toBe(1)
    })

    it('reads streams whose arguments cannot wait again, with their callbacks and as they were passed', async () => {
      const thread = start()
      const { proxy } = thread
      const date = new Date(5)
      const onValue = vi.fn((run: number) => `answer ${run}`)
      const stream = proxy.watchPassed(date, onValue as never)
      const statuses: string[] = []
      const stop = stream.subscribe({ status: (status) => statuses.push(status) })
      await vi.waitFor(() => expect(statuses.at(-1)).toBe('live'))
      date.setTime(99)
      for (let epoch = 2; epoch <= 3; epoch++) {
        statuses.length = 0
        await thread.restart()
        await vi.waitFor(() => expect(statuses).toEqual(['stale', 'live']))
        expect(stream.get()).toMatchObject({ value: new Date(5), answer: 'answer 1' })
        expect(onValue).toHaveBeenCalledTimes(epoch)
        expect(thread.stats()).toMatchObject({ subscriptions: 1, callbacks: 1 })
      }
      stop()
      expect(thread.stats()).toMatchObject({ subscriptions: 0, callbacks: 0 })
      await thread.restart()
      stream.subscribe(() => {})
      await vi.waitFor(() => expect(onValue).toHaveBeenCalledTimes(4))
    })

    it('a stream that nobody reads while the thread starts again is read from the new one', async () => {
      const thread = start()
      const { proxy } = thread
      const stream = proxy.watchPassed(new Date(5))
      stream.subscribe(() => {})()
      await thread.restart()
      stream.subscribe(() => {})
      await vi.waitFor(() => expect(stream.get()).toMatchObject({ run: 1, value: new Date(5) }))
    })

    it('subscribes only what is read', async () => {
      const thread = start({ linger: 100_000 })
      const { proxy } = thread
      await thread.ready
      proxy.watchRow(1).subscribe(() => {})()
      proxy.count(0, 1e9).subscribe(() => {})
      await vi.waitFor(async () => expect(await proxy.countOpened()).toBe(2))
      await thread.restart()
      await vi.waitFor(async () => expect(await proxy.countOpened()).toBe(1))
      expect(thread.stats().subscriptions).toBe(1)
    })

    it('ends loops and streams that a call has brought, whose values could be missed', async () => {
      const thread = start()
      const { proxy } = thread
      const loop = (async () => {
        for await (const _ of proxy.watchCounter());
      })()
      const held = (await proxy.getRowsLater()) as unknown as {
        subscribe(observer: { next?(): void; error(error: unknown): void }): void
      }
      const heldNext = vi.fn()
      const heldError = vi.fn()
      held.subscribe({ next: heldNext, error: heldError })
      await vi.waitFor(() => expect(heldNext).toHaveBeenCalled())
      const restarted = thread.restart()
      await expect(loop).rejects.toMatchObject({ code: 'RESTARTED' })
      expect(heldError).toHaveBeenCalledWith(expect.objectContaining({ code: 'RESTARTED' }))
      await restarted
    })

    it('gives what the logic has saved to the new instance, before it starts', async () => {
      const thread = start({ args: ['saves'] })
      await thread.proxy.log('worked')
      await thread.restart()
      const log = ['started', 'worked', 'saved', 'restored 5', 'started']
      expect(await thread.proxy.readLog()).toEqual(log)
      await thread.restart()
      expect(await thread.proxy.readLog()).toEqual([...log, 'saved', 'restored 5', 'started'])
    })

    it('stops the old instance first', async () => {
      const events: string[] = []
      const thread = start({ args: ['ada', { onStop: () => events.push('stopped') }] })
      await thread.ready
      await thread.restart().then(() => events.push('restarted'))
      expect(events).toEqual(['stopped', 'restarted'])
    })

    it.each(['bad-save', 'uncloneable-save'])('goes on without a state that fails (%s)', async (owner) => {
      const onError = vi.fn()
      const thread = start({ args: [owner], onError })
      await thread.ready
      await thread.restart()
      expect(onError).toHaveBeenCalledOnce()
      expect(onError.mock.calls[0]?.[0]).toMatchObject(
        owner === 'bad-save'
          ? { name: 'RangeError', message: 'saveState failed' }
          : { name: 'NotCloneableError', path: 'result.fn' },
      )
      expect(await thread.proxy.describeContext()).toMatchObject({ epoch: 2 })
    })

    it('aborts what runs, and does not wait for it', async () => {
      const thread = start()
      const call = thread.proxy.untilCancelled()
      await vi.waitFor(async () => expect(await thread.proxy.readLog()).toEqual(['waiting']))
      const restarted = thread.restart({ timeout: Infinity })
      await expect(call).rejects.toMatchObject({ code: 'RESTARTED' })
      await restarted
    })

    it('releases callbacks and signals of calls, and keeps those of the args', async () => {
      const onEvent = vi.fn((value: number) => value * 2)
      const thread = start({ args: ['ada', { onEvent }] })
      const { proxy } = thread
      await proxy.keepCallback(async () => {})
      const { signal } = new AbortController()
      const call = proxy.untilAborted({ signal })
      await vi.waitFor(() => expect(thread.stats().signals).toBe(1))
      const restarted = thread.restart()
      await expect(call).rejects.toMatchObject({ code: 'RESTARTED' })
      await restarted
      expect(thread.stats()).toMatchObject({ callbacks: 1, signals: 0, pendingCalls: 0 })
      expect(await proxy.callMade(4)).toBe(8)
    })

    it('may be asked for while it starts, and while it restarts', async () => {
      const thread = start()
      const call = thread.proxy.echo(1)
      const first = thread.restart()
      await expect(call).rejects.toMatchObject({ code: 'RESTARTED', outcome: 'not-sent' })
      expect(thread.restart()).toBe(first)
      await first
      expect(await thread.proxy.describeContext()).toMatchObject({ epoch: 2 })
    })

    it('ends with the thread', async () => {
      const thread = start()
      await thread.ready
      const restarted = thread.restart()
      const call = thread.proxy.echo(1)
      thread.terminate()
      await expect(call).rejects.toBeInstanceOf(ThreadClosedError)
      await expect(restarted).rejects.toBeInstanceOf(ThreadClosedError)
      await expect(thread.restart()).rejects.toBeInstanceOf(ThreadClosedError)
      expect(thread.status.get()?.state).toBe('closed')
    })

    it('is finished before the thread is closed', async () => {
      const thread = start()
      await thread.ready
      const restarted = thread.restart()
      const call = thread.proxy.echo(1)
      await thread.close()
      await restarted
      expect(await call).toBe(1)
      expect(thread.status.get()?.state).toBe('closed')
    })

    it('starts a thread that has failed', async () => {
      const thread = start({ args: ['late'], restart: false })
      await expect(thread.ready).rejects.toMatchObject({ code: 'START_FAILED' })
      const restarted = thread.restart()
      expect(thread.status.get()).toMatchObject({ state: 'restarting', epoch: 2 })
      await expect(restarted).rejects.toMatchObject({ code: 'START_FAILED' })
      expect(thread.status.get()).toMatchObject({ state: 'failed', epoch: 2 })
    })

    it('is tried again by itself when the new instance does not start, so often', async () => {
      const thread = start({ args: ['late'], restart: { max: 2 } })
      await expect(thread.ready).rejects.toThrow('onStart failed')
      await expect(thread.restart()).rejects.toThrow('onStart failed')
      expect(thread.status.get()).toMatchObject({ state: 'failed', epoch: 4 })
      await expect(thread.proxy.echo(1)).rejects.toMatchObject({ code: 'START_FAILED' })
    })
  })
}
