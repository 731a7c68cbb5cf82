import { describe, expect, it } from 'vitest'
import { Channel } from './channel'
import { changes, rows, values, type Row } from './changes'

const define = (target: object, key: string, attributes: PropertyDescriptor) =>
  void Object.defineProperty(target, key, { enumerable: true, configurable: true, ...attributes })

describe('objects', () => {
  it.each(['__proto__', 'constructor', 'toJSON', 'toString', 'hasOwnProperty', 'length', '', '0'])(
    'get, change and lose the property %j',
    (key) => {
      changes(
        { rows: rows(), it: { a: 1 } as Row },
        (s) => define(s.it, key, { value: 'text', writable: true }),
        (s) => define(s.it, key, { value: { nested: [1] }, writable: true }),
        (s) => (s.it['a'] = 2),
        (s) => ((s.it[key] as Row)['nested'] = [1, 2]),
        (s) => (s.it = structuredClone(s.it)),
        (s) => delete s.it['a'],
        (s) => delete s.it[key],
      )
    },
  )

  it('change the order of their keys', () => {
    const state = (it: Row) => ({ rows: rows(), it })
    values(
      state({ a: 1, b: 2, c: 3 }),
      state({ c: 3, a: 1, b: 2 }),
      state({ c: 3, x: 1, b: 2 }),
      state({ x: 1, b: 2, c: 3 }),
      state({ x: 1, b: 2, y: 3, c: 3 }),
      state({ x: 1, c: 3 }),
      state({ x: 1, c: 3, z: 1 }),
      state({ c: 3, z: 1, x: 1 }),
    )
  })

  it('have keys that are numbers, and nearly so', () => {
    const state = (it: Row) => ({ rows: rows(), it })
    values(
      state({ b: 1, 2: 1, a: 1 }),
      state({ b: 1, 2: 1, a: 1, 1: 1 }),
      state({ b: 1, a: 1, 1: 1, '01': 2, '-1': 3, '1.5': 4 }),
      state({ b: 1, a: 1, '01': 2, '1.5': 4, '-1': 3 }),
      state({ 4294967294: 1, 4294967295: 1, 4294967296: 1 }),
      state({ 4294967296: 1, 4294967295: 1, 4294967294: 1 }),
      state({ a: 1, 4294967295: 1 }),
      state({ 4294967295: 1, a: 1 }),
      state({ a: 1, 4294967295: 1 }),
    )
  })

  it('are instances of classes, plain, or without a prototype, by turns', () => {
    class Point {
      #secret = 1
      x = 1
      toJSON() {
        return `secret ${this.#secret}`
      }
    }
    const bare = Object.assign(Object.create(null) as Row, { x: 1 })
    const state = (...list: unknown[]) => ({ rows: rows(), list })
    const channel = values(
      state({ x: 1 }),
      state(new Point()),
      state(new Point(), 1),
      state(bare, 1),
      state(new Point(), 1),
      state(Object.assign(new Point(), { x: 2 }), 2),
    )
    channel.check(state(new Point(), new Point()))
  })

  it('an instance with its own way to JSON that takes the place of an equal plain object is sent as it is', () => {
    class Point {
      x = 1
      toJSON() {
        return 'a point'
      }
    }
    const { mirror } = new Channel()
    const s = { rows: rows(), point: { x: 1 } }
    mirror.take(s)
    s.point = new Point()
    mirror.take(s)
    new Channel(mirror).check(s)
    // What nobody can see is looked at, too.
    delete (s as Partial<typeof s>).point
    mirror.take(s)
    define(s.rows[0] as Row, 'toJSON', { value: () => 'a row', enumerable: false })
    new Channel(mirror).check(s)
  })

  it('have accessors', () => {
    let count = 1
    const it = { a: 1 }
    define(it, 'count', { get: () => count })
    changes(
      { rows: rows(), it, list: [{}] },
      () => count++,
      (s) => define(s.list[0] as object, 'count', { get: () => ({ count }) }),
      () => count++,
      () => define(it, 'count', { get: () => expect.unreachable() }),
      () => define(it, 'count', { get: () => count }),
      () => Object.freeze(it),
      (s) =>
        (s.it = Object.freeze({
          ...s.it,
          get late() {
            return count
          },
        })),
      () => count++,
      () => count++,
    )
  })
})
