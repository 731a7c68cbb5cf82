import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { reactive, ref, shallowRef } from 'vue'
import type { Hole } from '../../src/core/protocol.js'
import { fillHoles, findUncloneable, isCloneable, makeRich } from '../../src/core/rich.js'
import { transfer } from '../../src/core/transfer.js'
import { make, recipes, shapeOf } from './shape'

const none = () => expect.unreachable('no proxy was passed')

/** Over to the other side and back: what stands in the holes there is what was taken out here. */
function cross(args: unknown[], everywhere: boolean): unknown[] {
  const found: object[] = []
  const enter = (it: object) => found.push(it) - 1
  const {
    args: rich,
    holes,
    moves: { list: transfer },
  } = makeRich(args, { addCallback: enter, addSignal: enter, addLine: none }, everywhere)
  const [arrived, arrivedHoles] = structuredClone([rich, holes], { transfer }) as [unknown[], Hole[]]
  fillHoles(arrivedHoles, (kind, reference) => {
    const it = found[reference as number]
    expect(kind).toBe(typeof it === 'function' ? 0 : 1)
    return it
  })
  return arrived
}

/** Functions and signals by the order in which they are met. */
function labels(): (it: object) => string {
  const known: object[] = []
  return (it) => {
    if (!known.includes(it)) known.push(it)
    return `<${known.indexOf(it)}>`
  }
}

const everyFunction = () => {}

describe('makeRich', () => {
  it.each([false, true])('finds functions and signals at any depth (everywhere: %s)', (everywhere) => {
    const { signal } = new AbortController()
    const args = [
      everyFunction,
      { on: { done: everyFunction }, list: [signal, 1, new Date(5)] },
      new Map([['a', everyFunction]]),
    ]
    expect(cross(args, everywhere)).toEqual(args)
  })

  it.each([false, true])('functions in a Set are members again (everywhere: %s)', (everywhere) => {
    const other = () => {}
    const [set] = cross([new Set<unknown>([null, everyFunction, 'a', other])], everywhere) as [Set<unknown>]
    expect([...set]).toEqual([null, everyFunction, 'a', other])
  })

  it.each([false, true])(
    'a function under an object key of a Map is its value again (everywhere: %s)',
    (everywhere) => {
      const [map] = cross([new Map([[{ id: 1 }, everyFunction]])], everywhere) as [Map<unknown, unknown>]
      expect([...map]).toEqual([[{ id: 1 }, everyFunction]])
    },
  )

  it.each([false, true])('one object that is passed twice arrives as one (everywhere: %s)', (everywhere) => {
    const shared = { run: everyFunction, self: undefined as unknown }
    shared.self = shared
    const [a, [b]] = cross([shared, [shared]], everywhere) as [typeof shared, [unknown]]
    expect(a).toBe(b)
    expect(a.self).toBe(a)
  })

  it('leaves what has nothing to take out as it is', () => {
    const rows = [{ id: 1 }]
    const { args, holes } = makeRich(
      [rows, { rows, run: everyFunction }],
      { addCallback: () => 7, addSignal: () => 0, addLine: none },
      false,
    )
    expect(args[0]).toBe(rows)
    expect((args[1] as { rows: unknown }).rows).toBe(rows)
    expect(holes).toEqual([[args[1], 'run', 0, 7]])
  })

  it('does not walk through what is large, unless it is to go everywhere', () => {
    const large = Array.from({ length: 1_000 }, () => ({ run: () => {} }))
    let entered = 0
    const keeper = { addCallback: () => ++entered, addSignal: () => 0, addLine: none }
    expect(makeRich([large, everyFunction], keeper, false).args[0]).toBe(large)
    expect(entered).toBe(1)
    makeRich([large, everyFunction], keeper, true)
    expect(entered).toBe(1_002)
  })

  it('reads reactive proxies of Vue into plain data', () => {
    const state = reactive({
      rows: [{ id: 1, tags: new Set(['a']) }],
      index: new Map([['a', { b: 1 }]]),
      count: ref(2),
    })
    expect(isCloneable(state)).toBe(false)
    expect(cross([state], true)).toEqual([
      { rows: [{ id: 1, tags: new Set(['a']) }], index: new Map([['a', { b: 1 }]]), count: 2 },
    ])
  })

  it.each([false, true])('takes a ref for its value (everywhere: %s)', (everywhere) => {
    const refs = [ref(1), { a: shallowRef([2]) }, ref(undefined), new Set([ref(null)])]
    expect(cross(refs, everywhere)).toEqual([1, { a: [2] }, undefined, new Set([null])])
  })

  it('moves what transfer has marked, at any depth, once', () => {
    const bytes = new Uint8Array([1, 2])
    const port = new MessageChannel().port1
    transfer(bytes, [bytes.buffer])
    const message = transfer({ port, bytes }, [port, bytes.buffer])
    const rich = makeRich(
      [{ deep: [message] }],
      { addCallback: () => 0, addSignal: () => 0, addLine: none },
      false,
    )
    expect(rich.moves.list).toEqual([port, bytes.buffer])
    const again = () =>
      makeRich([message], { addCallback: () => 0, addSignal: () => 0, addLine: none }, false).moves.list
    expect(again()).toEqual([port, bytes.buffer])
    rich.moves.spend()
    expect(again()).toEqual([])
    port.close()
  })

  it('keeps holes of arrays, own __proto__ and what structured clone takes as one piece', () => {
    const args = [
      Object.assign(new Array<unknown>(3), { 0: 1, 2: everyFunction }),
      JSON.parse('{"__proto__":{"a":1}}'),
      new Date(5),
      /a/g,
      new Error('e'),
      new Uint8Array(2),
    ]
    const arrived = cross(args, true)
    expect(arrived).toEqual(args)
    expect(1 in (arrived[0] as unknown[])).toBe(false)
    expect(Object.keys(arrived[1] as object)).toEqual(['__proto__'])
  })

  it.each<[string, () => unknown]>([
    ['function', () => () => {}],
    ['signal', () => new AbortController().signal],
  ])('a %s cannot be the key of a Map', (_, make) => {
    const map = new Map([[make(), 1]])
    for (const everywhere of [false, true])
      expect(() => cross([map, everyFunction], everywhere)).toThrow(/key of a Map/)
    expect(findUncloneable([{ map }], 'args')).toMatch(/^args\[0\]\.map\.key\(/)
  })

  it('an object that calls itself a Map keeps its properties', () => {
    const fake = { [Symbol.toStringTag]: 'Map', size: 1 }
    expect(cross([fake], true)).toEqual([{ size: 1 }])
  })

  const kinds = ['function', 'signal', 'date', 'bytes'] as const

  it.each([false, true])(
    'what arrives has the shape of what was passed, and that is untouched (everywhere: %s)',
    (everywhere) => {
      let crossed = 0
      fc.assert(
        fc.property(fc.array(recipes([...kinds], ['map', 'set', 'again']), { maxLength: 3 }), (list) => {
          const made: object[] = []
          const args = list.map((recipe) => make(recipe, made))
          const before = shapeOf(args, labels())
          for (const container of made) if (!ArrayBuffer.isView(container)) Object.freeze(container)
          expect(shapeOf(cross(args, everywhere), labels())).toBe(before)
          expect(shapeOf(args, labels())).toBe(before)
          crossed++
        }),
        { numRuns: 10_000 },
      )
      expect(crossed).toBe(10_000)
    },
  )
})

describe('fillHoles', () => {
  it('an own property is filled whatever its name', () => {
    const object = JSON.parse('{"__proto__":null}') as object
    fillHoles([[object, '__proto__', 0, 1]], () => 'filled')
    expect(Object.keys(object)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype)
  })

  it.each<[string, unknown]>([
    ['no list', 'holes'],
    ['nothing', undefined],
    ['what is no hole', [1, null, {}, []]],
    ['a hole in nothing', [[null, 'a', 0, 1]]],
    ['a hole in a text', [['text', 0, 0, 1]]],
  ])('ignores %s', (_, holes) => {
    fillHoles(holes, () => 'filled')
  })
})

describe('findUncloneable', () => {
  const element = new WeakMap()
  const f = () => {}
  it.each<[string, unknown]>([
    ['args', f],
    ['args', Symbol('s')],
    ['args', element],
    ['args[0].user.element', [{ user: { name: 'ada', element } }]],
    ['args.rows[3]', { rows: [1, 2, 3, f] }],
    ['args["a b"]["0"]', { 'a b': { 0: f } }],
    ['args[0].extra', [Object.assign([1], { extra: f })]],
    ['args.get("key")[1]', new Map([['key', [1, f]]])],
    ['args.key(key)', new Map([[Object.assign(() => {}, { toString: () => 'key' }), 1]])],
    ['args.item(1).a', new Set<unknown>([1, { a: f }])],
    ['args.a', Object.defineProperty({}, 'a', { enumerable: true, get: () => expect.unreachable() })],
    ['args[1]', [1, Promise.resolve(), f]],
  ])('names %s', (path, value) => {
    expect(findUncloneable(value, 'args')).toBe(path)
  })

  it('is the path itself where everything can be cloned', () => {
    const cyclic: unknown[] = [new Date(), new Map([[1, new Set([2])]])]
    cyclic.push(cyclic)
    expect(findUncloneable(cyclic, 'result')).toBe('result')
  })

  it('what is moved needs no clone', () => {
    const { port1, port2 } = new MessageChannel()
    expect(findUncloneable({ port1 }, 'args')).toBe('args.port1')
    expect(findUncloneable({ port1, f }, 'args', [port1])).toBe('args.f')
    port1.close()
    port2.close()
  })

  it('names what cannot even be looked at', () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    expect(findUncloneable({ a: [proxy] }, 'args')).toBe('args.a[0]')
    expect(findUncloneable({ key: new Map([[proxy, 1]]) }, 'args')).toBe('args.key')
  })

  it('names a part that reactive data hides', () => {
    expect(findUncloneable({ a: reactive({ b: f }) }, 'args')).toBe('args.a.b')
  })
})
