/** Values for property tests, and a text that tells two of them apart wherever structured clone would. */
import fc from 'fast-check'

/**
 * Everything that structured clone keeps of a value, as text: holes, -0, own `__proto__`, which parts are one object.
 * Functions and signals are told apart by identity; class instances are what a clone makes of them.
 */
export function shapeOf(value: unknown, label: (it: object) => string = () => '?'): string {
  const seen = new Map<object, number>()

  function show(value: unknown): string {
    if (Object.is(value, -0)) return '-0'
    if (typeof value === 'string') return JSON.stringify(value)
    if (typeof value === 'bigint') return `${value}n`
    if (typeof value === 'function' || value instanceof AbortSignal) return label(value)
    if (typeof value !== 'object' || value === null) return String(value)
    const number = seen.get(value)
    if (number !== undefined) return `#${number}`
    seen.set(value, seen.size)
    if (value instanceof Date) return `Date(${value.getTime()})`
    if (value instanceof RegExp) return `RegExp(${String(value)})`
    if (ArrayBuffer.isView(value))
      return `${value.constructor.name}(${Array.from(value as Uint8Array).join()})`
    if (value instanceof Map)
      return `Map(${[...(value as Map<unknown, unknown>)].map(([k, v]) => `${show(k)} => ${show(v)}`).join()})`
    if (value instanceof Set) return `Set(${[...(value as Set<unknown>)].map(show).join()})`
    const parts = Object.keys(value).map(
      (key) => `${JSON.stringify(key)}: ${show((value as Record<string, unknown>)[key])}`,
    )
    return Array.isArray(value) ? `[${value.length}; ${parts.join()}]` : `{${parts.join()}}`
  }
  return show(value)
}

/** How a value is made: plain data, so that fast-check can shrink and print it. */
export type Recipe =
  | { leaf: unknown }
  | { make: 'function' | 'signal' | 'date' | 'bytes' | 'symbol' | 'instance' | 'boxed' }
  | { array: Recipe[]; holes: number[]; extra: [string, Recipe][] }
  | { object: [string, Recipe][]; how: 'plain' | 'null prototype' | 'accessor' | 'hidden' }
  | { map: [Recipe, Recipe][] }
  | { set: Recipe[] }
  /** One of the containers made before, its own ancestors included. */
  | { again: number }

class Instance {
  kept = 1
}

/** Makes the value of a recipe. */
export function make(recipe: Recipe, made: object[] = []): unknown {
  const enter = <T extends object>(container: T): T => {
    made.push(container)
    return container
  }
  if ('leaf' in recipe) return recipe.leaf
  if ('again' in recipe) return made.length > 0 ? made[recipe.again % made.length] : null
  if ('array' in recipe) {
    const array = enter<unknown[]>([])
    for (const item of recipe.array) array.push(make(item, made))
    for (const hole of recipe.holes) delete array[hole % (array.length || 1)]
    for (const [key, value] of recipe.extra) define(array, `extra ${key}`, make(value, made))
    return array
  }
  if ('object' in recipe) {
    const object = enter(Object.create(recipe.how === 'null prototype' ? null : Object.prototype) as object)
    for (const [key, value] of recipe.object) define(object, key, make(value, made))
    const last = recipe.object.at(-1)?.[0]
    if (last !== undefined && recipe.how === 'accessor') {
      const { value } = Object.getOwnPropertyDescriptor(object, last) as PropertyDescriptor
      Object.defineProperty(object, last, {
        get: () => value as unknown,
        enumerable: true,
        configurable: true,
      })
    }
    if (last !== undefined && recipe.how === 'hidden')
      Object.defineProperty(object, last, { enumerable: false })
    return object
  }
  if ('map' in recipe) {
    const map = enter(new Map<unknown, unknown>())
    for (const [key, value] of recipe.map) map.set(make(key, made), make(value, made))
    return map
  }
  if ('set' in recipe) {
    const set = enter(new Set<unknown>())
    for (const item of recipe.set) set.add(make(item, made))
    return set
  }
  switch (recipe.make) {
    case 'function':
      return () => {}
    case 'signal':
      return new AbortController().signal
    case 'date':
      return enter(new Date(5))
    case 'bytes':
      return enter(new Uint8Array([1, 2]))
    case 'symbol':
      return Symbol('symbol')
    case 'instance':
      return enter(new Instance())
    case 'boxed':
      return enter(new Number(1))
  }
}

function define(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true })
}

/** Every UTF-16 text, lone surrogates included. */
const text = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
  maxLength: 3,
})

const key = fc.oneof(
  fc.constantFrom('a', 'b', '0', '1', '', '__proto__', 'constructor', 'toJSON', 'toString', 'length'),
  text,
)

const leaf = fc
  .oneof(
    fc.constantFrom<unknown>(null, undefined, true, false, 0, -0, NaN, Infinity, 1n, '', 'text'),
    fc.integer(),
    fc.double(),
    text,
  )
  .map((leaf): Recipe => ({ leaf }))

type Special = Extract<Recipe, { make: string }>['make']

/** Nothing, three times out of four. */
const seldom = <T>(list: fc.Arbitrary<T[]>): fc.Arbitrary<T[]> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant<T[]>([]) }, { weight: 1, arbitrary: list })

/** Recipes of small values; `special` says which values of other kinds are among them. */
export function recipes(special: Special[], containers: ('map' | 'set' | 'again')[]): fc.Arbitrary<Recipe> {
  return fc.letrec<{ value: Recipe; mapKey: Recipe }>((tie) => {
    const entry = fc.tuple(key, tie('value'))
    const kinds: fc.Arbitrary<Recipe>[] = [
      leaf,
      fc.record({
        array: fc.array(tie('value'), { maxLength: 4 }),
        holes: seldom(fc.array(fc.nat(3), { maxLength: 2 })),
        extra: seldom(fc.array(entry, { maxLength: 2 })),
      }),
      fc.record({
        object: fc.uniqueArray(entry, { maxLength: 4, selector: ([key]) => key }),
        how: fc.constantFrom(
          'plain',
          'plain',
          'plain',
          'null prototype',
          'accessor',
          'hidden',
        ) as fc.Arbitrary<'plain'>,
      }),
    ]
    if (special.length > 0) kinds.push(fc.record({ make: fc.constantFrom(...special) }))
    if (containers.includes('map'))
      kinds.push(fc.record({ map: fc.array(fc.tuple(tie('mapKey'), tie('value')), { maxLength: 3 }) }))
    if (containers.includes('set')) kinds.push(fc.record({ set: fc.array(tie('value'), { maxLength: 3 }) }))
    if (containers.includes('again')) kinds.push(fc.record({ again: fc.nat(9) }))
    return {
      value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, ...(kinds as [fc.Arbitrary<Recipe>])),
      mapKey: fc.oneof(
        leaf,
        fc.record({
          object: fc.array(fc.tuple(key, leaf), { maxLength: 2 }),
          how: fc.constant('plain' as const),
        }),
      ),
    }
  }).value
}
