/** Promise 5, streams keep the last snapshot. */
import { from, type Observable } from 'rxjs'
import { describe, expect, it, vi } from 'vitest'
import { ThreadClosedError, type RemoteStream, type Thread } from 'bgthread'
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
