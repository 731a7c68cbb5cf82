import { describe, expect, it } from 'vitest'
import { changes, rows, values, type Row } from './changes'

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
