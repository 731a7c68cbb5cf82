/** Promise 5, streams keep the last snapshot. */
import { from, type Observable } from 'rxjs'
import { describe, expect, it, vi } from 'vitest'
import { reactive } from 'vue'
import { ThreadClosedError, transfer, type RemoteStream, type Thread } from 'bgthread'
import { followed } from './stays'
import type { Contract } from './harness'
import type ContractLogic from './logic'
import type { Row } from './row'

export function describeStreams({ transport, start, threads }: Contract): void {
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

    it('keeps the subscription for as long as it lingers, and a reader in between finds it', async () => {
      const { proxy } = start({ linger: 100_000 })
      proxy.count(0, 1e9).subscribe(() => {})()
      proxy.slow().subscribe(() => {})()
      await vi.waitFor(async () => expect(await proxy.countOpened()).toBe(2))
      proxy.slow().subscribe(() => {})
      expect(await proxy.countOpened()).toBe(2)
    })

    it('ends the subscription after the linger', async () => {
      const { proxy } = start({ linger: 20 })
      const stop = proxy.count(0, 1e9).subscribe(() => {})
      await vi.waitFor(() => expect(proxy.count(0, 1e9).get()).toBeDefined())
      expect(await proxy.countClosed()).toBe(0)
      stop()
      await vi.waitFor(async () => expect(await proxy.countClosed()).toBe(1))
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

    describe('a stream with arguments that cannot wait', () => {
      const map = new Map([['a', new Set([1])]])
      const list = Array.from({ length: 500 }, (_, id) => ({ id }))
      it.each([
        ['a Date', new Date(5), new Date(5)],
        ['a Map', map, map],
        ['a large list', list, list],
        ['a reactive list', reactive(list), list],
        ['a typed array', new Float64Array(3), new Float64Array(3)],
        ['what cannot be told from JSON', [undefined, -0, 1n], [undefined, -0, 1n]],
      ])('ends with its last reader, and is opened anew by the next: %s', async (_, value, arrived) => {
        const { proxy, ready } = start({ linger: 10 })
        await ready
        const stream = proxy.watchPassed(value)
        for (let run = 1; run <= 3; run++) {
          const stops = [stream.subscribe(() => {}), stream.subscribe(() => {})]
          // What is kept from before comes first.
          if (run > 1) expect(stream.get()).toEqual({ run: run - 1, value: arrived })
          await vi.waitFor(() => expect(stream.get()).toEqual({ run, value: arrived }))
          expect(thread().stats()).toMatchObject({ subscriptions: 1, pendingCalls: 0 })
          stops[0]?.()
          expect(await proxy.countClosed()).toBe(run - 1)
          stops[1]?.()
          await vi.waitFor(async () => expect(await proxy.countClosed()).toBe(run))
          expect(thread().stats().subscriptions).toBe(0)
        }
      })

      it('stays while it lingers, for a reader that comes in time', async () => {
        const { proxy } = start({ linger: 100_000 })
        const stream = proxy.watchPassed(new Date(5))
        const stop = stream.subscribe(() => {})
        await vi.waitFor(() => expect(stream.get()).toBeDefined())
        stop()
        stream.subscribe(() => {})
        expect(await proxy.countOpened()).toBe(1)
      })

      it('is opened with what was passed, whatever the page has made of that since', async () => {
        const { proxy } = start()
        const date = new Date(5)
        const rows = Array.from({ length: 100 }, (_, id) => ({ id }))
        const stream = proxy.watchPassed([date, rows])
        stream.get()
        date.setTime(99)
        rows.length = 1
        for (let run = 1; run <= 2; run++) {
          const stop = stream.subscribe(() => {})
          await vi.waitFor(() => expect(stream.get()).toMatchObject({ run }))
          const [at, list] = (stream.get() as unknown as { value: [Date, unknown[]] }).value
          expect([at, list.length]).toEqual([new Date(5), 100])
          stop()
        }
      })

      it('has its callbacks each time it is open, and none while it is not', async () => {
        const { proxy } = start()
        const onValue = vi.fn((run: number) => `answer ${run}`)
        const stream = proxy.watchPassed(1, onValue as never)
        for (let run = 1; run <= 3; run++) {
          const stop = stream.subscribe(() => {})
          await vi.waitFor(() => expect(stream.get()).toMatchObject({ run, answer: `answer ${run}` }))
          expect(thread().stats().callbacks).toBe(1)
          stop()
          await vi.waitFor(() => expect(thread().stats()).toMatchObject({ callbacks: 0, subscriptions: 0 }))
          await vi.waitFor(async () => expect(await proxy.countClosed()).toBe(run))
        }
        expect(onValue.mock.calls).toEqual([[1], [2], [3]])
      })

      it('ends with a for await that is left, and the next is read from the beginning', async () => {
        const { proxy } = start()
        const stream = proxy.since(new Date(5))
        for (let i = 0; i < 3; i++) {
          const values: number[] = []
          for await (const value of stream) if (values.push(value) === 3) break
          expect(values).toEqual([5, 6, 7])
          await vi.waitFor(() => expect(thread().stats().subscriptions).toBe(0))
        }
        const passed = proxy.watchPassed(new Date(5))
        for await (const value of passed) {
          expect(value).toMatchObject({ run: 1, value: new Date(5) })
          break
        }
        await vi.waitFor(async () => expect(await proxy.countClosed()).toBe(1))
      })

      it('a store and a for await of it are two subscriptions, as of any other', async () => {
        const { proxy } = start()
        const stream = proxy.watchPassed(new Date(5))
        const stop = stream.subscribe(() => {})
        await vi.waitFor(() => expect(stream.get()).toMatchObject({ run: 1 }))
        for await (const value of stream) {
          expect(value).toMatchObject({ run: 2 })
          break
        }
        await vi.waitFor(async () => expect(await proxy.countClosed()).toBe(1))
        expect(thread().stats().subscriptions).toBe(1)
        stop()
        await vi.waitFor(async () => expect(await proxy.countClosed()).toBe(2))
      })

      it('runs its method once for its first reader, who may come late', async () => {
        const { proxy, ready } = start()
        await ready
        const stream = proxy.watchPassed(new Date(5))
        expect(stream.get()).toBeUndefined()
        await proxy.echo(1)
        const late = proxy.watchPassed(new Date(6))
        await proxy.echo(1)
        for (const each of [stream, late]) {
          each.subscribe(() => {})
          await vi.waitFor(() => expect(each.get()).toBeDefined())
        }
        expect(stream.get()).toMatchObject({ run: 1, value: new Date(5) })
        expect(late.get()).toMatchObject({ run: 2, value: new Date(6) })
        expect(thread().stats()).toMatchObject({ subscriptions: 2, pendingCalls: 0 })
      })

      it('so does one whose call had left before it was looked at, whatever its arguments', async () => {
        const { proxy, ready } = start()
        await ready
        const streams = [proxy.count(0, 1e9), proxy.count(1, 1e9)]
        await null
        await null
        for (const [at, stream] of streams.entries()) {
          if (at === 1) await proxy.echo(1)
          for (let run = 0; run < 2; run++) {
            const values: number[] = []
            const stop = stream.subscribe((value) => values.push(value))
            await vi.waitFor(() => expect(values.length).toBeGreaterThan(1))
            stop()
            await vi.waitFor(async () => expect(await proxy.countClosed()).toBe(at * 2 + run + 1))
          }
        }
        expect(await proxy.countOpened()).toBe(4)
      })

      it('what transfer has moved is gone: the next reader is told so', async () => {
        const { proxy, ready } = start()
        await ready
        const buffer = new ArrayBuffer(64)
        const stream = proxy.watchPassed(1, undefined, transfer(buffer, [buffer]))
        const stop = stream.subscribe(() => {})
        await vi.waitFor(() => expect(stream.get()).toMatchObject({ bytes: 64 }))
        stop()
        await vi.waitFor(async () => expect(await proxy.countClosed()).toBe(1))
        const errors: unknown[] = []
        stream.subscribe({ error: (error) => errors.push(error) })
        await vi.waitFor(() => expect(errors).toHaveLength(1))
        expect(errors[0]).toMatchObject({ code: 'NOT_CLONEABLE' })
        expect((errors[0] as Error).message).toMatch(/contract.*watchPassed\(\).*call it again/s)
        expect(await proxy.countOpened()).toBe(1)
      })

      it('ends with the reason of a signal among its arguments, and does not open with one that has aborted', async () => {
        const { proxy } = start()
        const controller = new AbortController()
        const stream = proxy.watchUntilAborted(controller.signal, new Date(5))
        const errors: unknown[] = []
        for (let run = 1; run <= 2; run++) {
          const stop = stream.subscribe({ error: (error) => errors.push(error) })
          await vi.waitFor(async () => expect(await proxy.countOpened()).toBe(run))
          expect(thread().stats().signals).toBe(1)
          if (run === 1) {
            stop()
            await vi.waitFor(async () => expect(await proxy.countClosed()).toBe(run))
            expect(thread().stats().signals).toBe(0)
          }
        }
        const reason = new Error('enough')
        controller.abort(reason)
        await vi.waitFor(() => expect(errors).toHaveLength(1))
        expect(errors[0]).toMatchObject({ message: 'enough' })
        await vi.waitFor(async () => expect(await proxy.countClosed()).toBe(2))
        stream.subscribe({ error: (error) => errors.push(error) })
        await vi.waitFor(() => expect(errors).toHaveLength(2))
        expect(errors[1]).toBe(reason)
        expect(await proxy.countOpened()).toBe(2)
        expect(thread().stats()).toMatchObject({ signals: 0, subscriptions: 0, pendingCalls: 0 })
      })

      it('says why where what it was passed cannot be read at all', async () => {
        const { proxy } = start()
        const errors: unknown[] = []
        const stream = proxy.watchPassed(new WeakMap())
        for (let i = 1; i <= 2; i++) {
          stream.subscribe({ error: (error) => errors.push(error) })
          await vi.waitFor(() => expect(errors).toHaveLength(i))
          expect(errors[i - 1]).toMatchObject({ code: 'NOT_CLONEABLE' })
        }
        expect(await proxy.countOpened()).toBe(0)
      })

      it('of an action that gives a value says that it is no stream', async () => {
        const { proxy } = start()
        const errors: unknown[] = []
        const call = proxy.echo(new Date(5)) as unknown as RemoteStream<unknown>
        call.subscribe({ error: (error) => errors.push(error) })
        await vi.waitFor(() => expect(errors).toHaveLength(1))
        expect(errors[0]).toMatchObject({ code: 'NOT_A_STREAM' })
      })
    })

    it('a stream that was awaited stays where it is while it is held, and goes on for the next reader', async () => {
      const { proxy } = start()
      const stream = await (proxy.countHeld as unknown as () => Promise<RemoteStream<number>>)()
      const values: number[] = []
      for (let i = 0; i < 2; i++) for await (const value of stream) if (values.push(value) % 2 === 0) break
      expect(values.slice(0, 2)).toEqual([0, 1])
      expect(values[2]).toBeGreaterThan(1)
      expect(await proxy.countOpened()).toBe(1)
      expect(await proxy.countClosed()).toBe(0)
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

    it('what reads in a component gets a failed stream back as soon as another reader has brought it to life', async () => {
      const { proxy } = start()
      const mounted = followed(proxy.failingFirst())
      await vi.waitFor(() => expect(mounted.at(-1)).toBe('error 1 QuotaError'))
      const told: unknown[] = []
      proxy.failingFirst().subscribe({
        next: (value) => told.push(value),
        error: (error) => told.push(error),
      })
      await vi.waitFor(() => expect(told.at(-1)).toBe(2))
      expect(mounted.slice(-2)).toEqual(['error 1 QuotaError', 'live 2'])
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

    it('a generator is a stream, and runs its finally when its reader leaves', async () => {
      const { proxy } = start()
      const numbers = proxy.watchNumbers(3)
      const events: unknown[] = []
      numbers.subscribe({ next: (n) => events.push(n), complete: () => events.push('end') })
      await vi.waitFor(() => expect(events.at(-1)).toBe('end'))
      expect(events.at(-2)).toBe(3)
      const values: number[] = []
      for await (const n of proxy.watchNumbers(1e9)) if (values.push(n) === 100) break
      expect(values).toEqual(Array.from({ length: 100 }, (_, i) => i + 1))
      await vi.waitFor(async () => expect(await proxy.countClosed()).toBe(2))
    })

    it('a store that tells changes only begins with the state it has', async () => {
      const { proxy } = start()
      const seen: number[] = []
      const stop = proxy.watchZustand().subscribe(({ n }) => seen.push(n))
      await vi.waitFor(() => expect(seen).toEqual([1]))
      await proxy.setZustand(2)
      expect(seen).toEqual([1, 2])
      stop()
      await proxy.setZustand(3)
      for await (const { n } of proxy.watchZustand()) {
        expect(n).toBe(3)
        break
      }
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
}
