/** Objects of the platform that are known by their reference, in one place or in many. */
import { webcrypto } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { Mirror } from '../../../src/core/mirror'
import { Channel } from './channel'
import { changes, rows, values, type Row } from './changes'
import { PATIENCE, runs } from './runs'
import { randomFrom } from './walk'

const wasm = () => new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))
const key = () =>
  webcrypto.subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, ['encrypt']) as Promise<object>
const pair = async () =>
  (
    (await webcrypto.subtle.generateKey(
      { name: 'RSA-PSS', modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
      true,
      ['sign'],
    )) as unknown as { publicKey: object }
  ).publicKey
const exception = () => new DOMException('stopped', 'AbortError')

interface Held {
  id: number
  title: string
  it: unknown
}
type State = { rows: Held[] }

const rowsOf = (channel: Channel) => (channel.received as State).rows

/** What was taken over as it was: rows, and what they hold. */
function kept(before: Held[], now: Held[]): [number, number] {
  return [
    now.filter((row) => before.includes(row)).length,
    now.filter(({ it }) => before.some((row) => row.it === it)).length,
  ]
}

const KINDS: [string, () => object | Promise<object>][] = [
  ['CryptoKeys', key],
  ['CryptoKeys of a pair', pair],
  ['WebAssembly modules', wasm],
  ['Blobs', () => new Blob(['text'])],
  ['shared memories', () => new SharedArrayBuffer(8)],
  ['errors with an error as cause', () => new Error('e', { cause: new TypeError('c') })],
  ['errors with a plain cause', () => new Error('e', { cause: { status: 5, list: [1] } })],
  ['AggregateErrors', () => new AggregateError([new RangeError('a'), 5, new Error('b', { cause: 1 })], 'e')],
  ['DOMExceptions', exception],
]

describe('rows that hold what is known by its reference', () => {
  it.each(KINDS)('stay as they are when one of 50 is renamed: %s', async (_, make) => {
    const list = Array.from({ length: 50 }, async (_, id): Promise<Held> => {
      return { id, title: `title ${id}`, it: await make() }
    })
    const state: State = { rows: await Promise.all(list) }
    const channel = new Channel()
    channel.send(state)
    const first = rowsOf(channel)
    state.rows = state.rows.map((row) => (row.id === 7 ? { ...row, title: 'new' } : row))
    channel.send(state)
    expect([channel.how, ...kept(first, rowsOf(channel))]).toEqual(['patch', 49, 50])
    const second = rowsOf(channel)
    ;(state.rows[8] as Held).title = 'new'
    ;(state.rows[9] as Held).it = await make()
    state.rows.reverse()
    channel.send(state)
    expect([channel.how, ...kept(second, rowsOf(channel))]).toEqual(['patch', 48, 49])
    channel.send({ ...state })
    expect(channel.how).toBe('nothing')
  })

  it.each(KINDS.slice(0, 4))('stay as they are where all hold the same: %s', async (_, make) => {
    const it = await make()
    const state = { rows: Array.from({ length: 50 }, (_, id): Held => ({ id, title: 'title', it })) }
    const channel = new Channel()
    channel.check(state)
    const first = rowsOf(channel)
    ;(state.rows[7] as Held).title = 'new'
    channel.check(state)
    expect([channel.how, ...kept(first, rowsOf(channel))]).toEqual(['patch', 49, 50])
    // In a new place it has to be the same object: the whole has to cross, and after that patches do again.
    state.rows.push({ id: 50, title: 'title', it })
    channel.check(state)
    expect([channel.how, new Set(rowsOf(channel).map(({ it }) => it)).size]).toEqual(['whole', 1])
    state.rows.pop()
    channel.check(state)
    expect(channel.how).toBe('patch')
    // Where it is new, it may be in many places.
    const other = await make()
    for (const row of state.rows.slice(5, 15)) row.it = other
    channel.check(state)
    expect([channel.how, new Set(rowsOf(channel).map(({ it }) => it)).size]).toEqual(['patch', 2])
  })

  it('are sent anew where something in an error has changed', () => {
    const cause = new TypeError('c')
    const plain = { status: 5 }
    const channel = changes(
      {
        rows: rows(),
        a: new Error('a', { cause }),
        b: new Error('b', { cause: plain }),
        list: [] as unknown[],
      },
      () => (cause.message = 'changed'),
      (s) => (s.rows[0]!['title'] = 'new'),
      () => (plain.status = 6),
      (s) => (s.a.cause = new TypeError('changed')),
      (s) => (s.a.cause = new RangeError('changed')),
    )
    expect(channel.patches).toBe(5)
    changes(
      { rows: rows(), a: new Error('a', { cause }), list: [] as unknown[] },
      (s) => s.list.push(cause),
      (s) => (s.list[0] = 1),
      (s) => (s.a.cause = s.a),
      (s) => (s.a.cause = s.rows),
      (s) => (s.a.cause = s.rows[3]),
      (s) => (s.a.cause = undefined),
      (s) => (s.rows[3]!['title'] = 'new'),
    )
  })

  it('are told apart by what they are, not by what they look like', async () => {
    const blob = () => new Blob(['same'])
    const [a, b] = [await key(), await key()]
    const channel = values(
      { rows: rows(), it: blob() as unknown, key: a },
      { rows: rows(), it: blob(), key: a },
      { rows: rows(), it: blob(), key: b },
    )
    expect(channel.how).toBe('patch')
    class Tagged {
      #held = 1
      get [Symbol.toStringTag]() {
        return 'Tagged'
      }
      get held() {
        return this.#held
      }
      get broken(): never {
        throw new Error('no')
      }
      add() {
        this.#held++
      }
    }
    changes(
      { rows: rows(), it: new Tagged() },
      (s) => s.it.add(),
      (s) => (s.it = new Tagged()),
      (s) => Object.assign(s.it, { own: s.rows[0] }),
      (s) => (s.rows[0]!['title'] = 'new'),
    )
  })

  it('arrive exactly at clients of different paces, wherever they are put', PATIENCE, async () => {
    const pool = [await key(), await key(), wasm(), new Blob(['a']), new Blob(['b']), new Date(5)]
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = randomFrom(seed)
        const below = (end: number) => Math.floor(random() * end)
        const any = () => pool[below(pool.length)] as object
        let lastId = 0
        const row = (): Row => ({ id: lastId++, title: 'title', it: random() < 0.3 ? any() : null })
        const state = {
          rows: Array.from({ length: 12 }, row),
          one: null as unknown,
          map: new Map<number, unknown>(),
        }
        const mirror = new Mirror()
        const clients = [1, 2, 5, 13].map((pace) => ({ pace, channel: new Channel(mirror) }))
        const edits = [
          () => (state.rows[below(state.rows.length)]!['title'] = String(random())),
          () => (state.rows[below(state.rows.length)]!['title'] = String(random())),
          () => (state.rows[below(state.rows.length)]!['it'] = any()),
          () => (state.rows[below(state.rows.length)]!['it'] = null),
          () => state.rows.push(row()),
          () => state.rows.length > 2 && state.rows.splice(below(state.rows.length), 1),
          () => state.rows.reverse(),
          () => (state.rows = state.rows.map((row) => ({ ...row }))),
          () => {
            const it = any()
            for (const row of state.rows.slice(below(12))) row['it'] = it
          },
          () => (state.one = any()),
          () => (state.one = null),
          () => (state.one = [any(), any()]),
          () => state.map.set(below(3), any()),
          () => state.map.delete(below(3)),
        ]
        for (let step = 0; step <= 60; step++) {
          const picture = mirror.take(state)
          for (const { pace, channel } of clients) if (step % pace === 0) channel.check(state, picture)
          for (let count = below(3); count >= 0; count--) edits[below(edits.length)]!()
        }
      }),
      { numRuns: runs(30), endOnFailure: true },
    )
  })
})
