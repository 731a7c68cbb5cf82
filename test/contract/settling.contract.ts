/** Promise 2, every call settles exactly once. */
import { describe, expect, it, vi } from 'vitest'
import { LimitError, NotCloneableError, type Thread } from 'bgthread'
import type { Contract } from './harness'
import type ContractLogic from './logic'

export function describeSettling({ transport, start, threads }: Contract): void {
  describe(`${transport}: promise 2, every call settles exactly once`, () => {
    it('settles 10,000 calls of one tick in order', async () => {
      const { proxy } = start()
      const settled: number[] = []
      await Promise.all(
        Array.from({ length: 10_000 }, async (_, i) => settled.push((await proxy.echo(i)) as number)),
      )
      expect(settled).toEqual(Array.from({ length: 10_000 }, (_, i) => i))
      expect(thread().stats().sent).toBeLessThan(100)
    })
    const thread = () => threads.at(-1) as Thread<ContractLogic>

    it('fails the call with the uncloneable argument, and only that', async () => {
      const { proxy } = start()
      const calls = [
        proxy.echo(1),
        proxy.echo({ user: { element: new WeakMap() } }),
        proxy.echo([1, Symbol('s')]),
        proxy.echo(new Map([['key', { later: Promise.resolve() }]])),
        proxy.echo({ 'odd key': [0, new WeakSet()] }),
        proxy.echo(2),
      ] as Promise<unknown>[]
      const outcomes = await Promise.allSettled(calls)
      expect(outcomes[0]).toMatchObject({ value: 1 })
      expect(outcomes[5]).toMatchObject({ value: 2 })
      const paths = outcomes.slice(1, 5).map((outcome) => {
        const { reason } = outcome as PromiseRejectedResult
        expect(reason).toBeInstanceOf(NotCloneableError)
        expect(reason.message).toContain('contract.echo()')
        expect(reason.message).toContain(reason.path)
        return reason.path as string
      })
      expect(paths).toEqual([
        'args[0].user.element',
        'args[0][1]',
        'args[0].get("key").later',
        'args[0]["odd key"][1]',
      ])
    })

    it('refuses calls and subscriptions beyond the limits, and goes on with the others', async () => {
      const { proxy, ready, stats } = bound(start({ limits: { calls: 3, subscriptions: 1 } }))
      await ready
      const gates = ['a', 'b', 'c'].map((gate) => proxy.wait(gate))
      const refused = await proxy.open('a').then(
        () => expect.unreachable('it was sent'),
        (error: unknown) => error as Error,
      )
      expect(refused).toBeInstanceOf(LimitError)
      expect(refused.message).toBe(
        "thread 'contract': 3 calls are open, and open() is one too many; " +
          'let some end first, or raise the option limits.calls',
      )
      expect(stats().pendingCalls).toBe(3)
      const error = new Promise((resolve) => {
        proxy.watchCounter().subscribe({ error: resolve })
      })
      expect(await error).toBeInstanceOf(LimitError)
      for (const gate of gates) cancelCall(gate)
      await Promise.allSettled(gates)
      // In the thread they go on, and count for what a further client may have there.
      for (const gate of ['a', 'b', 'c']) await proxy.open(gate)
      const counter = proxy.watchCounter()
      counter.subscribe(() => {})
      await vi.waitFor(() => expect(counter.get()).toBe(0))
      await expect(proxy.count(0, 5)[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'LIMIT' })
      expect(await proxy.echo(1)).toBe(1)
    })

    it('settles what is sent and cannot be read, and what was said in the same tick', async () => {
      const { proxy, ready } = start()
      await ready
      for (let round = 0; round < 2; round++) {
        let deep: unknown = 1
        for (let i = 0; i < 3_000; i++) deep = { deep }
        const outcomes = await Promise.allSettled([
          proxy.log('before'),
          proxy.kindOf(deep),
          proxy.log('behind'),
          proxy.giveDeep(3_000),
          proxy.echo(1),
        ])
        // Where an engine can read it, it has arrived.
        for (const i of [1, 3]) {
          const outcome = outcomes[i] as PromiseSettledResult<unknown>
          if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'NOT_CLONEABLE' })
        }
        for (const i of [0, 2, 4]) expect(outcomes[i]).toMatchObject({ status: 'fulfilled' })
        expect(await proxy.kindOf(5)).toBe('[object Number]')
      }
      expect([...(await proxy.readLog())].sort()).toEqual(['before', 'before', 'behind', 'behind'])
    })

    it('a snapshot that cannot be read fails its stream, and holds nothing else', async () => {
      const { proxy } = start()
      const events: unknown[] = []
      proxy
        .watchDeep(3_000)
        .subscribe({ next: () => events.push('read'), error: (error) => events.push(error) })
      await vi.waitFor(() => expect(events).toHaveLength(1))
      if (events[0] !== 'read') expect(events[0]).toMatchObject({ code: 'NOT_CLONEABLE' })
      for (let i = 0; i < 20; i++) expect(await proxy.echo(i)).toBe(i)
    })

    it('answers an uncloneable result with its path', async () => {
      const { proxy } = start()
      await expect(proxy.uncloneable()).rejects.toMatchObject({
        code: 'NOT_CLONEABLE',
        path: 'result.rows[2]',
      })
      await expect(proxy.uncloneablePromise()).rejects.toMatchObject({ path: 'result.later' })
      expect(await proxy.echo('alive')).toBe('alive')
    })

    it('settles a call whose thenable is not a promise', async () => {
      const { proxy } = start()
      expect(await proxy.thenable('value')).toBe(5)
      await expect(proxy.thenable('throw')).rejects.toThrow('then throws')
      await threads.at(-1)?.close()
    })

    it('reads reactive proxies in results and snapshots, small and large', async () => {
      const { proxy } = start()
      expect(await proxy.giveReactive(2)).toEqual([{ id: 0 }, { id: 1 }])
      expect(await proxy.giveReactive(500)).toHaveLength(500)
    })

    it('fails a getter that throws with its path', async () => {
      const { proxy } = start()
      const trap = {
        get bad(): never {
          throw new Error('trap')
        },
      }
      await expect(proxy.echo(trap)).rejects.toMatchObject({ code: 'NOT_CLONEABLE', path: 'args[0].bad' })
    })
  })
}

/** Its members, to be taken apart. */
const bound = (thread: Thread<ContractLogic>) => ({
  proxy: thread.proxy,
  ready: thread.ready,
  stats: () => thread.stats(),
})

/** As the adapters do. */
const cancelCall = (call: Promise<unknown>) =>
  (call as unknown as Record<symbol, (reason: unknown) => void>)[Symbol.for('bgthread.cancel')]?.(
    new DOMException('enough', 'AbortError'),
  )
