/** Promise 8, what arguments may hold. */
import { reactive, ref, shallowRef } from 'vue'
import { describe, expect, it, vi } from 'vitest'
import { transfer } from 'bgthread'
import type { Counter, Tree } from './arguments.logic'
import type { Contract } from './harness'

export function describeArguments({ transport, start, threads }: Contract): void {
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

    it.each<[string, (tree: Tree) => unknown[]]>([
      ['nothing', () => []],
      ['a callback', () => [() => {}]],
      ['a callback in an object', (tree) => [{ tree, near: tree.children[5], onDone: () => {} }]],
      ['a ref', (tree) => [shallowRef(tree)]],
    ])('a tree whose nodes know their parents is the same tree beside %s', async (_, others) => {
      const grow = (parent: Tree | null, depth: number): Tree => {
        const tree: Tree = { parent, children: [] }
        if (depth > 0) for (let i = 0; i < 10; i++) tree.children.push(grow(tree, depth - 1))
        return tree
      }
      const { proxy } = start()
      for (const depth of [2, 3]) {
        const tree = grow(null, depth)
        expect(await proxy.strays(tree, ...others(tree))).toBe(0)
      }
    })

    it('a method of an argument is called on its object', async () => {
      const { proxy } = start()
      function next(this: { n: number }) {
        return Promise.resolve(++this.n)
      }
      class Counting {
        n = 30
        next = next
      }
      const inner: Counter = { n: 20, next }
      const counters: Counter[] = [{ n: 1, next: async () => 1 }, { n: 10, next }, inner, new Counting()]
      expect(await proxy.countEach(...counters)).toEqual([1, 11, 21, 31])
      expect(counters.map(({ n }) => n)).toEqual([1, 11, 21, 31])
      expect(await proxy.isOneFunction(inner, new Counting())).toBe(true)
      expect(await proxy.countWithoutObject(inner)).toBe(22)
      const form = reactive({ n: 5, next })
      expect(await proxy.countEach(form, form)).toEqual([6, 7])
      expect(form.n).toBe(7)
    })

    it('a function in a list, a map or a set is called on nothing', async () => {
      const { proxy } = start()
      const thisOf = async function (this: unknown) {
        return this === undefined
      }
      expect(await proxy.callEach([thisOf])).toEqual([true])
      expect(await proxy.callEach(new Set([thisOf]))).toEqual([true])
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

    it.each(['a signal', 'cancel', 'a signal inside of options'])(
      'a callback that never answers does not hold a call that was aborted by %s',
      async (by) => {
        const { proxy } = start()
        const controller = new AbortController()
        const never = vi.fn(() => new Promise<never>(() => {}))
        const { signal } = controller
        const passed = {
          'a signal': [signal],
          'a signal inside of options': [{ signal }] as never[],
          cancel: [],
        }
        const call = proxy.askAndNote(never, ...(passed[by as keyof typeof passed] as [AbortSignal?]))
        await vi.waitFor(() => expect(never).toHaveBeenCalledOnce())
        expect((await proxy.countSnapshots())?.callbacks).toBe(1)
        const reason = new Error('enough')
        if (by === 'cancel') cancelCall(call, reason)
        else controller.abort(reason)
        await expect(call).rejects.toBe(reason)
        await vi.waitFor(async () =>
          expect(await proxy.readLog()).toEqual([
            'asks',
            'refused: enough',
            'with the reason of its signal',
            'again: enough',
            'ends',
          ]),
        )
        expect(await proxy.countSnapshots()).toMatchObject({ pendingCalls: 0, callbacks: 0 })
        expect(never).toHaveBeenCalledOnce()
      },
    )

    it('a callback that never answers does not hold a stream whose reader has left', async () => {
      const { proxy } = start()
      const never = vi.fn(() => new Promise<never>(() => {}))
      for (let run = 1; run <= 2; run++) {
        const stop = proxy.watchAnswers(never).subscribe(() => {})
        await vi.waitFor(() => expect(never).toHaveBeenCalledTimes(run))
        stop()
        await vi.waitFor(async () =>
          expect((await proxy.readLog()).slice(-3)).toEqual(['asks', 'refused: AbortError', 'ends']),
        )
      }
      expect(await proxy.countSnapshots()).toMatchObject({ pendingCalls: 0, callbacks: 0, subscriptions: 0 })
    })

    it('a callback that was kept answers a call that was aborted', async () => {
      const { proxy } = start()
      const controller = new AbortController()
      let answer = (_: string) => {}
      const asked = vi.fn((_: number) => new Promise<string>((resolve) => (answer = resolve)))
      const call = proxy.keepAndAsk(asked, controller.signal)
      await vi.waitFor(() => expect(asked).toHaveBeenCalledOnce())
      controller.abort(new Error('enough'))
      await expect(call).rejects.toThrow('enough')
      answer('late')
      await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(2))
      answer('later')
      await vi.waitFor(async () =>
        expect(await proxy.readLog()).toEqual(['asks', 'answer: late', 'answer: later']),
      )
      await proxy.releaseKept()
      expect(await proxy.countSnapshots()).toMatchObject({ pendingCalls: 0, callbacks: 0 })
    })

    it('a callback answers after its call has returned, where it was called before', async () => {
      const { proxy } = start()
      const list = vi.fn(async () => 'answered')
      expect(await proxy.sum([1, 2], list)).toBe(2)
      await vi.waitFor(async () => expect(await proxy.countSnapshots()).toMatchObject({ callbacks: 0 }))
      expect(list).toHaveBeenCalledOnce()
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

    it('AbortSignal.timeout bounds a call, before the thread is ready and while it waits', async () => {
      const { proxy, ready } = start()
      const timeout = expect.objectContaining({ name: 'TimeoutError' })
      await expect(proxy.untilAborted({ signal: AbortSignal.timeout(0) })).rejects.toEqual(timeout)
      await ready
      const call = proxy.untilAborted({ signal: AbortSignal.timeout(20) })
      await expect(call).rejects.toEqual(timeout)
      await vi.waitFor(async () => expect((await proxy.readLog()).at(-1)).toMatch(/^aborted: /))
      expect(threads.at(-1)?.stats()).toMatchObject({ pendingCalls: 0, signals: 0 })
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

    it('a value marked by transfer can be passed again when its call has failed, and then moves', async () => {
      const { proxy, ready } = start()
      await ready
      const bytes = new Uint8Array(16)
      transfer(bytes, [bytes.buffer])
      await expect(proxy.echoAll(bytes, new WeakMap())).rejects.toMatchObject({ code: 'NOT_CLONEABLE' })
      const reason = new Error('before')
      await expect(proxy.echoAll(bytes, AbortSignal.abort(reason))).rejects.toBe(reason)
      await expect(proxy.echoAll({ deep: [bytes, () => {}, new WeakMap()] })).rejects.toMatchObject({
        code: 'NOT_CLONEABLE',
      })
      expect(bytes.length).toBe(16)
      expect(await proxy.kindOf(bytes)).toBe('[object Uint8Array]')
      expect(bytes.length).toBe(0)
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
}

/** As the adapters do. */
const cancelCall = (call: Promise<unknown>, reason: unknown) =>
  (call as unknown as Record<symbol, (reason: unknown) => void>)[Symbol.for('bgthread.cancel')]?.(reason)
