/** Start and end. */
import { describe, expect, it, vi } from 'vitest'
import { ThreadClosedError, ThreadStartError, type Thread } from 'bgthread'
import { followed } from './stays'
import type { Contract } from './harness'
import type ContractLogic from './logic'

export function describeLifeCycle({ transport, start }: Contract): void {
  describe(`${transport}: start and end`, () => {
    it('passes args to the constructor and the context to onStart', async () => {
      const { proxy } = start({ args: ['ada', { deep: [1, new Date(0)] }] })
      expect(await proxy.describeContext()).toEqual({
        name: 'contract',
        epoch: 1,
        owner: 'ada',
        made: { deep: [1, new Date(0)] },
      })
    })

    it('answers calls that were made before it was ready, in order', async () => {
      const { proxy, ready } = start()
      const list = ['a']
      const first = proxy.echoAll(1, list)
      list.push('b')
      const second = proxy.echoAll(2, list, new Date(5))
      const third = proxy.log('third')
      expect(await first).toEqual([1, ['a']])
      expect(await second).toEqual([2, ['a', 'b'], new Date(5)])
      expect(await third).toBe(1)
      await ready
    })

    it('keeps callbacks and signals among the args alive as long as the thread', async () => {
      const onEvent = vi.fn((value: number) => value * 2)
      const { proxy } = start({ args: ['ada', { onEvent }] })
      expect(await proxy.callMade(4)).toBe(8)
      expect(await proxy.callMade(5)).toBe(10)
    })

    it('aborts a signal among the args in the thread', async () => {
      const controller = new AbortController()
      const { proxy, ready } = start({ args: ['ada', { signal: controller.signal }] })
      await ready
      controller.abort(new Error('enough'))
      await vi.waitFor(async () => expect(await proxy.madeAborted()).toBe('enough'))
    })

    it('is ready before the first call, however long that takes', async () => {
      const thread = start({ startTimeout: 1_500 })
      const events: string[] = []
      void thread.ready.then(() => events.push('ready'))
      const work = thread.proxy.work(2_000).then(() => events.push('work'))
      await work
      expect(events).toEqual(['ready', 'work'])
    })

    it('takes Infinity for what it says', async () => {
      const thread = start({ startTimeout: Infinity })
      await thread.ready
      const call = thread.proxy.wait('gate')
      const closed = thread.close({ timeout: Infinity })
      await vi.waitFor(() => expect(thread.stats().pendingCalls).toBe(2))
      thread.terminate()
      await expect(call).rejects.toMatchObject({ code: 'CLOSED' })
      await closed
    })

    it('tells its state', async () => {
      const thread = start()
      const states: string[] = []
      const known: string[] = []
      thread.status.subscribe({
        next: ({ state }) => states.push(state),
        status: (status) => known.push(status),
      })
      expect(known).toEqual(['live'])
      await thread.ready
      expect(thread.stats().ignored).toBe(0)
      await thread.close()
      expect(states).toEqual(['starting', 'ready', 'closed'])
    })

    it('rejects what waits with the error of the constructor as cause', async () => {
      const thread = start({ args: ['throw'] })
      const call = thread.proxy.echo(1)
      const error = await thread.ready.catch((error: unknown) => error)
      expect(error).toBeInstanceOf(ThreadStartError)
      expect(error).toMatchObject({ code: 'START_FAILED', cause: { name: 'QuotaError', limit: 3 } })
      expect((error as Error).message).toContain("thread 'contract' could not start: quota of 3 exceeded")
      await expect(call).rejects.toBe(error)
      await expect(thread.proxy.echo(2)).rejects.toBe(error)
      expect(thread.status.get()).toMatchObject({ state: 'failed', error })
    })

    it('counts a failing onStart as a failure to start', async () => {
      await expect(start({ args: ['late'] }).ready).rejects.toMatchObject({
        code: 'START_FAILED',
        cause: new RangeError('onStart failed'),
      })
    })

    it('gives up a start that takes longer than startTimeout', async () => {
      const thread = start({ args: ['hang'], startTimeout: 50 })
      await expect(thread.proxy.echo(1)).rejects.toMatchObject({ code: 'START_TIMEOUT' })
      expect(thread.status.get()?.state).toBe('failed')
    })

    it('a restart after a failed start heals the stores that were mounted, and those that were mounted since', async () => {
      let mayStart = false
      const begin = () => {
        if (!mayStart) throw new RangeError('not yet')
      }
      const thread = start({ args: ['asks', { start: begin }] })
      const mounted = followed(thread.proxy.watchCounter())
      await expect(thread.ready).rejects.toMatchObject({ code: 'START_FAILED' })
      const since = followed(thread.proxy.watchCounter())
      await vi.waitFor(() => expect(since.at(-1)).toBe('error none ThreadStartError'))
      expect(mounted).toEqual(['connecting none', 'error none ThreadStartError'])

      await expect(thread.restart()).rejects.toMatchObject({ code: 'START_FAILED' })
      const failedAgain = ['connecting none', 'error none ThreadStartError']
      expect(mounted.slice(2)).toEqual(failedAgain)

      mayStart = true
      const restarted = thread.restart()
      for (const readings of [mounted, since]) expect(readings.at(-1)).toBe('connecting none')
      await restarted
      await thread.proxy.set('a')
      for (const readings of [mounted, since]) await vi.waitFor(() => expect(readings.at(-1)).toBe('live a'))
      expect(thread.stats().subscriptions).toBe(1)
    })

    it('close lets calls in flight finish, then runs onStop', async () => {
      const events: string[] = []
      const thread = start({ args: ['ada', { onStop: () => events.push('onStop') }] })
      const call = thread.proxy.wait('gate')
      await vi.waitFor(async () => expect(await thread.proxy.readLog()).toContain('begin gate'))
      const open = thread.proxy.open('gate')
      void call.then(() => events.push('finished'))
      const closed = thread.close()
      const late = thread.proxy.echo('late')
      await expect(late).rejects.toBeInstanceOf(ThreadClosedError)
      await open
      expect(await call).toBe('gate')
      await closed
      expect(events).toEqual(['finished', 'onStop'])
      await thread.close()
      expect(events).toEqual(['finished', 'onStop'])
    })

    it('close tells the logic by the signal of its context, and waits for what ends by that', async () => {
      const thread = start()
      const call = thread.proxy.untilTheEnd()
      await thread.proxy.echo('there')
      await thread.close()
      expect(await call).toBe('it ends')
    })

    it('close rejects with what onStop throws, and the thread has ended all the same', async () => {
      const thread = start({ args: ['bad-stop'] })
      await expect(thread.close()).rejects.toThrow('onStop failed')
      expect(thread.status.get()?.state).toBe('closed')
    })

    it('is closed by await using, where the platform has it', async () => {
      const { asyncDispose } = Symbol as { asyncDispose?: symbol }
      const thread = start() as unknown as Record<symbol, () => Promise<void>> & Thread<ContractLogic>
      if (asyncDispose) await thread[asyncDispose]?.()
      else await thread.close()
      expect(thread.status.get()?.state).toBe('closed')
    })

    it('close gives up what is left after its timeout', async () => {
      const thread = start()
      const call = thread.proxy.wait('for ever')
      call.catch(() => {})
      await thread.ready
      await thread.close({ timeout: 20 })
      await expect(call).rejects.toMatchObject({ code: 'CLOSED' })
    })

    it('terminate rejects what is pending before it returns', async () => {
      const thread = start()
      await thread.ready
      const errors: unknown[] = []
      const settled = thread.proxy.wait('for ever').catch((error: unknown) => errors.push(error))
      thread.terminate()
      expect(thread.stats().pendingCalls).toBe(0)
      await settled
      expect(errors).toEqual([expect.objectContaining({ code: 'CLOSED' })])
      await expect(thread.proxy.echo(1)).rejects.toThrow(
        "thread 'contract' was closed and echo() was not sent",
      )
      thread.terminate()
    })

    it('raises nothing where a call to a closed thread is ignored', async () => {
      const thread = start()
      const raised = vi.fn((event: Event) => event.preventDefault())
      window.addEventListener('unhandledrejection', raised)
      thread.terminate()
      void thread.proxy.echo(1)
      await new Promise((resolve) => setTimeout(resolve))
      window.removeEventListener('unhandledrejection', raised)
      expect(raised).not.toHaveBeenCalled()
    })
  })
}
