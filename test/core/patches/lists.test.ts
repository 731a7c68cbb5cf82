import { serialize } from 'node:v8'
import { describe, expect, it } from 'vitest'
import { Channel } from './channel'
import { PATIENCE } from './runs'

type Row = Record<string, unknown>

/** A change of a list in place, and what its patch may weigh at most: bytes for all, and for each row. */
interface Operation {
  name: string
  change: (rows: Row[], make: () => Row) => void
  bytes: number
  each?: number
}

const shuffled = (at: number) => (at * 7_919) % 10_007

const operations: Operation[] = [
  { name: 'append', change: (rows, make) => rows.push(make()), bytes: 150 },
  { name: 'prepend', change: (rows, make) => rows.unshift(make()), bytes: 150 },
  { name: 'insert', change: (rows, make) => rows.splice(500, 0, make(), make()), bytes: 200 },
  { name: 'remove', change: (rows) => rows.splice(500, 3), bytes: 60 },
  { name: 'replace', change: (rows, make) => (rows[500] = make()), bytes: 150 },
  { name: 'update', change: (rows) => ((rows[500] as Row)['title'] = 'new'), bytes: 100 },
  {
    name: 'update every tenth',
    change: (rows) => rows.forEach((row, at) => at % 10 || (row['title'] = 'new')),
    bytes: 100,
    each: 6,
  },
  {
    name: 'swap',
    change: (rows) => ([rows[1], rows[rows.length - 2]] = [rows[rows.length - 2] as Row, rows[1] as Row]),
    bytes: 80,
  },
  { name: 'move', change: (rows) => rows.splice(900, 0, ...rows.splice(5, 1)), bytes: 80 },
  { name: 'reverse', change: (rows) => rows.reverse(), bytes: 60, each: 8 },
  {
    name: 'filter to a half',
    change: (rows) => rows.splice(0, rows.length, ...rows.filter((_, at) => at % 2)),
    bytes: 60,
    each: 4,
  },
  { name: 'filter to the first half', change: (rows) => (rows.length /= 2), bytes: 60 },
  {
    name: 'sort',
    change: (rows) => rows.sort((a, b) => (a['n'] as number) - (b['n'] as number)),
    bytes: 60,
    each: 8,
  },
  {
    name: 'shuffle',
    change: (rows) => {
      const random = new Map(rows.map((row, at) => [row, shuffled(at)]))
      rows.sort((a, b) => (random.get(a) as number) - (random.get(b) as number))
    },
    bytes: 60,
    each: 8,
  },
  { name: 'clear', change: (rows) => (rows.length = 0), bytes: 60 },
]

const KINDS: Record<string, (at: number) => Row> = {
  'by id': (id) => ({ id, title: `title ${id}`, n: shuffled(id) }),
  keyless: (at) => ({ title: `title ${at}`, n: shuffled(at), tags: ['a', 'b'] }),
}

/** @returns what the page had and has of the rows, and the patch's bytes */
function run({ change }: Operation, make: (at: number) => Row, count: number, replaced: boolean) {
  const rows = Array.from({ length: count }, (_, at) => make(at))
  const channel = new Channel()
  // What is beside the rows makes the patch of a cleared list worth while.
  const beside = rows.slice(0, 100).map((_, at) => ({ at }))
  const before = (channel.send({ rows, beside }) as { rows: Row[] }).rows
  const now = replaced ? rows.map((row) => row) : rows
  let made = count
  change(now, () => make(made++))
  if (replaced)
    // A changed row is another one, and the old one is as it was.
    now.forEach((row, at) => {
      if (row['title'] !== 'new') return
      now[at] = { ...row }
      row['title'] = 'old'
    })
  const after = (channel.send({ rows: now, beside }) as { rows: Row[] }).rows
  return { channel, before, after, now, bytes: serialize(channel.crossed).length }
}

describe.each(Object.keys(KINDS))('rows that are known %s', (kind) => {
  const make = KINDS[kind] as (at: number) => Row

  describe.each([
    ['in place', false],
    ['by another list', true],
  ])('and change %s', (_, replaced) => {
    it.each(operations)('$name: the patch weighs what changed, all else is the same', (operation) => {
      const { channel, before, after, now, bytes } = run(operation, make, 1_000, replaced)
      expect(channel.how).toBe('patch')
      expect(bytes).toBeLessThan(operation.bytes + 1_000 * (operation.each ?? 0))
      expect(after).toEqual(now)
      const known = new Set(before)
      // Each number belongs to one row.
      const byNumber = new Map(before.map((row) => [row['n'], row]))
      const wrong = after.filter((row) => {
        const old = byNumber.get(row['n'])
        return old && row['title'] !== 'new' ? row !== old : known.has(row)
      })
      expect(wrong).toEqual([])
    })
  })
})

describe('a hundred thousand rows', () => {
  it('go through all of it one after the other', PATIENCE, () => {
    const make = (id: number): Row => ({ id, n: shuffled(id) })
    let rows = Array.from({ length: 100_000 }, (_, at) => make(at))
    let lastId = 1_000_000
    const channel = new Channel()
    const beside = Array.from({ length: 100 }, (_, at) => ({ at }))
    let before = (channel.send({ rows, beside }) as { rows: Row[] }).rows
    for (const { name, change, bytes, each = 0 } of operations) {
      const known = new Set(before)
      // Another list; what changes in its rows changes in place.
      rows = rows.slice()
      change(rows, () => make(++lastId))
      const after = (channel.send({ rows, beside }) as { rows: Row[] }).rows
      expect([name, channel.how]).toEqual([name, 'patch'])
      expect(serialize(channel.crossed).length).toBeLessThan(bytes + before.length * each)
      expect(after.map((row) => row['id'])).toEqual(rows.map((row) => row['id']))
      const fresh = name === 'update every tenth' ? Math.ceil(rows.length / 10) : 2
      expect(after.filter((row) => !known.has(row)).length).toBeLessThanOrEqual(fresh)
      before = after
    }
  })
})

describe('work', () => {
  it.each(operations)('$name: each row is looked at a few times, however many there are', ({ change }) => {
    let reads = 0
    const make = (id: number) =>
      Object.defineProperty({ n: shuffled(id) } as Row, 'id', { get: () => (reads++, id), enumerable: true })
    const count = 2_000
    for (const copied of [false, true]) {
      const channel = new Channel()
      const rows = Array.from({ length: count }, (_, at) => make(at))
      channel.send(rows)
      const now = copied ? rows.map((row) => make(row['id'] as number)) : rows
      change(now, () => make(count))
      reads = 0
      channel.send(now)
      expect(reads).toBeLessThan(8 * count)
    }
  })
})
