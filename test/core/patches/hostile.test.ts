import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { apply } from '../../../src/core/apply'
import { shapeOf } from '../shape'
import { Channel } from './channel'
import { PATIENCE, runs } from './runs'
import { randomFrom, Walker } from './walk'

/** Snapshots and the patches that were made for them. */
const samples = Array.from({ length: 40 }, (_, seed) => {
  const walker = new Walker(randomFrom(seed))
  const channel = new Channel()
  const base = channel.send(walker.state)
  walker.step(seed % 2 ? 'in place' : 'replaced')
  channel.send(walker.state)
  return { base, shape: shapeOf(base), patch: channel.crossed }
})

const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    undefined,
    true,
    NaN,
    -1,
    -2,
    0,
    0.5,
    1e-9,
    1,
    2,
    255,
    256,
    1e9,
    Infinity,
    2 ** 53,
  ),
  fc.constantFrom<unknown>('', '0', '1', 'length', '__proto__', 'constructor', 'rows', 1n, new Date(1)),
  fc.nat(30),
  fc
    .constantFrom<() => unknown>(
      () => new Array(1e9),
      () => ({ length: 1e9 }),
      () => ({ length: 2, 0: 0, 1: 1e9 }),
      () => new Int32Array([0, 1, -1, 5]),
      () => new Map([[1, 2]]),
      () => new Set([1]),
      () =>
        JSON.parse(
          '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}',
        ) as unknown,
      () => [[0, 1e9]],
      () => [[-1, 1e9], [1]],
      () => [new Array(1e9), new Array(1e9), new Array(1e9)],
      () => [[-1, 1e9], new Array(1e9)],
      () => [{}, {}, new Array(1e9)],
      () => [[0, 1], [], new Array(1e9)],
      () => [[0, 1], [], [[['id'], [0], new Array(1e9)]]],
      () => [[0, 1], [], [[new Array(1e9), [0], [1]]]],
      () => [[0, 1], [], [[['id'], new Array(1e9), [1]]]],
      () => [{ length: 1e9 }, { length: 1e9 }],
      () => [[0, 1, 0, 1, 0, 1]],
      () => [],
    )
    .map((make) => make()),
  fc.jsonValue(),
)

/** Puts a value somewhere into a copy of a patch. @param way picks the branches @param depth how far down at most */
function spoil(patch: unknown, way: number[], value: unknown): unknown {
  const [branch, ...rest] = way
  if (typeof patch !== 'object' || patch === null || branch === undefined) return value
  // Item by item, since a list may be long and empty.
  const copy: object = Object.assign(Array.isArray(patch) ? [] : {}, patch)
  const keys = Object.keys(copy)
  const key = keys[branch % (keys.length + 1)] ?? 'new'
  const target = copy as Record<string, unknown>
  Object.defineProperty(target, key, {
    ...Object.getOwnPropertyDescriptor(target, key),
    value: spoil(target[key], rest, value),
  })
  return copy
}

/** How many items are in the lists, maps and sets of a value; a list is as long as it says. */
function itemsIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1
  const parts =
    value instanceof Map ? [...value].flat() : value instanceof Set ? [...value] : Object.values(value)
  const length = Array.isArray(value) ? value.length : 0
  return parts.reduce<number>((sum, part) => sum + itemsIn(part), Math.max(length, 1))
}

const builtIns = () =>
  [Object, Array, Map, Set, Function, Date].map(({ prototype }) => Reflect.ownKeys(prototype).length)

/** The patch is applied or refused, and nothing else happens. */
function attempt({ base, shape }: { base: unknown; shape: string }, patch: unknown): void {
  const before = builtIns()
  try {
    const made = apply(base, patch)
    expect(made).not.toBe(base)
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error
  }
  expect(shapeOf(base)).toBe(shape)
  expect(builtIns()).toEqual(before)
  expect(({} as { polluted?: unknown }).polluted).toBe(undefined)
}

const sample = fc.nat(samples.length - 1).map((at) => samples[at] as (typeof samples)[number])

describe('a hostile patch', () => {
  it('is applied or refused; neither the snapshot nor a prototype is touched', PATIENCE, () => {
    fc.assert(
      fc.property(sample, odd, (one, patch) => attempt(one, patch)),
      { numRuns: runs(1_000) },
    )
  })

  it('that was a real one before it was spoilt, too', PATIENCE, () => {
    const way = fc.array(fc.nat(20), { maxLength: 7 })
    const spoils = fc.array(fc.tuple(way, odd), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(sample, spoils, (one, list) => {
        attempt(
          one,
          list.reduce((patch, [way, value]) => spoil(patch, way, value), one.patch),
        )
      }),
      { numRuns: runs(2_500) },
    )
  })

  it('makes no list much longer than what was there and what it brings', PATIENCE, () => {
    const run = fc.tuple(
      fc.oneof(fc.constant(-1), fc.nat(12)),
      fc.oneof(fc.nat(12), fc.constantFrom<unknown>(0.5, 1e-9, '1', 1e9)),
    )
    const list = fc.array(run, { maxLength: 400 }).map((runs) => runs.flat())
    fc.assert(
      fc.property(list, fc.array(fc.nat(), { maxLength: 20 }), (runs, added) => {
        for (const base of [[1, 2, [3], 4, 5], new Set([1, 2, 3]), new Map([[1, 1]])]) {
          try {
            const made = apply(base, [runs, added])
            expect(itemsIn(made)).toBeLessThanOrEqual(2 * (itemsIn(base) + added.length) + 2)
          } catch (error) {
            if (!(error instanceof TypeError || error instanceof RangeError)) throw error
          }
        }
      }),
      { numRuns: runs(1_000) },
    )
  })

  it('for something else is refused', () => {
    const refused: [base: unknown, patch: unknown][] = [
      [[1, 2], [[0, 3]]],
      [[1, 2], [[0, 2, 0, 1]]],
      [[1, 2], [[-1, 1]]],
      [
        [1, 2],
        [[0, 1], [], [], [0, []]],
      ],
      [[{}], [[0, 1], [], [[['a'], [0], [1]]], [0, []]]],
      [
        [{}],
        [
          [0, 1],
          [],
          [
            [['a'], [0], [1]],
            [['b'], [0], [1]],
          ],
        ],
      ],
      [[{}], [[0, 1], [], [[['a'], [1], [1]]]]],
      [[{}], [[0, 1], [], [[['a', 'b'], [0], [1]]]]],
      [[{}], [[0, 1], [], [[['a'], [0], [1, 2]]]]],
      [
        [{}, {}],
        [[0, 2], [], [[['a'], [0, 1], new Array(2)]]],
      ],
      [[[]], [[0, 1], [], [[['a'], [0], [1]]]]],
      [{ a: 1, b: 2 }, [{}, {}, [0, 1, 0, 2]]],
      [{ a: 1 }, [{}, {}, [-1, 1, 0, 1]]],
      [[[]], [[0, 1], [], [], [0, [], 0, []]]],
      [{ a: 1 }, [{}, { b: [] }]],
      [{ a: {} }, [{}, { a: [] }, ['a']]],
      [{ a: {} }, [{}, { toString: [] }]],
      [new Date(), []],
      [new Error('e'), []],
      [new Uint8Array(2), []],
      [null, []],
      [undefined, []],
      [1, []],
      ['text', []],
      [{}, {}],
      [{}, 'text'],
      [{}, null],
    ]
    for (const [base, patch] of refused) expect(() => apply(base, patch)).toThrow(TypeError)
  })

  it('that stands in many places of a snapshot is refused, not applied in each', () => {
    let base: unknown = {}
    let patch: unknown[] = [{ a: 1 }]
    for (let level = 0; level < 30; level++) {
      base = { a: base, b: base }
      patch = [{}, { a: patch, b: patch }]
    }
    expect(() => apply(base, patch)).toThrow(TypeError)
  })

  it('whose numbers and names are long texts is refused, and those are not written', () => {
    let text: unknown = [1]
    for (let level = 0; level < 30; level++) text = [text, text]
    for (const patch of [
      [[text, 1]],
      [[0, text]],
      [{ length: text, 0: 0, 1: 1 }],
      [[0, 1], [], [], [text, []]],
      [[0, 1], [], [[['a'], [text], [1]]]],
      [[0, 1], [], [[['a'], { length: text }, [1]]]],
      [[0, 1], [], [[[text], [0], [1]]]],
      [[0, 1], [], { length: text }],
      [[0, 1], [], [], { length: text }],
    ])
      expect(() => apply([{}], patch)).toThrow(TypeError)
  })

  it('of a great depth fails at most', () => {
    let base: unknown = {}
    let patch: unknown[] = []
    for (let depth = 0; depth < 100_000; depth++) {
      base = { a: base }
      patch = [{}, { a: patch }]
    }
    expect(() => apply(base, patch)).toThrow(RangeError)
  })
})
