import { inspect } from 'node:util'
import { isReactive, isRef, reactive, ref, shallowRef, unref } from 'vue'
import { describe, expect, it } from 'vitest'
import { Callbacks } from '../../src/core/callbacks.js'
import { Outbox } from '../../src/core/outbox.js'
import { makeProxy } from '../../src/core/proxy.js'
import { makeCaller } from './pair.js'

type Loose = Record<string | symbol, unknown>

/** A proxy, and how much has been asked through it. */
function make() {
  const outbox = new Outbox('token', () => {})
  const caller = makeCaller({ outbox, callbacks: new Callbacks(), name: 'todos' })
  const proxy = makeProxy('todos', (...call) => caller.call(...call)) as Loose
  return { proxy, asked: () => outbox.batch.length - 1 + caller.stats.pendingCalls }
}

describe('the proxy', () => {
  it('every other name is a method, and always the same one', () => {
    const { proxy, asked } = make()
    expect(typeof proxy.add).toBe('function')
    expect(proxy.add).toBe(proxy.add)
    expect(proxy.add).not.toBe(proxy.remove)
    expect(asked()).toBe(0)
    ;(proxy.add as (title: string) => Promise<void>)('milk').catch(() => {})
    expect(asked()).toBeGreaterThan(0)
  })

  it.each<[string, (proxy: Loose) => unknown]>([
    ['await', async (proxy) => expect(await proxy).toBe(proxy)],
    ['Promise.resolve', async (proxy) => expect(await Promise.resolve(proxy)).toBe(proxy)],
    ['JSON.stringify', (proxy) => expect(JSON.stringify({ proxy })).toBe('{"proxy":{}}')],
    ['String', (proxy) => expect(String(proxy)).toBe("[thread 'todos']")],
    ['a template', (proxy) => expect(`${proxy as never}`).toBe("[thread 'todos']")],
    ['adding', (proxy) => expect((proxy as never) + '').toBe("[thread 'todos']")],
    ['toString', (proxy) => expect((proxy.toString as () => string)()).toBe("[thread 'todos']")],
    ['toStringTag', (proxy) => expect(Object.prototype.toString.call(proxy)).toBe('[object Remote]')],
    ['inspect', (proxy) => expect(inspect(proxy, { depth: 5, showHidden: true })).toBeTypeOf('string')],
    ['inspect as a proxy', (proxy) => expect(inspect({ proxy }, { showProxy: true })).toBeTypeOf('string')],
    ['spread', (proxy) => expect({ ...proxy }).toEqual({})],
    ['Object.keys', (proxy) => expect(Reflect.ownKeys(proxy)).toEqual([])],
    [
      'for in',
      (proxy) => {
        for (const key in proxy) expect.unreachable(key)
      },
    ],
    ['in', (proxy) => expect(['then', 'add', 'toString'].filter((name) => name in proxy)).toEqual([])],
    [
      'instanceof',
      (proxy) => expect([proxy instanceof Object, proxy instanceof Promise]).toEqual([false, false]),
    ],
    ['iteration', (proxy) => expect(() => [...(proxy as never)]).toThrow(TypeError)],
    ['Array.isArray', (proxy) => expect(Array.isArray(proxy)).toBe(false)],
    [
      'expect',
      (proxy) => {
        expect(proxy).toBe(proxy)
        expect(proxy).toEqual(proxy)
        expect({ proxy }).not.toEqual({ proxy: { a: 1 } })
      },
    ],
    ['structuredClone', (proxy) => expect(() => structuredClone({ proxy })).toThrow('could not be cloned')],
    [
      'reactive',
      (proxy) => {
        const state = reactive({ proxy })
        expect([
          state.proxy === proxy,
          isReactive(reactive(proxy)),
          isRef(proxy),
          unref(proxy) === proxy,
        ]).toEqual([true, false, false, true])
        expect([ref(proxy).value === proxy, shallowRef(proxy).value === proxy]).toEqual([true, true])
      },
    ],
    [
      'probes of frameworks',
      (proxy) => {
        const probes =
          '__v_isRef __v_raw __v_isReactive __esModule $$typeof @@iterator @@observable then toJSON asymmetricMatch nodeType tagName'
        for (const probe of probes.split(' ')) expect([probe, proxy[probe]]).toEqual([probe, undefined])
        for (const symbol of [
          Symbol.iterator,
          Symbol.asyncIterator,
          Symbol.for('nodejs.util.inspect.custom'),
          Symbol('any'),
        ])
          expect(proxy[symbol]).toBeUndefined()
        expect(proxy.constructor).toBe(Object)
        expect(proxy.__v_skip).toBe(true)
      },
    ],
  ])('%s never asks the thread', async (_, use) => {
    const { proxy, asked } = make()
    await use(proxy)
    expect(asked()).toBe(0)
  })

  it.each<[string, (proxy: Loose) => unknown]>([
    ['set', (proxy) => (proxy.add = () => {})],
    ['set a symbol', (proxy) => (proxy[Symbol('a')] = 1)],
    ['set its prototype', (proxy) => Object.setPrototypeOf(proxy, {})],
    ['set __proto__', (proxy) => (proxy.__proto__ = {})],
    ['delete', (proxy) => delete proxy.add],
    ['define', (proxy) => Object.defineProperty(proxy, 'add', { value: 1, configurable: true })],
    ['freeze', (proxy) => Object.freeze(proxy)],
    ['assign', (proxy) => Object.assign(proxy, { add: 1 })],
    ['call', (proxy) => (proxy as unknown as () => void)()],
    ['construct', (proxy) => new (proxy as unknown as new () => object)()],
  ])('%s throws a TypeError and changes nothing', (_, change) => {
    const { proxy, asked } = make()
    const { add } = proxy
    expect(() => change(proxy)).toThrow(TypeError)
    expect(proxy.add).toBe(add)
    expect([Reflect.ownKeys(proxy), Object.getPrototypeOf(proxy), asked()]).toEqual([[], null, 0])
  })

  it('a method needs no receiver, and shows nothing of the caller', () => {
    const { proxy, asked } = make()
    const { add } = proxy as { add: (...args: unknown[]) => Promise<unknown> }
    add('milk').catch(() => {})
    expect(asked()).toBeGreaterThan(0)
    expect(Reflect.ownKeys(add).filter((key) => key !== 'length' && key !== 'name')).toEqual([])
  })
})
