// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import { computed, customRef, reactive, readonly, ref, shallowRef, toRef } from 'vue'
import { holdsMiscloned } from '../../src/core/miscloned.js'

/** The value in something else, which is cloned with it. */
const within: Record<string, (value: unknown) => unknown> = {
  itself: (value) => value,
  'a list': (value) => [1, value],
  'a list with gaps': (value) => Object.assign(new Array(1_000_000_000), { 999_999_998: value }),
  'a property of a list': (value) => Object.assign([1, 2], { extra: value }),
  'a property of a list with as many gaps': (value) => Object.assign(new Array(1), { extra: value }),
  'an object': (value) => ({ a: 1, b: { c: value } }),
  'an object without a prototype': (value) => Object.assign(Object.create(null) as object, { a: value }),
  'an instance': (value) =>
    new (class {
      own = value
    })(),
  'an instance that inherits properties': (value) =>
    Object.assign(
      Object.create({
        inherited: 1,
        get bad() {
          throw new Error('was read')
        },
      }) as object,
      { own: value },
    ),
  'a map': (value) => new Map([['a', value]]),
  'the key of a map': (value) => new Map([[value, 1]]),
  'a set': (value) => new Set([value]),
  'the cause of an error': (value) => ({ error: new TypeError('t', { cause: value }) }),
  'the cause of a cause': (value) => new Error('1', { cause: new RangeError('2', { cause: [value] }) }),
  'an AggregateError': (value) => new AggregateError([new Error('1'), value]),
  'the last of many rows': (value) => [...Array.from({ length: 20_000 }, (_, id) => ({ id })), { id: value }],
  'what a cycle leads to': (value) => {
    const cycle: unknown[] = []
    cycle.push({ cycle }, [cycle], { value })
    return cycle
  },
  'what is nested deeply': (value) => {
    let deep = value
    for (let i = 0; i < 20_000; i++) deep = i % 3 ? { deep } : [deep]
    return deep
  },
  'many dates and rows of classes': (value) => {
    class Row {
      at = new Date()
    }
    return [...Array.from({ length: 100 }, () => [new Row(), /a/]), value]
  },
}

const wrong: Record<string, unknown> = {
  ref: ref(1),
  shallowRef: shallowRef([]),
  computed: computed(() => 1),
  customRef: customRef(() => ({ get: () => 1, set() {} })),
  'a ref to a property': toRef(reactive({ a: 1 }), 'a'),
  'a ref made of a getter': toRef(() => 1),
  'a readonly ref': readonly(ref(1)),
  'a signal': new AbortController().signal,
}

describe('holdsMiscloned', () => {
  describe.each(Object.entries(within))('in %s', (_, put) => {
    it.each(Object.entries(wrong))('finds %s', (_, value) => {
      expect(holdsMiscloned(put(value))).toBe(true)
    })

    it('finds nothing where all is cloned as it is meant', () => {
      for (const value of [
        1,
        null,
        'ref',
        {},
        [],
        new Date(),
        new Error('e'),
        new Uint8Array(9),
        { __v_isRef: true },
      ])
        expect(holdsMiscloned(put(value))).toBe(false)
    })
  })

  it('ends where much is shared, and where everything is a cycle', () => {
    let shared: unknown = [{}]
    for (let i = 0; i < 60; i++) shared = { a: shared, b: shared }
    expect(holdsMiscloned(shared)).toBe(false)
    const nodes = Array.from({ length: 2_000 }, () => ({ next: [] as unknown[] }))
    for (const node of nodes) node.next = nodes
    expect(holdsMiscloned(nodes)).toBe(false)
  })

  it('looks into no bytes, no elements and no getters of platform objects', () => {
    const element = document.createElement('div')
    const mine = Object.assign(element, { mine: ref(1) })
    expect(holdsMiscloned([new Uint8Array(1e9), mine])).toBe(false)
  })

  it('leaves a proxy that throws to structured clone', () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    expect(holdsMiscloned([proxy, ref(1)])).toBe(false)
  })

  it('meets the classes of instances', () => {
    class A {}
    class B extends A {}
    const met = new Set<object>()
    holdsMiscloned([{}, [new A()], new Map([[1, new B()]]), new Date()], (prototype) => met.add(prototype))
    expect([...met]).toEqual([A.prototype, B.prototype])
  })
})
