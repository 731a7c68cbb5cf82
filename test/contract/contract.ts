/** What every transport keeps: the promises of the design, one test and more for each. */
import { from, type Observable } from 'rxjs'
import { reactive, ref } from 'vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  ActionNotFoundError,
  LimitError,
  NotCloneableError,
  ThreadClosedError,
  ThreadError,
  ThreadStartError,
  transfer,
  type RemoteStream,
  type Thread,
  type ThreadOptions,
} from 'bgthread'
import type ContractLogic from './logic'
import type { Row } from './logic'

/** @returns a fresh thread of the contract's logic */
export type StartThread = (options?: ThreadOptions) => Thread<ContractLogic>

/** Calls beyond the types, as an attacker or an untyped user would make them. */
type Loose = Record<string, (...args: unknown[]) => Promise<unknown>>

export function describeContract(
  transport: string,
  startThread: StartThread,
  real: { worker: boolean },
): void {
  const threads: Thread<ContractLogic>[] = []
  const start = (options?: ThreadOptions) => {
    const thread = startThread({ name: 'contract', linger: 0, ...options })
    threads.push(thread)
    return thread
  }
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
      const thread = start({ startTimeout: 400 })
      const events: string[] = []
      void thread.ready.then(() => events.push('ready'))
      const work = thread.proxy.work(600).then(() => events.push('work'))
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

    it('close lets calls in flight finish, then runs onStop', async () => {
      const stopped = vi.fn()
      const thread = start({ args: ['ada', undefined] })
      const call = thread.proxy.wait('gate')
      await vi.waitFor(async () => expect(await thread.proxy.readLog()).toContain('begin gate'))
      const open = thread.proxy.open('gate')
      const closed = thread.close().then(stopped)
      const late = thread.proxy.echo('late')
      await expect(late).rejects.toBeInstanceOf(ThreadClosedError)
      await open
      expect(await call).toBe('gate')
      await closed
      expect(stopped).toHaveBeenCalledOnce()
      await thread.close()
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

  describe(`${transport}: promise 1, a value is what it was when it was passed or returned`, () => {
    it('keeps [add, list, add, list] in one tick apart', async () => {
      const { proxy, ready } = start()
      for (let round = 0; round < 2; round++) {
        const list: unknown[] = []
        const seen = [proxy.echo(list)]
        list.push('one')
        seen.push(proxy.echo(list))
        list.push(new Date(1))
        seen.push(proxy.echo(list))
        list.length = 0
        seen.push(proxy.echo(list))
        expect(await Promise.all(seen)).toEqual([[], ['one'], ['one', new Date(1)], []])
        await ready
      }
    })

    it('keeps a result that is changed after it was returned', async () => {
      const { proxy } = start()
      expect(await proxy.returnAndChange()).toEqual([1, 2, 3])
      expect((await proxy.returnBigAndChange()).at(-1)).toBe(999)
    })

    it('keeps the arguments of a stream as they were passed', async () => {
      const { proxy, ready } = start()
      for (let round = 0; round < 2; round++) {
        const filter: { text: string; list?: unknown[] } = { text: `round ${round}` }
        const stream = proxy.watchFilter(filter as { text: string })
        filter.text = 'changed'
        filter.list = [new Date()]
        stream.subscribe(() => {})
        await vi.waitFor(() => expect(stream.get()).toEqual({ text: `round ${round}` }))
        await ready
      }
    })

    it('a function that was passed twice is one function', async () => {
      const { proxy } = start()
      const callback = () => {}
      expect(await proxy.same(callback, callback)).toBe(true)
      expect(await proxy.same(callback, () => {})).toBe(false)
    })

    it('survives arguments that call the thread while they are read', async () => {
      const { proxy, ready } = start()
      await ready
      const inner: Promise<unknown>[] = []
      const trap = (payload: unknown) =>
        new Proxy(
          { a: 1 },
          {
            get(target, key) {
              if (key === 'a') inner.push(proxy.echo(payload))
              return Reflect.get(target, key) as unknown
            },
          },
        )
      expect(await proxy.echo(trap([new Date(1)]))).toEqual({ a: 1 })
      expect(await proxy.echo(trap(5))).toEqual({ a: 1 })
      expect(inner.length).toBeGreaterThan(1)
      expect((await Promise.all(inner)).at(-1)).toBe(5)
    })

    it('keeps shared references and cycles within a call, and shares nothing between calls', async () => {
      const { proxy } = start()
      const shared = { a: 1 }
      expect(await proxy.same(shared, shared)).toBe(true)
      expect(await proxy.sameInside({ a: shared, b: shared })).toBe(true)
      const cycle: Record<string, unknown> = {}
      cycle.self = cycle
      const echoed = (await proxy.echo(cycle)) as { self: unknown }
      expect(echoed.self).toBe(echoed)
      const [one, two] = await Promise.all([proxy.echo(shared), proxy.echo(shared)])
      expect(one).not.toBe(two)
    })

    it.each([
      ['undefined', undefined],
      ['null', null],
      ['-0', -0],
      ['NaN', NaN],
      ['Infinity in an array', [Infinity, -0, NaN]],
      ['bigint', 12345678901234567890n],
      ['a lone surrogate', { text: '\ud800' }],
      ['undefined in an object', { a: undefined, b: 1 }],
      ['Date', new Date(8.64e15)],
      ['RegExp', /x+/giu],
      ['Map', new Map<unknown, unknown>([[{ k: 1 }, new Set([1, 2])]])],
      ['typed array', new Float32Array([1.5, -0])],
      ['an own __proto__ key', JSON.parse('{"__proto__": {"a": 1}, "b": 2}')],
      ['an object like a message', [1, 2, 3, -1, -2]],
      ['an empty string', ''],
    ])('carries %s exactly', async (_, value) => {
      const { proxy } = start()
      expect(await proxy.echo(value)).toStrictEqual(value)
      expect(await proxy.echoLater({ value })).toStrictEqual({ value })
    })

    it('carries the holes and the extra properties of an array', async () => {
      const { proxy } = start()
      // eslint-disable-next-line no-sparse-arrays
      const sparse = Object.assign([1, , 3], { extra: true })
      const echoed = (await proxy.echo(sparse)) as typeof sparse
      expect(1 in echoed).toBe(false)
      expect(echoed).toHaveLength(3)
      expect(echoed.extra).toBe(true)
    })

    it('a store shows the state as it was when the snapshot was sent', async () => {
      const { proxy } = start()
      const seen: Row[][] = []
      proxy.watchRows().subscribe((rows) => seen.push(structuredClone(rows)))
      await proxy.add('one')
      await proxy.addInPlace('two')
      expect(seen.at(-1)?.map((row) => row.title)).toEqual(['one', 'two'])
      for (const [i, rows] of seen.entries()) expect(rows.length).toBeLessThanOrEqual(i + 1)
    })
  })

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

  describe(`${transport}: promise 3, errors tell the truth`, () => {
    const thrown = async (what: string): Promise<unknown> => {
      const { proxy } = start()
      const sync = await proxy.throwIt(what).then(
        () => expect.unreachable(),
        (error: unknown) => ({ error }),
      )
      const later = await proxy.rejectIt(what).then(
        () => expect.unreachable(),
        (error: unknown) => ({ error }),
      )
      if (!(sync.error instanceof Error)) expect(later.error).toEqual(sync.error)
      return sync.error
    }

    it('keeps the built-in class, message and the chain of causes', async () => {
      const error = (await thrown('type')) as TypeError
      expect(error).toBeInstanceOf(TypeError)
      expect(error.message).toBe('wrong type')
      expect(error.cause).toBeInstanceOf(RangeError)
      expect((error.cause as Error).cause).toBe('deeper')
    })

    it('keeps the errors of an AggregateError', async () => {
      const error = (await thrown('aggregate')) as AggregateError
      expect(error).toBeInstanceOf(AggregateError)
      expect(error.errors).toEqual([new Error('one'), 'two'])
    })

    it('keeps a DOMException', async () => {
      const error = await thrown('dom')
      expect(error).toBeInstanceOf(DOMException)
      expect((error as DOMException).name).toBe('AbortError')
      expect((error as DOMException).message).toBe('aborted')
    })

    it('keeps registered classes, also as causes', async () => {
      const { QuotaError } = await import('./errors')
      const error = (await thrown('quota')) as InstanceType<typeof QuotaError>
      expect(error).toBeInstanceOf(QuotaError)
      expect(error).toMatchObject({ limit: 7, isQuota: true, name: 'QuotaError' })
      expect(error.cause).toBeInstanceOf(QuotaError)
    })

    it('gives an unknown class its nearest known one and its own name', async () => {
      const error = (await thrown('private')) as Error
      expect(error).toBeInstanceOf(TypeError)
      expect(error).toMatchObject({ name: 'PrivateError', message: 'hidden' })
    })

    it('keeps own properties, and the error where one of them cannot cross', async () => {
      const error = (await thrown('props')) as Error
      expect(error).toMatchObject({ message: 'with props', code: 'E_CODE', status: 404, details: { a: [1] } })
      expect('socket' in error).toBe(false)
    })

    it.each([
      ['undefined', undefined],
      ['null', null],
      ['zero', 0],
      ['empty', ''],
      ['false', false],
      ['object', { reason: 'plain' }],
    ])('a thrown %s arrives as it was thrown', async (what, value) => {
      expect(await thrown(what)).toEqual(value)
    })

    it('a thrown thing that cannot cross is named', async () => {
      expect(await thrown('function')).toMatchObject({ code: 'NOT_CLONEABLE', path: 'thrown' })
    })

    it.each(['message', 'name', 'proxy', 'revoked'])(
      'a thrown error with a hostile %s settles its call',
      async (what) => {
        const { proxy } = start()
        await expect(proxy.throwHostile(what)).rejects.toBeInstanceOf(Error)
        await expect(proxy.rejectHostile(what)).rejects.toBeInstanceOf(Error)
      },
    )

    it('a hostile abort reason settles its call', async () => {
      const { proxy } = start()
      const controller = new AbortController()
      const call = proxy.untilAborted({ signal: controller.signal })
      await vi.waitFor(async () => expect(await proxy.readLog()).toEqual(['waiting']))
      const { proxy: reason, revoke } = Proxy.revocable({}, {})
      revoke()
      controller.abort(reason)
      const settled = await call.then(
        () => 'resolved',
        () => 'rejected',
      )
      expect(settled).toBe('rejected')
    })

    it('keeps errors among the own properties of an error', async () => {
      const error = (await thrown('nested')) as { original: Error & { code: string } }
      expect(error.original).toBeInstanceOf(TypeError)
      expect(error.original.code).toBe('E_INNER')
    })

    it("has the thread's stack and then the caller's", async () => {
      const { proxy } = start()
      const error = await (function theClickHandler() {
        return proxy.throwIt('type')
      })().then(
        () => expect.unreachable(),
        (error: unknown) => error as Error,
      )
      expect(error.stack).toMatch(/throwIt[\s\S]*contract\.throwIt\(\), called by[\s\S]*theClickHandler/)
      expect(error.stack).not.toMatch(/called by[\s\S]*\bcaller\.ts/)
    })

    // In process an uncaught error is one of the page's own.
    const itInWorkers = real.worker ? it : () => {}
    itInWorkers('errors that nothing caught reach onError once, and the thread lives', async () => {
      const errors: unknown[] = []
      const thread = start({ onError: (error) => errors.push(error) })
      await thread.proxy.failLater()
      await vi.waitFor(() => expect(errors).toHaveLength(2))
      expect(errors).toContainEqual(new RangeError('nobody caught this'))
      expect(errors).toContainEqual(expect.objectContaining({ limit: 5 }))
      expect(await thread.proxy.echo('alive')).toBe('alive')
      expect(errors).toHaveLength(2)
    })

    itInWorkers('without onError they are reported on the page like any other, once', async () => {
      const reported: unknown[] = []
      const listen = (event: ErrorEvent) => {
        event.preventDefault()
        event.stopImmediatePropagation()
        reported.push(event.error)
      }
      window.addEventListener('error', listen, { capture: true })
      const thread = start()
      await thread.proxy.failLater()
      await vi.waitFor(() => expect(reported).toHaveLength(2))
      await thread.proxy.echo('alive')
      window.removeEventListener('error', listen, { capture: true })
      expect(reported).toHaveLength(2)
    })
  })

  describe(`${transport}: promise 4, order`, () => {
    it('starts calls in the order they were made, whatever they hold', async () => {
      const { proxy } = start()
      const big = Array.from({ length: 500 }, (_, i) => i)
      for (let i = 0; i < 50; i++) {
        void proxy.log(`a${i}`)
        if (i % 3 === 0) void proxy.echo(big)
        if (i % 5 === 0) void proxy.echo({ small: true })
        if (i % 7 === 0) void proxy.work(2)
      }
      expect(await proxy.readLog()).toEqual(Array.from({ length: 50 }, (_, i) => `a${i}`))
    })

    it('a reply arrives after a snapshot at least as new as what was emitted before it', async () => {
      const { proxy } = start()
      const rows = proxy.watchRows()
      rows.subscribe(() => {})
      for (let i = 1; i <= 50; i++) {
        await proxy.add(`row ${i}`)
        expect(rows.get()).toHaveLength(i)
      }
    })

    it('keeps that when a thousand calls of one tick each bring a reply and a change', async () => {
      const { proxy } = start()
      const rows = proxy.watchRows()
      let snapshots = 0
      rows.subscribe(() => snapshots++)
      await Promise.all(
        Array.from({ length: 1_000 }, async (_, i) => {
          await proxy.add(`row ${i}`)
          expect((rows.get() as Row[]).length).toBeGreaterThan(i)
        }),
      )
      expect(snapshots).toBeLessThan(500)
    })

    it('the first of ten slow calls is not held back by the last', async () => {
      const { proxy, ready } = start()
      await ready
      const settled: number[] = []
      const calls = Array.from({ length: 10 }, (_, i) => proxy.work(5).then(() => settled.push(i)))
      const last = proxy.log('done').then(() => settled.length)
      await calls[0]
      expect(settled).toHaveLength(1)
      expect(await last).toBe(10)
    })
  })

  describe(`${transport}: promise 5, streams keep the last snapshot`, () => {
    it('gives a late reader the last snapshot at once, and reads once for all', async () => {
      const { proxy } = start()
      const first = vi.fn()
      proxy.watchRows().subscribe(first)
      await proxy.add('one')
      const second = vi.fn()
      proxy.watchRows().subscribe(second)
      expect(second).toHaveBeenCalledExactlyOnceWith([{ id: 0, title: 'one', tags: [] }])
      expect(await proxy.countOpened()).toBe(1)
      expect(thread().stats().subscriptions).toBe(1)
    })
    const thread = () => threads.at(-1) as Thread<ContractLogic>

    it.each([[undefined], [null], [0], [''], [false], [NaN]])('%s is a value', async (value) => {
      const { proxy } = start()
      await proxy.set(value)
      const seen: unknown[] = []
      proxy.watchCounter().subscribe((value) => seen.push(value))
      await vi.waitFor(() => expect(seen).toEqual([value]))
      const late = vi.fn()
      proxy.watchCounter().subscribe(late)
      expect(late).toHaveBeenCalledExactlyOnceWith(value)
    })

    it('one stream for equal arguments, whatever their order', async () => {
      const { proxy } = start()
      await proxy.add('one')
      const stop = [proxy.watchRow(0), proxy.watchRow(0)].map((stream) => stream.subscribe(() => {}))
      const filters = [
        proxy.watchFilter({ text: 'a', list: ['b'] }),
        proxy.watchFilter({ list: ['b'], text: 'a' }),
      ]
      for (const stream of filters) stop.push(stream.subscribe(() => {}))
      await vi.waitFor(() => expect(filters[1]?.get()).toEqual({ text: 'a', list: ['b'] }))
      expect(await proxy.countOpened()).toBe(1)
      expect(thread().stats().subscriptions).toBe(2)
      for (const end of stop) end()
      expect(thread().stats().subscriptions).toBe(0)
    })

    it.each([[undefined], [null], [NaN], [-0], [10n], ['1']])(
      'one stream for the equal argument %s',
      async (value) => {
        const { proxy } = start()
        const watch = proxy.watchAnything as (value: unknown) => RemoteStream<unknown>
        for (const stream of [watch(value), watch(value), watch(1)]) stream.subscribe(() => {})
        await vi.waitFor(() => expect(watch(value).get()).toEqual({ value }))
        expect(thread().stats().subscriptions).toBe(2)
      },
    )

    it('a second stream of a generator that runs begins with its last value', async () => {
      const { proxy } = start()
      const seen: unknown[] = []
      proxy.watchShared('one').subscribe((value) => seen.push(value))
      await vi.waitFor(() => expect(seen).toEqual(['shared']))
      proxy.watchShared('two').subscribe((value) => seen.push(value))
      await vi.waitFor(() => expect(seen).toEqual(['shared', 'shared']))
    })

    it('is an Observable to those who ask', async () => {
      const { proxy } = start()
      const seen: number[] = []
      await new Promise<void>((complete) =>
        from(proxy.count(0, 3) as unknown as Observable<number>).subscribe({
          next: (value) => seen.push(value),
          complete,
        }),
      )
      expect(seen.at(-1)).toBe(2)
    })

    it('ends the subscription after the linger, and a reader in between keeps it', async () => {
      const { proxy } = start({ linger: 100_000 })
      proxy.count(0, 1e9).subscribe(() => {})()
      proxy.slow().subscribe(() => {})()
      await vi.waitFor(async () => expect(await proxy.countOpened()).toBe(2))
      proxy.slow().subscribe(() => {})
      expect(await proxy.countOpened()).toBe(2)
    })

    it("runs a generator's finally when its last reader leaves", async () => {
      const { proxy } = start()
      const stop = proxy.count(0, 1e9).subscribe(() => {})
      await vi.waitFor(() => expect(proxy.count(0, 1e9).get()).toBeDefined())
      stop()
      await vi.waitFor(async () => expect(await proxy.countClosed()).toBe(1))
    })

    it('aborts the callSignal of a generator that waits', async () => {
      const { proxy } = start()
      const slow = proxy.slow()
      const stop = slow.subscribe(() => {})
      await vi.waitFor(() => expect(slow.get()).toBe('first'))
      stop()
      await vi.waitFor(async () => expect(await proxy.readLog()).toContain('slow aborted'))
    })

    it('a generator that is aborted by its last reader reports nothing', async () => {
      const reported: unknown[] = []
      const { proxy } = start({ onError: (error) => reported.push(error) })
      const listen = (event: Event) => {
        event.preventDefault()
        reported.push(event)
      }
      window.addEventListener('error', listen)
      const stream = proxy.watchAborting()
      const stop = stream.subscribe(() => {})
      await vi.waitFor(() => expect(stream.get()).toBe(1))
      stop()
      await vi.waitFor(async () => expect(await proxy.readLog()).toContain('aborting'))
      await new Promise((resolve) => setTimeout(resolve, 20))
      window.removeEventListener('error', listen)
      expect(reported).toEqual([])
    })

    it('a stream with arguments that cannot wait goes on after its readers have left', async () => {
      const { proxy } = start()
      const stream = proxy.since(new Date(5))
      const first = stream.subscribe(() => {})
      await vi.waitFor(() => expect(stream.get()).toBeGreaterThanOrEqual(5))
      first()
      const left = stream.get() as number
      stream.subscribe(() => {})
      await vi.waitFor(() => expect(stream.get()).toBeGreaterThan(left))
    })

    it('closes a source that comes after its reader has left', async () => {
      const { proxy } = start()
      await proxy.echo(1)
      const stop = (proxy.countLate as unknown as () => RemoteStream<number>)().subscribe(() => {})
      await vi.waitFor(async () => expect(await proxy.readLog()).toContain('begin late'))
      stop()
      await proxy.open('late')
      await vi.waitFor(async () => expect(await proxy.readLog()).toContain('source closed'))
    })

    it('releases the callbacks of a stream that has completed', async () => {
      const { proxy } = start()
      const onValue = vi.fn()
      const completed = vi.fn()
      proxy.watchTwice(onValue).subscribe({ complete: completed })
      await vi.waitFor(() => expect(completed).toHaveBeenCalled())
      expect(onValue).toHaveBeenCalledTimes(2)
      expect(thread().stats().callbacks).toBe(0)
    })

    it('a last snapshot that cannot be cloned is no good end', async () => {
      const { proxy } = start()
      const events: unknown[] = []
      proxy.watchBadEnd().subscribe({
        error: (error) => events.push(error),
        complete: () => events.push('complete'),
      })
      await vi.waitFor(() => expect(events).toHaveLength(1))
      expect(events[0]).toMatchObject({ code: 'NOT_CLONEABLE' })
    })

    it('a reader may subscribe again when it fails, also to a closed thread', async () => {
      const { proxy } = start()
      threads.at(-1)?.terminate()
      let failures = 0
      await new Promise<void>((done) => {
        const again = () => {
          if (++failures === 2_000) done()
          else proxy.watchRows().subscribe({ error: again })
        }
        again()
      })
      expect(failures).toBe(2_000)
    })

    it('a completed stream gives a late reader its last snapshot and the end', async () => {
      const { proxy } = start()
      const events: unknown[] = []
      const observe = () => ({
        next: (value: number) => events.push(value),
        complete: () => events.push('end'),
      })
      const stream = proxy.count(0, 3)
      stream.subscribe(observe())
      await vi.waitFor(() => expect(events.at(-1)).toBe('end'))
      expect(events.at(-2)).toBe(2)
      events.length = 0
      stream.subscribe(observe())
      expect(events).toEqual([2, 'end'])
    })

    it('a failed stream tells its error, and the next reader tries again', async () => {
      const { proxy } = start()
      const stream = proxy.failing()
      const errors: unknown[] = []
      for (let i = 1; i <= 2; i++) {
        stream.subscribe({ error: (error) => errors.push(error) })
        await vi.waitFor(() => expect(errors).toHaveLength(i))
      }
      expect(errors[0]).toMatchObject({ name: 'QuotaError', limit: 9 })
      expect(stream.get()).toBe(1)
    })

    it('tells its status', async () => {
      const { proxy } = start()
      const statuses: string[] = []
      proxy.count(0, 2).subscribe({ status: (status) => statuses.push(status) })
      await vi.waitFor(() => expect(statuses.at(-1)).toBe('done'))
      expect(statuses).toEqual(['connecting', 'live', 'done'])
    })

    it('reads every kind of source', async () => {
      const { proxy } = start()
      const read = async <U>(source: AsyncIterable<U>, count: number) => {
        const values: U[] = []
        for await (const value of source) if (values.push(value) === count) break
        return values
      }
      expect(await read(proxy.count(0, 3), 9)).toEqual([0, 1, 2])
      expect(await read(proxy.watchReadable(), 9)).toEqual([0, 1, 2])
      expect(await read(proxy.watchObservable(), 1)).toEqual([0])
      expect(await read(proxy.watchInterop(), 9)).toEqual(['interop'])
      expect(await read(proxy.watchSvelte(), 1)).toEqual(['svelte'])
      expect(await read(proxy.watchCounter(), 1)).toEqual([0])
      expect(await read(await proxy.watchRowsLater(), 1)).toEqual([[]])
    })

    it('an action may be awaited for a stream, which is not thenable', async () => {
      const { proxy } = start()
      await proxy.add('one')
      const stream = await proxy.getRowsLater()
      expect('then' in stream).toBe(false)
      const seen: Row[][] = []
      const stop = stream.subscribe((rows) => seen.push(rows))
      await vi.waitFor(() => expect(seen).toHaveLength(1))
      await proxy.add('two')
      expect(seen.at(-1)).toHaveLength(2)
      stop()
      stream.subscribe(() => {})
      await proxy.add('three')
      expect(stream.get()).toHaveLength(3)
    })

    it('a call that left before it was taken as a stream runs once', async () => {
      const { proxy, ready } = start()
      await ready
      const filter = { text: 'x', list: Array.from({ length: 200 }, (_, i) => `${i}`) }
      const stream = proxy.watchFilter(filter)
      const seen: unknown[] = []
      stream.subscribe((value) => seen.push(value))
      await vi.waitFor(() => expect(seen).toEqual([filter]))
    })

    it('a stream of what is no stream says so', async () => {
      const { proxy } = start()
      const errors: unknown[] = []
      ;(proxy as unknown as { echo(value: number): { subscribe(observer: object): void } })
        .echo(1)
        .subscribe({ error: (error: unknown) => errors.push(error) })
      await vi.waitFor(() => expect(errors).toHaveLength(1))
      expect(errors[0]).toMatchObject({ code: 'NOT_A_STREAM' })
    })

    it('an uncloneable snapshot fails its stream with the path', async () => {
      const { proxy } = start()
      const errors: unknown[] = []
      proxy.watchUncloneable().subscribe({ error: (error) => errors.push(error) })
      await vi.waitFor(() => expect(errors).toHaveLength(1))
      expect(errors[0]).toMatchObject({ code: 'NOT_CLONEABLE', path: 'snapshot.view.draw' })
      expect(await proxy.echo('alive')).toBe('alive')
    })

    it('a closed thread keeps the last snapshots of its streams apart', async () => {
      const { proxy } = start()
      await proxy.add('one')
      proxy.watchRow(0).subscribe(() => {})
      await vi.waitFor(() => expect(proxy.watchRow(0).get()).toBeDefined())
      threads.at(-1)?.terminate()
      expect(proxy.watchRow(0).get()).toEqual({ id: 0, title: 'one', tags: [] })
      expect(proxy.watchRow(1).get()).toBeUndefined()
    })

    it('a call that was cancelled is no stream', async () => {
      const { proxy } = start()
      const call = proxy.watchRow(0) as RemoteStream<unknown> & Record<symbol, (reason: unknown) => void>
      call[Symbol.for('bgthread.cancel')]?.(new Error('cancelled'))
      const errors: unknown[] = []
      call.subscribe({ error: (error) => errors.push(error) })
      await vi.waitFor(() => expect(errors).toEqual([new Error('cancelled')]))
      expect(await proxy.countOpened()).toBe(0)
    })

    it('tells its readers when the thread is closed', async () => {
      const thread = start()
      const errors: unknown[] = []
      thread.proxy.watchRows().subscribe({ error: (error) => errors.push(error) })
      const iterated = thread.proxy.watchRows()[Symbol.asyncIterator]()
      await iterated.next()
      const pending = iterated.next()
      thread.terminate()
      expect(errors).toEqual([expect.objectContaining({ code: 'CLOSED' })])
      await expect(pending).rejects.toBeInstanceOf(ThreadClosedError)
    })
  })

  describe(`${transport}: promise 6, a slow UI thread never builds a queue`, () => {
    it('turns a burst of 10,000 snapshots into a few', async () => {
      const { proxy } = start()
      const seen: unknown[] = []
      proxy.watchCounter().subscribe((value) => seen.push(value))
      await vi.waitFor(() => expect(seen).toEqual([0]))
      await proxy.setMany(10_000)
      expect(seen.at(-1)).toBe(10_000)
      expect(seen.length).toBeLessThanOrEqual(3)
    })

    it('gives a for await every value, as it was emitted', async () => {
      const { proxy } = start()
      const iterator = proxy.watchObservable()[Symbol.asyncIterator]()
      expect(await iterator.next()).toEqual({ done: false, value: 0 })
      await proxy.emitChanging(300)
      for (let i = 1; i <= 300; i++)
        expect(((await iterator.next()).value as unknown as { n: number }).n).toBe(i)
      await iterator.return?.()
      await vi.waitFor(async () => expect(await proxy.countClosed()).toBe(1))
    })

    it('pulls no further than the credit goes', async () => {
      const { proxy } = start()
      const iterator = proxy.countPulled(1_000)[Symbol.asyncIterator]()
      await iterator.next()
      await vi.waitFor(async () => expect(await proxy.readLog()).toHaveLength(64))
      for (let i = 1; i < 1_000; i++) expect((await iterator.next()).value).toBe(i)
      expect(await iterator.next()).toEqual({ done: true, value: undefined })
    })

    it('ends a reader that lets too much wait, and only that', async () => {
      const { proxy } = start({ buffer: 100 })
      const iterator = proxy.watchObservable()[Symbol.asyncIterator]()
      await iterator.next()
      await proxy.emitMany(1_000)
      const drain = async () => {
        while (!(await iterator.next()).done);
      }
      await expect(drain()).rejects.toBeInstanceOf(LimitError)
      expect(await proxy.echo('alive')).toBe('alive')
    })
  })

  describe(`${transport}: promise 8, what arguments may hold`, () => {
    it('calls a callback back, and releases it when the call ends', async () => {
      const { proxy } = start()
      const onProgress = vi.fn()
      expect(await proxy.progress(3, onProgress)).toBe(3)
      expect(onProgress.mock.calls).toEqual([
        [1, 3],
        [2, 3],
        [3, 3],
      ])
      expect(threads.at(-1)?.stats().callbacks).toBe(0)
    })

    it('calls a callback at any depth and gives its answer and its error', async () => {
      const { proxy } = start()
      expect(await proxy.ask({ deep: { answer: async (question) => `${question} because` } })).toBe(
        'why? because',
      )
      const refuse = () => {
        throw new RangeError('no answer')
      }
      await expect(proxy.ask({ deep: { answer: refuse } })).rejects.toThrow(new RangeError('no answer'))
    })

    it('passes a large list beside a callback as it is', async () => {
      const { proxy } = start()
      const list = Array.from({ length: 10_000 }, (_, id) => ({ id }))
      const onDone = vi.fn()
      expect(await proxy.sum(list, onDone)).toBe(10_000)
      expect(onDone).toHaveBeenCalledWith(10_000)
    })

    it('finds a callback deep in a large argument', async () => {
      const { proxy } = start()
      const answer = vi.fn(() => 'found')
      const deep = {
        filler: Array.from({ length: 1_000 }, (_, i) => ({ i })),
        deep: { answer: async () => answer() },
      }
      expect(await proxy.ask(deep)).toBe('found')
    })

    it('refuses a callback after its call, unless it was kept', async () => {
      const { proxy } = start()
      const callback = vi.fn((value: number) => value + 1)
      await proxy.loseCallback(callback)
      await expect(proxy.callKept(1)).rejects.toMatchObject({ code: 'CALLBACK_RELEASED' })
      expect(callback).not.toHaveBeenCalled()
      await proxy.keepCallback(callback)
      expect(await proxy.callKept(1)).toBe(2)
      await proxy.releaseKept()
      await expect(proxy.callKept(1)).rejects.toMatchObject({ code: 'CALLBACK_RELEASED' })
      expect(callback).toHaveBeenCalledOnce()
    })

    it('keeps a callback as long as the stream it was passed to', async () => {
      const { proxy } = start()
      const onValue = vi.fn()
      for await (const value of proxy.watchWithCallback(onValue)) if (value === 3) break
      expect(onValue.mock.calls.length).toBeGreaterThanOrEqual(4)
    })

    it("aborts in the thread with the signal's reason, and rejects at once", async () => {
      const { proxy } = start()
      const controller = new AbortController()
      const call = proxy.untilAborted({ signal: controller.signal })
      await vi.waitFor(async () => expect(await proxy.readLog()).toEqual(['waiting']))
      const reason = new Error('changed my mind')
      controller.abort(reason)
      await expect(call).rejects.toBe(reason)
      await vi.waitFor(async () => expect(await proxy.readLog()).toContain('aborted: changed my mind'))
      expect(threads.at(-1)?.stats().signals).toBe(0)
    })

    it('does not make a call whose signal has already aborted', async () => {
      const { proxy } = start()
      const reason = new Error('before')
      await expect(proxy.untilAborted({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
      expect(await proxy.readLog()).toEqual([])
    })

    it('moves what transfer marks, in arguments and results', async () => {
      const { proxy, ready } = start()
      for (let round = 0; round < 2; round++) {
        const buffer = new ArrayBuffer(1_024)
        expect(await proxy.takeBuffer(transfer(buffer, [buffer]))).toBe(1_024)
        expect(buffer.byteLength).toBe(0)
        await ready
      }
      const { buffer } = await proxy.giveBuffer(2_048)
      expect(buffer.byteLength).toBe(2_048)
      expect((await proxy.giveNested(64)).list[0]?.image.byteLength).toBe(64)
      expect(await proxy.leftOfGiven()).toBe(0)
      const kept = new ArrayBuffer(8)
      expect(await proxy.takeBuffer(kept)).toBe(8)
      expect(kept.byteLength).toBe(8)
    })

    it('loses no transferable when another part of the call cannot be cloned', async () => {
      const { proxy, ready } = start()
      await ready
      const buffer = new ArrayBuffer(16)
      await expect(proxy.echoAll(transfer(buffer, [buffer]), new WeakMap())).rejects.toMatchObject({
        path: 'args[1]',
      })
      expect(buffer.byteLength).toBe(16)
    })

    it('may be the handler of an event', async () => {
      const { proxy } = start()
      const button = document.createElement('button')
      let call: Promise<unknown[]> | undefined
      button.addEventListener(
        'click',
        (event) => (call = (proxy.echoAll as (event: Event) => Promise<unknown[]>)(event)),
      )
      button.click()
      expect(await call).toEqual([])
    })

    it('takes reactive proxies as plain data', async () => {
      const { proxy } = start()
      const form = reactive({
        title: 'x',
        rows: [{ id: 1 }],
        at: new Date(3),
        map: new Map([['a', { b: 1 }]]),
      })
      const plain = { title: 'x', rows: [{ id: 1 }], at: new Date(3), map: new Map([['a', { b: 1 }]]) }
      expect(await proxy.echo(form)).toEqual(plain)
      expect(await proxy.echoAll(form.rows, ref([1, { a: 2 }]))).toEqual([[{ id: 1 }], [1, { a: 2 }]])
      const big = reactive(Array.from({ length: 500 }, (_, id) => ({ id, at: new Date(id) })))
      expect(await proxy.echo(big)).toEqual(
        Array.from({ length: 500 }, (_, id) => ({ id, at: new Date(id) })),
      )
    })
  })

  describe(`${transport}: promise 9, only public methods are reachable`, () => {
    const names = new Set(
      [Object.prototype, Function.prototype, Array.prototype, Promise.prototype].flatMap((proto) =>
        Object.getOwnPropertyNames(proto),
      ),
    )
    names.delete('toString')
    names.delete('valueOf')
    names.delete('constructor')
    names.delete('then')
    // The contract's logic has these two itself.
    names.delete('echo')

    it('reaches nothing of the prototypes, no hook, no field, no accessor', async () => {
      const { proxy } = start()
      const loose = proxy as unknown as Loose
      const hidden = [
        '_hidden',
        'onStart',
        'onStop',
        'saveState',
        'accessor',
        'owner',
        'field',
        'opened',
        'nothing',
      ]
      for (const name of [...names, ...hidden]) {
        const method = loose[name]
        if (method === undefined) continue
        const outcome = await method().then(
          (value) => ({ value }),
          (error: unknown) => ({ error }),
        )
        expect(outcome, name).toMatchObject({ error: { code: 'ACTION_NOT_FOUND' } })
      }
      expect(await proxy.readLog()).toEqual([])
    })

    it('says what was meant, and what to do with a field', async () => {
      const { proxy } = start()
      const loose = proxy as unknown as Loose
      await expect(loose.ecko?.()).rejects.toThrow(
        "thread 'contract' has no action 'ecko' (did you mean 'echo'?)",
      )
      await expect(loose.ecko?.()).rejects.toBeInstanceOf(ActionNotFoundError)
      await expect(loose.field?.()).rejects.toThrow("'field' is a field; make it a method")
    })

    it('answers promises, consoles and frameworks without calling the thread', async () => {
      const thread = start()
      await thread.ready
      const { proxy } = thread
      const { sent } = thread.stats()
      expect(await Promise.resolve(proxy)).toBe(proxy)
      expect(JSON.stringify({ proxy })).toBe('{"proxy":{}}')
      expect(String(proxy)).toBe("[thread 'contract']")
      expect(reactive({ proxy }).proxy).toBe(proxy)
      expect({ ...(proxy as object) }).toEqual({})
      expect('echo' in proxy).toBe(false)
      expect(thread.stats().sent).toBe(sent)
    })

    it('lets nothing be set', () => {
      const { proxy } = start()
      expect(() => Object.assign(proxy, { echo: 1 })).toThrow(TypeError)
      expect(() => Object.defineProperty(proxy, 'x', { value: 1 })).toThrow(TypeError)
      expect(() => Object.setPrototypeOf(proxy, {})).toThrow(TypeError)
    })
  })

  describe(`${transport}: fire and forget`, () => {
    it('sends a call that nobody looks at', async () => {
      const { proxy } = start()
      void proxy.log('sent')
      expect(await proxy.readLog()).toEqual(['sent'])
    })

    it('cancels a call through the key of the adapters', async () => {
      const { proxy } = start()
      const cancel = Symbol.for('bgthread.cancel')
      const call = proxy.untilCancelled()
      await vi.waitFor(async () => expect(await proxy.readLog()).toEqual(['waiting']))
      const reason = new DOMException('enough', 'AbortError')
      ;(call as unknown as Record<symbol, (reason: unknown) => void>)[cancel]?.(reason)
      await expect(call).rejects.toBe(reason)
      await vi.waitFor(async () => expect(await proxy.readLog()).toContain('cancelled: AbortError'))
      expect(call).toBeInstanceOf(Promise)
      expect(new ThreadError('INERT', '')).toBeInstanceOf(Error)
    })
  })
}
