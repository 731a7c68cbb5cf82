import { describe, expect, it } from 'vitest'
import { rows } from './changes'
import { Channel } from './channel'

/** Sends both. @returns what has become of the first's parts that are in the second, too */
function send(first: object, second: object) {
  const channel = new Channel()
  const before = channel.send(first) as Record<string, unknown>
  channel.check(second)
  return { channel, before, after: channel.received as Record<string, unknown> }
}

describe('names of properties', () => {
  const list = rows(50)

  it.each<[string, object, object]>([
    ['come before others', { list }, { loading: true, list }],
    ['come between others', { a: 1, list, b: 2 }, { a: 1, error: 'no', list, c: 3, b: 2 }],
    ['go to the end', { a: 1, list, b: 2 }, { list, b: 2, a: 1 }],
    ['are turned round', { a: 1, b: 2, list }, { list, b: 3, a: 1 }],
    ['go, come and move at once', { a: 1, b: 2, list }, { list, c: 1, a: 5 }],
    ['are numbers, too', { x: 1, list, 5: 1, 3: 1 }, { list, 4: 1, 3: 1, x: 1 }],
    ['are odd', { ['__proto__']: 1, list, toString: 2 }, { toString: 3, list, ['__proto__']: 1 }],
  ])('%s, and the rest stays as it is', (_, first, second) => {
    const { channel, before, after } = send(first, second)
    expect(Object.keys(after)).toEqual(Object.keys(second))
    expect(channel.how).toBe('patch')
    expect(after['list']).toBe(before['list'])
  })

  it('of many: one goes to the end, and is all that is said', () => {
    const byId = Object.fromEntries(rows(1_000).map((row) => [`row ${String(row['id'])}`, row]))
    const { 'row 500': moved, ...others } = byId
    const { channel, before, after } = send(byId, { ...others, 'row 500': moved })
    expect(JSON.stringify(channel.crossed).length).toBeLessThan(60)
    expect(Object.keys(after).at(-1)).toBe('row 500')
    expect(Object.keys(after).every((key) => after[key] === before[key])).toBe(true)
  })

  it('in rows of a list move, come and go', () => {
    const channel = new Channel()
    const first = rows(30)
    const page = channel.send(first) as unknown[]
    const second = first.map((row, at) =>
      at === 3 ? { title: 'moved', id: 3, meta: row['meta'] } : at === 4 ? { ...row, more: 1 } : row,
    )
    channel.check(second)
    expect(channel.how).toBe('patch')
    const now = channel.received as unknown[]
    expect(now.filter((row, at) => row === page[at]).length).toBe(28)
  })
})

describe('rows', () => {
  type Named = { id: unknown; n: number; text: string }
  const named = (idOf: (n: number) => unknown): Named[] =>
    Array.from({ length: 1_000 }, (_, n) => ({ id: idOf(n), n, text: `a longer text ${n}` }))
  const kept = (list: Named[], change: (list: Named[]) => void) => {
    const channel = new Channel()
    const before = channel.send(list) as Named[]
    change(list)
    channel.check(list)
    const byNumber = new Map(before.map((row) => [row.n, row]))
    return (channel.received as Named[]).filter((row) => byNumber.get(row.n) === row).length
  }

  it.each<[string, (n: number) => unknown]>([
    ['null', () => null],
    ['undefined', () => undefined],
    ['the same', () => 7],
    ['shared by two each', (n) => n >> 1],
    ['NaN', () => NaN],
    ['objects', (n) => ({ n })],
  ])('whose ids are %s are known by themselves', (_, idOf) => {
    const shift = (list: Named[]) => void list.push(list.shift() as Named)
    expect(kept(named(idOf), shift)).toBe(1_000)
    expect(kept(named(idOf), (list) => list.reverse())).toBe(1_000)
  })

  it('that are numbered anew are known by themselves', () => {
    const list = named((n) => n)
    const channel = new Channel()
    channel.send(list)
    list.shift()
    list.forEach((row, at) => (row.id = at))
    channel.check(list)
    // The number of each, and no text.
    expect(channel.how).toBe('patch')
    expect(JSON.stringify(channel.crossed)).not.toContain('a longer text')
  })

  it('that are copies are known by their ids, wherever they are', () => {
    const copies = (list: Named[]) =>
      void list.splice(0, list.length, ...list.map((row) => ({ ...row })).reverse())
    expect(
      kept(
        named((n) => n),
        copies,
      ),
    ).toBe(1_000)
  })
})
