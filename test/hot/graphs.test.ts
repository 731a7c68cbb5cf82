// @vitest-environment node
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { carryOver } from './support.js'

/** Holds values in each of the places that state may be in. */
const code = `
import { state } from 'bgthread/worker'
let variable: unknown = 0
const constant: unknown[] = []
class Inner { #value: unknown; hold(value: unknown) { this.#value = value } get held() { return this.#value } }
export default class Todos {
  #field: unknown; open: unknown; #cell = state<unknown>(0); #inner = new Inner(); #made: unknown[] = []; #map = new Map<string, unknown>()
  static #shared: unknown
  hold(values: unknown[]) {
    ;[this.#field, this.open, Todos.#shared, variable] = values
    this.#cell.set(values[4]); this.#inner.hold(values[5]); this.#made.push(values[6]); this.#map.set('key', values[7]); constant.push(values[8])
  }
  held() {
    return [this.#field, this.open, Todos.#shared, variable, this.#cell.get(), this.#inner.held, this.#made, this.#map, constant]
  }
}`

const primitive = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.string({ maxLength: 4 }),
  fc.boolean(),
  fc.constantFrom<unknown>(
    undefined,
    null,
    -0,
    NaN,
    2n ** 70n,
    '__proto__',
    2_000_000_001,
    Symbol.for('a'),
    Symbol.iterator,
  ),
)
const kinds = [
  'array',
  'sparse',
  'object',
  'bare',
  'frozen',
  'map',
  'set',
  'date',
  'regexp',
  'error',
  'bytes',
  'words',
] as const
const strange = ['promise', 'instance', 'function', 'symbol', 'weak', 'getter', 'iterator'] as const
const key = fc.oneof(
  fc.string({ maxLength: 3 }),
  fc.constantFrom('__proto__', 'constructor', 'length', '0', 'a'),
)
/** A part of a node: another node, by its number, or a primitive. */
const part = fc.oneof(
  { weight: 2, arbitrary: fc.record({ to: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.record({ is: primitive }) },
)
const node = (kind: fc.Arbitrary<string>) =>
  fc.record({ kind, parts: fc.array(fc.tuple(key, part, part), { maxLength: 5 }), n: fc.nat(100) })

type Part = { to: number } | { is: unknown }
type Node = { kind: string; parts: [string, Part, Part][]; n: number }

function build(nodes: readonly Node[]): object[] {
  const bytes = new ArrayBuffer(16)
  const made = nodes.map(({ kind, n }): object => {
    switch (kind) {
      case 'array':
      case 'sparse':
        return []
      case 'bare':
        return Object.create(null) as object
      case 'map':
        return new Map()
      case 'set':
        return new Set()
      case 'date':
        return new Date(n)
      case 'regexp':
        return Object.assign(/a+/g, { lastIndex: n })
      case 'error':
        return Object.assign(new RangeError('x'), { code: n })
      case 'bytes':
        return new Uint8Array(bytes, n % 8).fill(n)
      case 'words':
        return new Uint16Array([n, n])
      case 'promise':
        return Promise.resolve()
      case 'instance':
        return new (class Foo {})()
      case 'function':
        return () => n
      case 'symbol':
        return { at: Symbol('unique') }
      case 'weak':
        return new WeakMap()
      case 'getter':
        return {
          get n() {
            return n
          },
        }
      case 'iterator':
        return [n].values()
      default:
        return {}
    }
  })
  const get = (part: Part) => ('to' in part ? made[part.to % made.length] : part.is)
  nodes.forEach(({ kind, parts, n }, i) => {
    const object = made[i]!
    for (const [key, one, two] of parts) {
      if (Array.isArray(object)) object.push(get(one))
      else if (object instanceof Map) object.set(get(one), get(two))
      else if (object instanceof Set) object.add(get(one))
      else if (kind === 'object' || kind === 'bare' || kind === 'frozen')
        Object.defineProperty(object, key, {
          value: get(one),
          writable: true,
          enumerable: true,
          configurable: true,
        })
    }
    if (kind === 'sparse') (object as unknown[])[n % 7] = 1
  })
  nodes.forEach(({ kind }, i) => kind === 'frozen' && Object.freeze(made[i]))
  return made
}

/** What differs between two values, the objects in them taken one for one. */
function difference(
  a: unknown,
  b: unknown,
  pairs = new Map<unknown, unknown>(),
  back = new Map<unknown, unknown>(),
): string | undefined {
  if (typeof a !== 'object' || a === null) return Object.is(a, b) ? undefined : `${String(a)} is ${String(b)}`
  if (typeof b !== 'object' || b === null) return `an object is ${String(b)}`
  if (pairs.has(a) || back.has(b))
    return pairs.get(a) === b && back.get(b) === a ? undefined : 'what was shared is not'
  pairs.set(a, b)
  back.set(b, a)
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return 'another class'
  if (Object.isFrozen(a) !== Object.isFrozen(b)) return 'frozen'
  const content = (value: object): unknown[] => [
    ...(value instanceof Map ? [...value].flat() : value instanceof Set ? value : []),
    ...(value instanceof Date ? [value.getTime()] : []),
    ...(value instanceof RegExp ? [value.source, value.flags] : []),
    ...(ArrayBuffer.isView(value) ? [value.buffer, value.byteOffset, value.byteLength] : []),
    ...(value instanceof ArrayBuffer ? new Uint8Array(value) : []),
    ...Reflect.ownKeys(value).flatMap((key) => [key, Reflect.get(value, key) as unknown]),
  ]
  const [one, two] = [content(a), content(b)]
  if (one.length !== two.length) return `${one.length} parts are ${two.length}`
  for (const [i, part] of one.entries()) {
    const found = difference(part, two[i], pairs, back)
    if (found) return found
  }
}

const places = fc.array(fc.nat(20), { minLength: 9, maxLength: 9 })

test('what a logic holds arrives as it was, with all that is shared', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(node(fc.constantFrom(...kinds)), { minLength: 1, maxLength: 12 }),
      places,
      async (nodes, at) => {
        const made = build(nodes)
        const { old, logic, line } = await carryOver(code, (logic) =>
          logic.hold!(at.map((i) => made[i % made.length])),
        )
        expect(line).toBe(undefined)
        expect(difference(old.held!(), logic.held!())).toBe(undefined)
      },
    ),
    { numRuns: 150 },
  ))

test('what cannot be carried whole is not carried at all', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(node(fc.constantFrom(...kinds, ...strange)), { minLength: 1, maxLength: 12 }),
      node(fc.constantFrom(...strange)),
      places,
      async (nodes, odd, at) => {
        const made = build([...nodes, odd])
        const { logic, line } = await carryOver(code, (logic) =>
          logic.hold!([...at.slice(1).map((i) => made[i % made.length]), made.at(-1)]),
        )
        expect(line).toMatch(/^\[bgthread\] thread 'todos': Todos starts anew after the update: /)
        expect(logic.held!()).toEqual([undefined, undefined, undefined, 0, 0, undefined, [], new Map(), []])
      },
    ),
    { numRuns: 100 },
  ))
