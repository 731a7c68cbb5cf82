/** What no honest message holds, by where it may stand. */
import * as Wire from '../../../src/core/protocol.js'
import type { Random } from '../../browser/chaos/random'

type Make = (random: Random) => unknown

/** Longer than anybody would wait, where it is gone through item by item. */
const LONG = 1e9

/** Names that objects have by themselves. */
const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'length',
  'toString',
  'then',
  'polluted',
  'message',
  '0',
  '',
]

/** A few arrays or objects, which are a billion where each is looked at wherever it stands. */
function tower(make: (below: unknown) => unknown): unknown {
  let value: unknown = 1
  for (let level = 0; level < 30; level++) value = make(value)
  return value
}

function cycle(): unknown {
  const array: unknown[] = []
  array.push(array, { array })
  return array
}

const poisoned = () =>
  JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}') as unknown

const IDS: Make[] = [
  (random) => 1e9 + random.between(0, 8),
  (random) => 1e9 + random.between(0, 8),
  (random) => -1e9 - random.between(0, 8),
  (random) =>
    random.pick<unknown>([
      -1,
      0,
      -0,
      2.5,
      1e-9,
      2 ** 53,
      -(2 ** 31),
      NaN,
      Infinity,
      1n,
      '1',
      '3',
      [3],
      true,
      null,
      undefined,
    ]),
  (random) => random.pick(NAMES),
  () => ({ length: 1, 0: 1 }),
  () => tower((below) => [below, below]),
]

const VALUES: Make[] = [
  (random) => random.pick<unknown>([null, undefined, true, 0, 1, -1, NaN, 'text', 7n, '5']),
  (random) => random.pick(NAMES),
  (random) => random.between(0, 30),
  () => poisoned(),
  () => new Array<unknown>(LONG),
  () => Object.assign(new Array<unknown>(4_294_967_295), [1, 2]),
  () => ({ length: LONG, 0: 1 }),
  () => ({ length: LONG, toString: 1, valueOf: null }),
  () =>
    new Map<unknown, unknown>([
      ['__proto__', 1],
      [{}, []],
    ]),
  () => new Set<unknown>([1, {}]),
  () => new Date(NaN),
  () => /x/g,
  () => new RangeError('odd'),
  () => new Int32Array([0, 1, -1, 5]),
  () => new Float64Array([0.5, NaN, 1e300]),
  () => new BigInt64Array(2),
  () => new DataView(new ArrayBuffer(4)),
  () => tower((below) => [below, below]),
  () => tower((below) => ({ a: below, b: below })),
  () => tower((below) => [{}, { a: below, b: below }]),
  () => cycle(),
  (random) => [oddId(random), oddId(random)],
  // Cannot be cloned: whoever says it is told.
  () => Symbol('odd'),
]

const TEXTS = [
  '[',
  '5',
  'null',
  '{"length":3}',
  '"__proto__"',
  '{"__proto__":{"polluted":1}}',
  '[{"__proto__":{"polluted":1}}]',
  '[1,2,3]',
  '[[[[[[]]]]]]',
  'add',
  'watch',
  'constructor',
  '_private',
  'onStop',
  'saveState',
  'toJSON',
  'accessor',
  'field',
  'hasOwnProperty',
]

export const oddId: Make = (random) => random.pick(IDS)(random)
export const oddValue: Make = (random) => random.pick(VALUES)(random)
export const oddText: Make = (random) => random.pick(TEXTS)

/** @param containers that the holes may be said to be in */
export function oddHoles(random: Random, containers: readonly unknown[]): unknown {
  if (random.next() < 0.1) return oddValue(random)
  return Array.from({ length: random.between(0, 3) }, () => {
    if (random.next() < 0.1) return oddValue(random)
    return [
      random.next() < 0.7 ? random.pick(containers) : oddValue(random),
      random.pick<unknown>([0, 1, 'length', 4_294_967_290, oddId(random), random.pick(NAMES)]),
      random.pick<unknown>([Wire.CALLBACK, Wire.CALLBACK, Wire.SIGNAL, 2, null]),
      random.next() < 0.8 ? 1e9 : random.pick([random.pick(containers), oddId(random)]),
    ]
  })
}

/** An error that was never thrown. */
export function oddError(random: Random): unknown {
  const error: Record<string, unknown> = {
    type: random.pick<unknown>(['Error', 'RangeError', 'DOMException', ...NAMES, 5]),
    name: 'Error',
    message: 'odd',
    stack: '',
    props: [[random.pick(NAMES), { value: oddValue(random) }]],
    cause: { error: { type: 'Error', name: '', message: '', stack: '', props: [] } },
    inside: [[oddValue(random), random.pick(NAMES), 0, { type: 'Error', props: [] }]],
  }
  const spoilt = random.between(0, 2)
  for (let i = 0; i < spoilt; i++) error[random.pick(Object.keys(error))] = oddValue(random)
  if (random.next() < 0.1)
    return { ...error, cause: tower((below) => ({ error: { ...error, cause: below, errors: [below] } })) }
  if (random.next() < 0.1) error['cause'] = { error }
  return error
}

/** A patch of an object or a list that was made by nobody. */
export function oddPatch(random: Random): unknown {
  const runs = () =>
    random.pick<unknown>([
      [0, random.between(0, 30)],
      [-1, 1, 0, 3],
      [0, LONG],
      [-1, LONG],
      [0, 1, 0, 1],
      [oddId(random), oddId(random)],
      new Int32Array([0, 5, -1, 1]),
      oddValue(random),
    ])
  const column = () => [
    [random.pick(NAMES), 'title'],
    [0, random.between(0, 20)],
    ['a', 'b', 'c', 'd'],
  ]
  const object = () => [
    { [random.pick(NAMES)]: oddValue(random) },
    { rows: list() },
    random.pick<unknown>([[], ['rows'], runs()]),
  ]
  const list = (): unknown => [
    runs(),
    [oddValue(random)],
    random.next() < 0.5 ? [column(), random.next() < 0.5 ? column() : oddValue(random)] : [],
    random.next() < 0.5 ? [random.between(0, 5), oddValue(random)] : [],
  ]
  const patch = (random.next() < 0.7 ? object() : list()) as unknown[]
  if (random.next() < 0.3) patch[random.between(0, patch.length - 1)] = oddValue(random)
  return patch
}
