/** Messages that nobody should send, for property tests. */
import fc from 'fast-check'
import * as Wire from '../../../src/core/protocol.js'
import { TOKEN } from '../pair'

/** Numbers of nothing, and what is no number. */
const ids = fc.constantFrom<unknown>(
  -1,
  0,
  1,
  2.5,
  1e9,
  2 ** 53,
  NaN,
  '2',
  '3',
  null,
  undefined,
  true,
  [3],
  {},
  '__proto__',
  'length',
)
const odd = fc.oneof(
  ids,
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true }),
)
const text = fc.constantFrom(
  'add',
  'constructor',
  '__proto__',
  '_private',
  'onStop',
  'hasOwnProperty',
  '5',
  '{"length":3}',
  '[',
  '"__proto__"',
  '{"__proto__":{"polluted":1}}',
  '[{"__proto__":{"polluted":1}}]',
)
const encoded = fc.record({
  type: fc.constantFrom<unknown>('Error', '__proto__', 'constructor', 'DOMException', 5),
  name: odd,
  message: odd,
  stack: odd,
  props: fc.oneof(odd, fc.array(fc.tuple(fc.constantFrom('__proto__', 'constructor', 'polluted'), odd))),
  cause: odd,
  errors: odd,
})
const payload = fc.oneof(odd, text, encoded)
const form = fc.oneof(fc.constantFrom<unknown>(Wire.RAW, Wire.JSON_TEXT, Wire.ERROR, 3, -1), odd)
const hole = fc.oneof(
  fc.tuple(
    fc.constantFrom<unknown>([], {}, new Map(), new Set(), null, 'text'),
    fc.oneof(text, odd),
    odd,
    ids,
  ),
  odd,
)
const rich = fc.tuple(
  fc.oneof(fc.array(odd, { maxLength: 3 }), odd),
  fc.oneof(fc.array(hole, { maxLength: 3 }), odd),
)

const tags = (from: number, to: number, without: number[]) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i).filter((tag) => !without.includes(tag))

/** An op with the right number of slots, and anything in them. */
function op(without: number[]): fc.Arbitrary<unknown[]> {
  const asking = fc.constantFrom(...tags(Wire.START, Wire.NOTHING, without))
  const other = fc.constantFrom(...tags(Wire.RETURN, Wire.LAST, without))
  const target = fc.oneof(ids, text, fc.constantFrom<unknown>(-3, -2, 5, '-3'))
  return fc.oneof(
    fc.tuple(other, ids, fc.oneof(form, text), payload),
    fc
      .tuple(asking, ids, target, fc.array(odd, { maxLength: 3 }))
      .map(([a, b, c, args]) => [a, b, c, args.length, ...args]),
    fc.tuple(asking, ids, target, fc.constant(Wire.JSON_ARGS), fc.oneof(text, odd)),
    fc.tuple(asking, ids, target, rich).map(([a, b, c, args]) => [a, b, c, Wire.RICH_ARGS, ...args]),
    fc.tuple(fc.oneof(asking, other, fc.constantFrom(0, -1, 2.5, 99, '2', NaN)), ids, odd, odd),
  )
}

/** Nearly a message, or anything else. @param without tags that none begins with */
export const message = (without: number[]) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.array(op(without), { maxLength: 4 }).map((ops) => [TOKEN, ...ops.flat()]) },
    {
      weight: 1,
      arbitrary: fc
        .array(odd, { maxLength: 6 })
        .map((slots) => [TOKEN, ...slots])
        .filter(([, tag]) => !without.includes(tag as number)),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom<unknown>('bgthread:', 'token', '', null, [TOKEN]), op([]))
        .map(([token, op]) => [token, ...op]),
    },
    { weight: 1, arbitrary: odd },
  )
