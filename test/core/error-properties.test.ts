/** What an error holds: what can cross of it does, in its place; what cannot is left out. */
import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { reactive, ref } from 'vue'
import { decodeError, postError, registerError } from '../../src/core/thrown.js'
import { realm } from '../../src/core/realm.js'
import { make, recipes, shapeOf } from './shape'

let posts = 0

/** To the other side, as it would go. */
function cross<E extends object>(error: E): E {
  let copy: unknown
  posts = 0
  postError(error as never, (encoded) => {
    posts++
    copy = structuredClone(encoded)
  })
  return decodeError(copy as never) as unknown as E
}

/** As axios makes it. */
function axiosError(data: unknown = { reason: 'gone' }) {
  const headers = Object.assign(Object.create({ get() {} }) as object, { accept: 'application/json' })
  const config = {
    url: '/rows',
    method: 'get',
    headers,
    transformRequest: [() => {}],
    validateStatus: () => true,
    timeout: 0,
    signal: new MessageChannel().port1,
  }
  const request = new MessageChannel().port1
  const response = { status: 404, statusText: 'Not Found', headers, config, request, data }
  const error = new Error('Request failed with status code 404')
  return Object.assign(error, {
    name: 'AxiosError',
    code: 'ERR_BAD_REQUEST',
    config,
    request,
    response,
    status: 404,
  })
}

describe('of what an error holds', () => {
  it('all that can cross does, of an error of axios', () => {
    const arrived = cross(axiosError())
    expect(arrived).toMatchObject({
      name: 'AxiosError',
      code: 'ERR_BAD_REQUEST',
      status: 404,
      response: { status: 404, statusText: 'Not Found', data: { reason: 'gone' } },
      config: { url: '/rows', method: 'get', timeout: 0, headers: { accept: 'application/json' } },
    })
    expect(Object.keys(arrived)).toEqual(['code', 'config', 'response', 'status'])
    expect(Object.keys(arrived.config)).toEqual(['url', 'method', 'headers', 'transformRequest', 'timeout'])
    expect(arrived.response.config).toBe(arrived.config)
    expect(arrived.response.headers).toBe(arrived.config.headers)
  })

  it('the plain parts of a Response and a Request cross', () => {
    const response = new Response('no', {
      status: 418,
      statusText: 'Teapot',
      headers: { 'retry-after': '5' },
    })
    const request = new Request('https://example.org/rows', { method: 'POST' })
    const cause = new Error('inner', { cause: response })
    const arrived = cross(
      Object.assign(new Error('ky', { cause }), { response, request, options: { retry() {} } }),
    )
    expect(arrived.response).toMatchObject({
      status: 418,
      statusText: 'Teapot',
      ok: false,
      headers: { 'retry-after': '5' },
    })
    expect(arrived.request).toMatchObject({ url: 'https://example.org/rows', method: 'POST' })
    expect((arrived.cause as Error).cause).toBe(arrived.response)
    expect(arrived.options).toEqual({})
  })

  it('a cause that is a plain object keeps what can cross of it', () => {
    const arrived = cross(new Error('x', { cause: { status: 418, retry() {} } }))
    expect(arrived.cause).toEqual({ status: 418 })
  })

  it.each<[string, unknown, unknown]>([
    ['a function in a list', [1, () => {}, 3], [1, undefined, 3]],
    ['a symbol deep inside', { a: { b: { c: Symbol(), d: 1 } } }, { a: { b: { d: 1 } } }],
    ['a promise', { later: Promise.resolve(), now: 1 }, { now: 1 }],
    ['an abort signal', { signal: AbortSignal.abort(), n: 1 }, { n: 1 }],
    ['an abort signal in a list', [new AbortController().signal, 1], [undefined, 1]],
    ['a weak map', [new WeakMap(), 1], [undefined, 1]],
    [
      'a function in a map',
      new Map<unknown, unknown>([
        ['f', () => {}],
        ['n', 1],
      ]),
      new Map([['n', 1]]),
    ],
    [
      'a function as the key of a map',
      new Map<unknown, unknown>([
        [() => {}, 1],
        ['n', 1],
      ]),
      new Map([['n', 1]]),
    ],
    ['a function in a set', new Set([() => {}, 1]), new Set([1])],
    ['a big integer beside a function', { n: 1n, f() {} }, { n: 1n }],
    [
      'a class instance with a method of its own',
      new (class {
        n = 1
        f = () => {}
      })(),
      { n: 1 },
    ],
    ['a frozen object', Object.freeze({ n: 1, f() {} }), { n: 1 }],
    ['a reactive object', reactive({ rows: [{ id: 1 }] }), { rows: [{ id: 1 }] }],
    ['a reactive object with a function', reactive({ rows: [{ id: 1, f() {} }] }), { rows: [{ id: 1 }] }],
    ['a reactive map', reactive(new Map([['a', { id: 1 }]])), new Map([['a', { id: 1 }]])],
    ['a ref', ref({ id: 1 }), { id: 1 }],
    [
      'a getter that throws',
      {
        get broken() {
          throw new Error('read')
        },
        n: 1,
      },
      { n: 1 },
    ],
    [
      'a proxy that throws',
      [
        new Proxy(
          {},
          {
            ownKeys() {
              throw new Error('trap')
            },
          },
        ),
        1,
      ],
      [undefined, 1],
    ],
    ['a date beside a function', { at: new Date(5), f() {} }, { at: new Date(5) }],
    ['bytes beside a function', { bytes: new Uint8Array([1, 2]), f() {} }, { bytes: new Uint8Array([1, 2]) }],
    [
      'an own __proto__ beside a function',
      JSON.parse('{"__proto__": {"polluted": 1}, "n": 1}'),
      JSON.parse('{"__proto__": {"polluted": 1}, "n": 1}'),
    ],
  ])('all but %s crosses', (_, details, expected) => {
    const held = Object.assign(new Error('x', { cause: details }), {
      details,
      also: { details },
      f: () => {},
    })
    for (const error of [held, new AggregateError([held]), new Error('y', { cause: held })]) {
      const arrived = cross(error) as unknown as { cause: unknown; errors: unknown[] }
      const inner = (
        error === held ? arrived : error instanceof AggregateError ? arrived.errors[0] : arrived.cause
      ) as typeof held
      expect(inner.details).toEqual(expected)
      expect(inner.cause).toEqual(expected)
      expect(inner.also).toEqual({ details: expected })
      expect(inner.also.details).toBe(inner.details)
      expect(inner.message).toBe('x')
    }
    expect('polluted' in {}).toBe(false)
  })

  it('a revoked proxy is left out', () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    const arrived = cross(Object.assign(new Error('x'), { proxy, list: [proxy, 1], code: 5 }))
    expect({ ...arrived }).toEqual({ list: [undefined, 1], code: 5 })
  })

  it('properties that are not enumerable cross, and stay so', () => {
    class ZodError extends Error {
      constructor(issues: unknown[]) {
        super()
        Object.defineProperty(this, 'issues', { value: issues })
        Object.defineProperty(this, 'message', { get: () => JSON.stringify(issues) })
        this.name = 'ZodError'
      }
    }
    const issues = [{ code: 'too_small', path: ['title'] }]
    const arrived = cross(
      Object.defineProperty(new ZodError(issues), 'code', { get: () => 7 }),
    ) as unknown as { issues: unknown }
    expect(arrived).toMatchObject({ issues, code: 7, name: 'ZodError', message: JSON.stringify(issues) })
    expect(Object.keys(arrived)).toEqual([])
  })

  it('errors in plain objects, lists, maps and sets keep their class and properties', () => {
    class QuotaError extends Error {}
    registerError({ QuotaError })
    const quota = Object.assign(new QuotaError('full'), { limit: 5 })
    const error = Object.assign(new Error('x'), {
      first: { quota },
      list: [1, quota],
      map: new Map([['quota', quota]]),
      set: new Set([0, quota, 2]),
      code: 1,
    })
    for (const extra of [{}, { f() {} }]) {
      const arrived = cross(Object.assign(error, { extra }))
      const found = arrived.first.quota
      expect(found).toBeInstanceOf(QuotaError)
      expect(found).toMatchObject({ message: 'full', limit: 5 })
      expect([arrived.list, arrived.map.get('quota'), [...arrived.set]]).toEqual([
        [1, found],
        found,
        [0, found, 2],
      ])
      expect(arrived.list[1]).toBe(found)
      expect([...arrived.set][1]).toBe(found)
    }
    realm.errors.clear()
  })

  it('cycles between an error and what it holds stay cycles', () => {
    const response: Record<string, unknown> = { status: 500, f() {} }
    const error = Object.assign(new Error('x'), { response })
    Object.assign(response, {
      error,
      self: response,
      list: [response],
      map: new Map<unknown, unknown>([[response, response]]),
    })
    error.cause = response
    const arrived = cross(error)
    const there = arrived.response as unknown as Record<string, unknown>
    expect(Object.keys(there)).toEqual(['status', 'error', 'self', 'list', 'map'])
    expect(there['error']).toBe(arrived)
    expect([there['self'], arrived.cause, (there['list'] as unknown[])[0]]).toEqual([there, there, there])
    expect(there['self']).toBe(there)
    expect([...(there['map'] as Map<unknown, unknown>)][0]).toEqual([there, there])
  })

  it('what two errors share they share', () => {
    const shared = { rows: [1], f() {} }
    const arrived = cross(
      new AggregateError([
        Object.assign(new Error('a'), { shared }),
        Object.assign(new Error('b'), { shared }),
      ]),
    )
    const [a, b] = arrived.errors as { shared: unknown }[]
    expect(a?.shared).toEqual({ rows: [1] })
    expect(a?.shared).toBe(b?.shared)
  })

  it('whatever holds functions crosses as if they had never been there', () => {
    fc.assert(
      fc.property(
        recipes(['date', 'bytes', 'function', 'symbol', 'instance'], ['map', 'set', 'again']),
        (recipe) => {
          const data = make(recipe)
          const error = Object.assign(new Error('e'), { data: [data], twin: [data] })
          const arrived = cross(error)
          // What arrives can cross again, and nothing more is lost.
          const again = cross(arrived)
          expect(posts).toBe(1)
          expect(shapeOf([again.data, again.twin])).toBe(shapeOf([arrived.data, arrived.twin]))
          expect(shapeOf(arrived.data)).toBe(shapeOf(without([data])))
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('a large answer crosses whole, whatever is beside it', () => {
    const rows = Array.from({ length: 100_000 }, (_, id) => ({ id, title: `title ${id}` }))
    for (const data of [rows, { rows }, { pages: [rows] }]) {
      const arrived = cross(axiosError(data))
      expect(arrived.response.data).toEqual(data)
      expect(arrived.response.config).toBe(arrived.config)
    }
    expect(cross(Object.assign(new Error('x'), { rows })).rows).toEqual(rows)
    expect(posts).toBe(1)
  })

  it('what is endless is cut off', () => {
    const endless = (): object =>
      new Proxy(
        {},
        {
          ownKeys: () => ['next', 'f'],
          getOwnPropertyDescriptor: (_, key) => ({
            value: key === 'f' ? () => {} : endless(),
            enumerable: true,
            configurable: true,
          }),
          get: (_, key) => (key === 'next' ? endless() : key === 'f' ? () => {} : undefined),
        },
      )
    const arrived = cross(Object.assign(new Error('x'), { endless: endless(), code: 5 }))
    expect(arrived).toMatchObject({ message: 'x', code: 5 })
    const long = Array.from({ length: 200_000 }, (_, id) => ({ id, f() {} }))
    expect(cross(Object.assign(new Error('x'), { long, code: 5 }))).toMatchObject({ message: 'x', code: 5 })
    let deep: object = { f() {} }
    for (let i = 0; i < 40_000; i++) deep = { deep }
    expect(cross(Object.assign(new Error('x'), { deep, code: 5 })).message).toBe('x')
  })

  it.each(['name', 'message', 'stack'])('a hostile %s hides nothing else', (key) => {
    const hostile = {
      toString() {
        throw new Error('hostile')
      },
    }
    for (const descriptor of [
      { value: hostile },
      {
        get() {
          throw new Error('hostile')
        },
      },
    ]) {
      const error = Object.defineProperty(Object.assign(new RangeError('x'), { code: 5 }), key, descriptor)
      const arrived = cross(error)
      expect(arrived).toMatchObject({ code: 5, ...(key !== 'message' && { message: 'x' }) })
      expect(arrived).toBeInstanceOf(RangeError)
    }
  })
})

/** A copy without functions and symbols, made the slow way. */
function without(value: unknown, copies = new Map<object, unknown>()): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date || ArrayBuffer.isView(value))
    return value
  const known = copies.get(value)
  if (known) return known
  const lost = (it: unknown) => typeof it === 'function' || typeof it === 'symbol'
  const copy: unknown = Array.isArray(value)
    ? []
    : value instanceof Map
      ? new Map()
      : value instanceof Set
        ? new Set()
        : {}
  copies.set(value, copy)
  if (value instanceof Map) {
    for (const [k, v] of value)
      if (!lost(k) && !lost(v)) (copy as Map<unknown, unknown>).set(without(k, copies), without(v, copies))
  } else if (value instanceof Set) {
    for (const v of value) if (!lost(v)) (copy as Set<unknown>).add(without(v, copies))
  } else {
    if (Array.isArray(value)) (copy as unknown[]).length = value.length
    for (const key of Object.keys(value)) {
      const part = (value as Record<string, unknown>)[key]
      if (lost(part) && !Array.isArray(value)) continue
      Object.defineProperty(copy, key, {
        value: lost(part) ? undefined : without(part, copies),
        enumerable: true,
        writable: true,
        configurable: true,
      })
    }
  }
  return copy
}
