// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { reactive } from 'vue'
import { Channel } from './channel'

type Row = Record<string, unknown>

/** Long enough for patches to be shorter than the whole. */
const rows = (count = 20): Row[] =>
  Array.from({ length: count }, (_, id) => ({ id, title: `title ${id}`, meta: { done: false } }))

/** Sends a value before and after each change of it in place. */
function changes<T>(value: T, ...list: ((value: T) => void)[]): Channel {
  const channel = new Channel()
  channel.check(value)
  for (const change of list) {
    change(value)
    // Often enough for a picture to be tried again after two that failed.
    for (let time = 0; time < 4; time++) channel.check(value)
  }
  return channel
}

/** Sends values one after the other. */
function values(...list: unknown[]): Channel {
  const channel = new Channel()
  for (const value of list) channel.check(value)
  return channel
}

const define = (target: object, key: string, attributes: PropertyDescriptor) =>
  void Object.defineProperty(target, key, { enumerable: true, configurable: true, ...attributes })

describe('sharing', () => {
  const state = () => ({ rows: rows(), other: rows(), selected: null as unknown })

  it('comes and goes within a list, between lists, and beside them', () => {
    changes(
      state(),
      (s) => s.rows.push(s.rows[0] as Row),
      (s) => s.rows.pop(),
      (s) => (s.selected = s.rows[3]),
      (s) => (s.selected = { ...s.rows[3] }),
      (s) => (s.selected = null),
      (s) => s.other.push(s.rows.shift() as Row),
      (s) => s.other.push(s.rows[5] as Row),
      (s) => s.rows.splice(5, 1),
      (s) => (s.other = s.rows),
      (s) => (s.other = [...s.rows]),
      (s) => (s.other = structuredClone(s.rows)),
      (s) => ((s.rows[1] as Row)['meta'] = (s.rows[2] as Row)['meta']),
      (s) => ((s.rows[1] as Row)['meta'] = { done: true }),
    )
  })

  it('of what was elsewhere and is replaced by an equal copy', () => {
    const s = state()
    changes(
      s,
      () => ([s.rows[0], s.rows[1]] = [s.rows[1] as Row, s.rows[1] as Row]),
      () => (s.rows[0] = { ...s.rows[1] }),
      () => (s.selected = s.rows),
      () => (s.selected = structuredClone(s.rows)),
      () => (s.rows = s.selected as Row[]),
    )
  })

  it('of frozen parts', () => {
    const row = Object.freeze({ id: 1, title: 'title', tags: Object.freeze(['a']) })
    const frozen = Object.freeze([
      row,
      ...rows().map((row) => Object.freeze({ id: `f${String(row['id'])}` })),
    ])
    values(
      { frozen, list: rows() },
      { frozen, list: rows(), again: row },
      { frozen, list: rows(), again: row.tags },
      { frozen, list: rows() },
      { frozen, list: rows(), again: frozen },
    )
  })

  it('cycles come and go', () => {
    changes(
      state() as Row,
      (s) => (s['self'] = s),
      (s) => delete s['self'],
      (s) => (((s['rows'] as Row[])[7] as Row)['list'] = s['rows']),
      (s) => (((s['rows'] as Row[])[7] as Row)['list'] = null),
    )
  })

  it('the cause of an error is somewhere else, too', () => {
    const cause = { id: 1 }
    const error = new Error('with a cause')
    changes(
      { rows: rows(), error, known: null as unknown },
      (s) => (s.error.cause = cause),
      (s) => (s.known = cause),
      (s) => (s.error.cause = undefined),
    )
  })

  it('in what calls itself something else', () => {
    class Tagged {
      held: unknown = null
      get [Symbol.toStringTag]() {
        return 'Tagged'
      }
    }
    class Registry extends Map<string, unknown> {
      override get [Symbol.toStringTag]() {
        return 'Registry'
      }
    }
    const state = { rows: rows(), tagged: new Tagged(), registry: new Registry() }
    changes(
      state,
      (s) => (s.tagged.held = s.rows[0]),
      (s) => (s.tagged.held = {}),
      (s) => s.registry.set('first', s.rows[0]),
      (s) => s.registry.set('first', { id: 1 }),
      (s) => s.registry.set('first', { id: 2 }),
    )
  })

  it('two views of one buffer share it', () => {
    const buffer = new ArrayBuffer(16)
    changes(
      { rows: rows(), a: new Uint8Array(buffer, 0, 8), b: null as unknown },
      (s) => (s.b = new Uint16Array(buffer, 8)),
      (s) => (s.a[0] = 5),
      (s) => (s.b = new Uint16Array(4)),
      (s) => (s.b = buffer),
      (s) => (s.a = new Uint8Array(8)),
    )
    const shared = new SharedArrayBuffer(8)
    const s = { rows: rows(), a: new Uint8Array(shared), b: shared as unknown }
    const channel = new Channel()
    channel.send(s)
    ;(s.rows[0] as Row)['title'] = 'new'
    const { a, b } = channel.send(s) as typeof s
    expect(a.buffer).toBe(b)
  })
})

describe('lists', () => {
  it('get holes and lose them', () => {
    changes(
      { rows: rows() as unknown[], other: 1 },
      (s) => delete s.rows[5],
      (s) => (s.rows[5] = undefined),
      (s) => (s.rows.length = 50),
      (s) => (s.rows.length = 30),
      (s) => (s.rows[1_000_000] = 1),
      (s) => (s.rows.length = 5),
    )
  })

  it('get properties of their own and lose them', () => {
    type Odd = Row[] & { extra?: unknown }
    changes(
      { rows: rows() as Odd, other: 1 },
      (s) => (s.rows.extra = 1),
      (s) => delete s.rows[3],
      (s) => (s.rows[3] = { id: 3 }),
      (s) => delete s.rows.extra,
    )
  })

  it('of nothing at all become longer and empty again', () => {
    const s = {
      rows: rows(),
      list: [] as unknown[],
      set: new Set<unknown>(),
      map: new Map<unknown, unknown>(),
    }
    const channel = changes(
      s,
      () => (s.list.push(1), s.set.add(1), s.map.set(1, 1)),
      () => ((s.list.length = 0), s.set.clear(), s.map.clear()),
    )
    expect(channel.how).toBe('nothing')
    s.list.push({}, {})
    channel.check(s)
    expect(channel.how).toBe('patch')
    s.list.length = 0
    channel.check(s)
    expect(channel.how).toBe('patch')
  })

  it('keep apart 0 and -0, 1 and 1n and "1", undefined and null', () => {
    changes(
      { rows: rows(), list: [0, -0, 1, 1n, '1', NaN, undefined, null] as unknown[] },
      (s) => s.list.reverse(),
      (s) => s.list.splice(2, 3),
      (s) => s.list.push(0, -0, 0, -0, NaN, NaN),
      (s) => s.list.sort(),
      (s) => (s.list = s.list.map((item) => (item === 0 ? -(item as number) : item))),
    )
  })

  it('hold many that are equal', () => {
    changes(
      { rows: rows(), list: Array.from({ length: 100 }, (_, at) => at % 3) },
      (s) => s.list.sort(),
      (s) => s.list.splice(10, 50),
      (s) => s.list.push(...s.list),
    )
  })

  it('hold rows of one id', () => {
    const twins = () => rows(30).map((row, at) => ({ ...row, id: at % 3 }))
    values(...[1, 2, 3].map(twins), twins().reverse(), twins().slice(7))
    changes(
      { rows: twins() },
      (s) => s.rows.reverse(),
      (s) => s.rows.splice(3, 9),
      (s) => (s.rows = structuredClone(s.rows)),
    )
  })

  it('exchange ids between rows', () => {
    changes(
      { rows: rows() },
      (s) => s.rows.forEach((row, at) => (row['id'] = 19 - at)),
      (s) => s.rows.forEach((row) => (row['id'] = null)),
      (s) => s.rows.forEach((row, at) => at % 2 && delete row['id']),
      (s) => s.rows.reverse().forEach((row, at) => (row['key'] = at)),
      (s) => s.rows.forEach((row) => (row['id'] = {})),
    )
  })
})

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

describe('frozen data', () => {
  it('may be replaced by equal data that is not', () => {
    const frozen = {
      rows: Object.freeze(
        rows().map((row) => Object.freeze({ ...row, meta: Object.freeze({ done: false }) })),
      ),
    }
    const s = { rows: frozen.rows as readonly Row[] }
    changes(
      s,
      () => (s.rows = structuredClone(s.rows)),
      () => ((s.rows[3] as Row)['title'] = 'changed'),
      () => (s.rows = Object.freeze(s.rows.map((row) => Object.freeze({ ...row, meta: { done: false } })))),
      () => (((s.rows[3] as Row)['meta'] as Row)['done'] = true),
      () => (s.rows = structuredClone(s.rows)),
      () => s.rows.forEach(Object.freeze),
      () => (((s.rows[4] as Row)['meta'] as Row)['done'] = true),
    )
  })

  it('may hold what is never frozen', () => {
    const it = Object.freeze({
      map: new Map([[1, 1]]),
      date: new Date(1),
      list: [1],
      bytes: new Uint8Array(3),
    })
    changes(
      { rows: rows(), it },
      () => it.map.set(1, 2),
      () => it.date.setTime(2),
      () => it.list.push(1),
      () => (it.bytes[1] = 1),
    )
  })
})

describe('values of one piece', () => {
  it('change in place', () => {
    const s = {
      rows: rows(),
      bytes: new Uint8Array(8),
      view: new DataView(new ArrayBuffer(8)),
      buffer: new ArrayBuffer(8),
      date: new Date(1),
      error: new Error('before'),
      pattern: /a/g,
    }
    const channel = changes(
      s,
      () => (s.bytes[3] = 1),
      () => s.view.setFloat64(0, Math.PI),
      () => (new Uint8Array(s.buffer)[7] = 1),
      () => s.date.setTime(NaN),
      () => (s.error.message = 'after'),
      () => (s.error.name = 'TypeError'),
      () => (s.error.cause = 'why'),
      () => (s.error.cause = 'therefore'),
      () => s.pattern.compile('b', 'i'),
    )
    expect(channel.how).not.toBe('whole')
  })

  it('are told apart by all that structured clone keeps', () => {
    const buffer = new Uint8Array([1, 2, 3, 4]).buffer
    const error = new Error('message')
    const also = new Error('message')
    also.stack = error.stack
    const named = (name: string, message: string) =>
      Object.assign(new Error(), { name, message, stack: 'stack' })
    const list: unknown[] = [
      new Uint8Array(buffer),
      new Int8Array(buffer),
      new Uint8ClampedArray(buffer),
      new Uint8Array(buffer, 1),
      new Uint8Array(buffer, 0, 3),
      new DataView(buffer),
      buffer,
      new Date(0),
      new Number(0),
      new Number(-0),
      new String('0'),
      new Boolean(false),
      Object(0n),
      /0/,
      /0/i,
      error,
      also,
      Object.assign(error, { name: 'TypeError' }),
      named('TypeError', 'RangeError message'),
      named('TypeError RangeError', 'message'),
      new TypeError('message'),
      new Error('message', { cause: 1 }),
      new Error('message', { cause: '1' }),
      new Blob(['text']),
      new Blob(['texts']),
      new Map(),
      new Set(),
      {},
      [],
    ]
    const channel = new Channel()
    for (const it of list) {
      channel.check({ rows: rows(), it })
      channel.check({ rows: rows(), it })
    }
  })

  it('that no one changed cross once, where that can be told', () => {
    const bytes = new Uint8Array([1, 2])
    for (const it of [bytes, new Date(5), /a/, new Error('e'), new Number(1), Object(1n), new Blob(['a'])]) {
      const channel = values({ rows: rows(), it }, { rows: rows(), it })
      expect(channel.how).toBe('nothing')
    }
  })

  it('do not say themselves what they are worth', () => {
    class Money {
      constructor(
        readonly amount: number,
        readonly currency: string,
      ) {}
      valueOf() {
        return this.amount
      }
      get [Symbol.toStringTag]() {
        return 'Money'
      }
    }
    class Day extends Date {
      override valueOf() {
        return 1
      }
    }
    values(
      { rows: rows(), it: new Money(1, 'EUR') },
      { rows: rows(), it: new Money(1, 'USD') },
      { rows: rows(), it: new Day(1) },
      { rows: rows(), it: new Day(2) },
    )
  })
})

describe('maps and sets', () => {
  it('have keys of any kind', () => {
    const key = { id: 1 }
    const s = { rows: rows(), map: new Map<unknown, unknown>(), set: new Set<unknown>() }
    changes(
      s,
      () => [NaN, 0, '0', 0n, null, undefined, true].forEach((key) => s.map.set(key, { key })),
      () => s.map.set(key, 1),
      () => (key.id = 2),
      () => s.map.delete(key),
      () => s.set.add(key).add(NaN).add([1]),
      () => (key.id = 3),
      () => s.map.set('is a value', key),
      () => s.set.delete(key),
      () => s.map.set([1], 1),
    )
  })

  it('change their order', () => {
    const s = { rows: rows(), map: new Map<unknown, unknown>(), set: new Set<unknown>() }
    changes(
      s,
      () => [1, 2, 3, 4].forEach((key) => (s.map.set(key, { key }), s.set.add(key).add({ key }))),
      () => (s.map.delete(1), s.map.set(1, { key: 1 })),
      () => (s.set.delete(1), s.set.add(1)),
      () => (s.map = new Map([...s.map].reverse())),
      () => (s.set = new Set([...s.set].reverse())),
    )
  })

  it('are taken as they are, whatever a class does when it is asked', () => {
    class Forgetful extends Map<number, unknown> {
      override get(key: number) {
        const value = super.get(key)
        this.delete(key)
        return value
      }
    }
    const s = {
      rows: rows(),
      map: new Forgetful([
        [1, 1],
        [2, 2],
      ]),
    }
    changes(s, () => s.map.set(3, {}))
    expect(s.map.size).toBe(3)
  })

  it('are taken in the order they have, not in which a class shows them', () => {
    class Sorted extends Map<string, number> {
      override *keys(): MapIterator<string> {
        yield* [...super.keys()].sort()
      }
      override *values(): MapIterator<number> {
        yield* [...super.values()].sort()
      }
    }
    class Reversed extends Set<number> {
      override *[Symbol.iterator](): SetIterator<number> {
        yield* [...super.values()].reverse()
      }
    }
    const s = { rows: rows(), map: new Sorted([['b', 1]]), set: new Reversed([1, 2]) }
    changes(
      s,
      () => s.map.set('a', 5).set('c', 0),
      () => s.set.add(0),
    )
  })
})

describe('what cannot cross', () => {
  it('fails as it does alone, and later values arrive', () => {
    const odd: unknown[] = [
      () => {},
      Symbol('s'),
      new WeakMap(),
      Promise.resolve(),
      reactive({ date: new Date() }),
    ]
    for (const it of odd)
      changes(
        { rows: rows(), it: 1 as unknown },
        (s) => (s.it = it),
        (s) => (s.it = [it]),
        (s) => (s.it = new Map([[it, 1]])),
        (s) => (s.it = new Map([[1, it]])),
        (s) => (s.it = 2),
        (s) => ((s.rows[0] as Row)['title'] = it),
        (s) => ((s.rows[0] as Row)['title'] = 'text'),
      )
  })

  it('a buffer that was moved away fails, and its successor arrives', () => {
    const s = { rows: rows(), buffer: new ArrayBuffer(8) }
    changes(
      s,
      () => structuredClone(s.buffer, { transfer: [s.buffer] }),
      () => (s.buffer = new ArrayBuffer(8)),
    )
  })
})

describe('very large and very deep values', () => {
  it('arrive, and so does what follows', () => {
    const deep = (depth: number) => {
      let value: unknown = { end: 1 }
      for (let level = 0; level < depth; level++) value = level % 2 ? [value] : { value }
      return value
    }
    const channel = new Channel()
    for (const depth of [10, 380, 420, 1_000, 380, 10]) {
      channel.check({ rows: rows(), deep: deep(depth) })
      channel.check({ rows: rows(), deep: deep(depth) })
    }
    const long = Array.from({ length: 50_000 }, (_, at) => at)
    channel.check({ rows: rows(), deep: long })
    channel.check({ rows: rows(), deep: [...long, 1] })
    expect(channel.how).toBe('patch')
    channel.send({ rows: rows(), deep: new Uint8Array(2 ** 26) })
    expect(channel.how).toBe('whole')
    expect(channel.send({ rows: rows(), deep: 1 })).toEqual({ rows: rows(), deep: 1 })
  })
})
