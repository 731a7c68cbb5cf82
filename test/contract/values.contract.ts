/** Promise 1, a value is what it was when it was passed or returned. */
import { describe, expect, it, vi } from 'vitest'
import { isRef } from 'vue'
import type { Contract } from './harness'
import type { Row } from './row'
import { REFS } from './values.logic'

/** What refs and reactive data stand for. */
function plain(value: unknown): unknown {
  if (isRef(value)) return plain(value.value)
  if (Array.isArray(value)) return value.map(plain)
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, plain(item)]))
  if (value instanceof Set) return new Set([...value].map(plain))
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Error)
    return Reflect.construct(value.constructor, [value.message, { cause: plain(value.cause) }])
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]))
}

export function describeValues({ transport, start }: Contract): void {
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

    it.each(Object.keys(REFS))('%s arrives as its value, whichever way it goes', async (which) => {
      const { proxy } = start()
      const value = plain(REFS[which]?.())
      expect(await proxy.giveRefs(which), 'a result').toEqual(value)
      expect(await proxy.echo(REFS[which]?.()), 'an argument').toEqual(value)
      const callback = vi.fn((_: unknown) => Promise.resolve(REFS[which]?.()))
      expect(await proxy.callWithRefs(which, callback), "a callback's result").toEqual(value)
      expect(callback.mock.calls, "a callback's argument").toEqual([[value]])
      const thrown = await proxy.throwRefs(which).catch((error: unknown) => error)
      expect((thrown as { value: unknown }).value, 'a property of an error').toEqual(value)
      for await (const yielded of proxy.yieldRefs(which)) expect(yielded, 'a value').toEqual(value)
      const shown = proxy.watchShown()
      const stop = shown.subscribe(() => {})
      await proxy.showRefs(which)
      expect(shown.get(), 'a snapshot').toEqual(value)
      await proxy.showRefs(which)
      expect(shown.get(), 'the next snapshot').toEqual(value)
      stop()
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
}
