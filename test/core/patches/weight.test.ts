import { serialize } from 'node:v8'
import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { Channel } from './channel'
import { runs } from './runs'

const bytesOf = (value: unknown) => serialize(value).length

/** A list of many, and the same list after a change. */
const many = (make: (at: number) => unknown) => Array.from({ length: 10_000 }, (_, at) => make(at))
const changes: Record<string, (list: unknown[]) => unknown[]> = {
  'every tenth replaced': (list) => list.map((item, at) => (at % 10 ? item : list[at + 1])),
  shuffled: (list) => list.map((_, at) => list[(at * 7_919) % list.length]),
  'second half shuffled': (list) =>
    list.map((item, at) => (at < 5_000 ? item : list[5_000 + ((at * 3_001) % 5_000)])),
  'swapped in pairs': (list) => list.map((_, at) => list[at ^ 1]),
  'every second removed': (list) => list.filter((_, at) => at % 2),
  'new ones between': (list) => list.flatMap((item, at) => [item, list[at ^ 3]]),
}
const kinds: Record<string, (at: number) => unknown> = {
  booleans: (at) => at % 3 === 0,
  'small numbers': (at) => at % 50,
  numbers: (at) => at,
  fractions: (at) => at / 7,
  letters: (at) => String.fromCharCode(97 + (at % 26)),
  texts: (at) => `item number ${at}`,
  points: (at) => ({ x: at, y: at % 10 }),
  rows: (at) => ({ id: at, title: `title ${at}`, done: at % 2 === 0 }),
}

describe('what crosses', () => {
  it.each(
    Object.keys(kinds).flatMap((kind) => Object.keys(changes).map((change) => [kind, change] as const)),
  )('of %s, %s, weighs no more than the whole', (kind, change) => {
    const list = many(kinds[kind] as (at: number) => unknown)
    const channel = new Channel()
    channel.send(list)
    const now = changes[change]?.(list)
    channel.check(now)
    expect(bytesOf(channel.crossed)).toBeLessThan(1.1 * bytesOf(now) + 64)
  })

  it('of any two values weighs no more than the second', () => {
    const value = fc.array(
      fc.oneof(fc.jsonValue(), fc.record({ id: fc.nat(20), a: fc.boolean(), b: fc.string() })),
      {
        minLength: 20,
      },
    )
    fc.assert(
      fc.property(value, value, (first, second) => {
        const channel = new Channel()
        channel.send(first)
        channel.check(second)
        expect(bytesOf(channel.crossed)).toBeLessThan(1.25 * bytesOf(second) + 64)
      }),
      { numRuns: runs(1_000) },
    )
  })

  it('of one property in all rows is its values', () => {
    const rows = many((id) => ({ id, title: `title ${id}`, done: false })) as { done: boolean }[]
    const channel = new Channel()
    channel.send(rows)
    for (const row of rows) row.done = true
    channel.check(rows)
    expect(channel.how).toBe('patch')
    // A place and a value for each.
    expect(bytesOf(channel.crossed)).toBeLessThan(6 * rows.length)
  })

  it('of some properties in some rows is as much, whatever else has changed', () => {
    const rows = many((id) => ({ id, title: `title ${id}`, n: id, tags: ['a', 'b'] })) as {
      id: number
      title: string
      n: number
      tags: string[]
    }[]
    const channel = new Channel()
    const page = channel.send(rows) as unknown[]
    rows.forEach((row, at) => {
      if (at % 10 === 0) row.title += '!'
      if (at % 10 === 1) row.n = -1
      if (at % 10 === 2) Object.assign(row, { title: 'both', n: -1 })
      if (at % 100 === 3) row.tags.push('c')
    })
    rows.reverse()
    channel.check(rows)
    expect(channel.how).toBe('patch')
    const kept = (channel.received as unknown[]).filter((row) => page.includes(row))
    expect(kept.length).toBe(7_000 - 100)
    expect(bytesOf(channel.crossed)).toBeLessThan(bytesOf(rows) / 3)
  })

  it('is nothing where a change was taken back before it was sent', () => {
    const rows = many((id) => ({ id, title: `title ${id}`, meta: { n: 1 } })) as { title: string }[]
    const map = new Map([[1, { a: 1 }]])
    const s = { rows, map, list: [1, 2] }
    const channel = new Channel()
    channel.send(s)
    const row = rows[5] as { title: string }
    row.title = 'new'
    map.delete(1)
    s.list.push(3)
    // Another reader of the same source is sent this one.
    channel.mirror.take(s)
    row.title = 'title 5'
    s.list.pop()
    map.set(1, { a: 1 })
    channel.check(s)
    expect(channel.patches).toBe(1)
    row.title = 'again'
    channel.mirror.take(s)
    row.title = 'title 5'
    channel.check(s)
    expect(channel.how).toBe('nothing')
  })
})
