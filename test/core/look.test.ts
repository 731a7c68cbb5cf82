import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { ref } from 'vue'
import { isVueRef, lookAt } from '../../src/core/look.js'
import { transfer } from '../../src/core/transfer.js'
import { make, recipes, shapeOf } from './shape'

describe('lookAt', () => {
  it.each([
    [[]],
    [['milk', 1, true, null]],
    [{ a: { b: [1.5, -1e300] } }],
    [[{ id: 1, title: '', done: false }, { id: 2 }]],
    [Object.assign(Object.create(null) as object, { a: 1 })],
    [[JSON.parse('{"__proto__":{"a":1},"constructor":2}')]],
    [['\ud800', '\udfff\u2028']],
  ])('%j is plain', (value) => {
    expect(lookAt(value)).toBe('plain')
  })

  const shared = {}
  const cyclic: unknown[] = []
  cyclic.push(cyclic)
  it.each<[string, unknown]>([
    ['-0', -0],
    ['NaN', NaN],
    ['an infinity', -Infinity],
    ['undefined', undefined],
    ['a BigInt', 1n],
    ['a symbol', Symbol('s')],
    ['a Date', new Date()],
    ['a class instance', new (class A {})()],
    ['a subclass of Array', new (class extends Array {})()],
    ['a boxed number', new Number(1)],
    ['a Map', new Map()],
    ['an error', new Error('e')],
    ['what has toJSON', { toJSON: 1 }],
    ['what inherits toJSON', Object.create({ toJSON: () => 1 })],
    ['a hole', Object.assign(new Array<number>(3), { 0: 1, 2: 2 })],
    ['an array with an extra property', Object.assign([1], { a: 2 })],
    ['an array with as many extra properties as holes', Object.assign(new Array(1), { a: 2 })],
    ['shared references', [shared, shared]],
    ['a cycle', cyclic],
  ])('%s is not plain, wherever it stands', (_, value) => {
    expect(lookAt(value)).toBe('other')
    expect(lookAt([{ deep: value }])).toBe('other')
  })

  it('an argument that is passed twice is not plain: it must arrive as one object', () => {
    expect(lookAt([shared])).toBe('plain')
    expect(lookAt([shared, { shared }])).toBe('other')
  })

  it.each<[string, unknown]>([
    ['a function', () => {}],
    ['a class', class A {}],
    ['an AbortSignal', new AbortController().signal],
    ['a Vue ref', ref(1)],
  ])('%s is special, also behind what is not plain', (_, value) => {
    expect(lookAt(value)).toBe('special')
    expect(lookAt([undefined, new Date(), { deep: [NaN, value] }])).toBe('special')
  })

  it('a value marked by transfer is special', () => {
    const bytes = new Uint8Array(1)
    expect(lookAt([bytes])).toBe('other')
    transfer(bytes, [bytes.buffer])
    expect(lookAt([bytes])).toBe('special')
  })

  it('gives up on what is large, and does not look into it', () => {
    const numbers = (length: number) => Array.from({ length }, (_, i) => i)
    expect(lookAt(numbers(64))).toBe('plain')
    expect(lookAt(numbers(65))).toBe('other')
    expect(lookAt([numbers(32), numbers(32)])).toBe('other')
    expect(lookAt(numbers(15).map(() => []))).toBe('plain')
    expect(lookAt(numbers(16).map(() => []))).toBe('other')
    expect(lookAt(['x'.repeat(4096)])).toBe('plain')
    expect(lookAt(['x'.repeat(4096), 'x'])).toBe('other')

    let reads = 0
    const long = new Proxy(numbers(1e6), {
      get: (target, key) => (reads++, Reflect.get(target, key) as unknown),
      ownKeys: () => expect.unreachable(),
    })
    expect(lookAt(long)).toBe('other')
    expect(reads).toBeLessThan(10)
  })

  it('runs no getter', () => {
    const value = Object.defineProperty({}, 'a', { enumerable: true, get: () => expect.unreachable() })
    expect(lookAt([value])).toBe('other')
    expect(lookAt(Object.defineProperty([], 0, { enumerable: true, get: () => expect.unreachable() }))).toBe(
      'other',
    )
  })

  it('leaves what cannot be looked at to structured clone', () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    expect(lookAt([proxy])).toBe('other')
  })

  it('whatever it calls plain is the same after JSON as after structured clone', () => {
    let plain = 0
    fc.assert(
      fc.property(
        recipes(['date', 'bytes', 'symbol', 'instance', 'boxed'], ['map', 'set', 'again']),
        (recipe) => {
          const value = make(recipe)
          if (lookAt(value) !== 'plain') return
          plain++
          expect(shapeOf(JSON.parse(JSON.stringify(value)))).toBe(shapeOf(structuredClone(value)))
        },
      ),
      { numRuns: 20_000 },
    )
    expect(plain).toBeGreaterThan(2_000)
  })
})

describe('isVueRef', () => {
  it('knows a ref from an object that looks a little like it', () => {
    expect(isVueRef(ref(1))).toBe(true)
    expect(isVueRef({ value: 1 })).toBe(false)
    expect(isVueRef({ __v_isRef: 'yes', value: 1 })).toBe(false)
  })
})
