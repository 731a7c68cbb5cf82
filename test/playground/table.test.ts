import { describe, expect, it } from 'vitest'
import { sortEntries } from '../../playground/logic/sort'
import { Table } from '../../playground/logic/table'

function tableOf(objects: Record<string, unknown>[]): Table {
  const table = new Table()
  for (const object of objects) table.addObject(object)
  return table
}

describe('Table', () => {
  it('puts the column called title first, and takes the one called done for the tick', () => {
    const table = tableOf([
      { hours: 2, done: false, title: 'a' },
      { hours: 3, done: true, title: 'b' },
    ])
    expect(table.columns().map(({ name }) => name)).toEqual(['title', 'hours'])
    expect(table.entries.map(({ row }) => row.done)).toEqual([false, true])
  })

  it('takes the first column that is not all numbers where none is called title', () => {
    const table = tableOf([{ id: 1, city: 'Gent', note: 'x' }])
    expect(table.columns().map(({ name }) => name)).toEqual(['city', 'id', 'note'])
  })

  it('knows a column of numbers, empty cells or not', () => {
    const table = tableOf([
      { a: '1.5', b: '1', c: '-.5e3' },
      { a: '', b: '0x1', c: 7 },
    ])
    expect(table.columns().map(({ name, numeric }) => [name, numeric])).toEqual([
      ['b', false],
      ['a', true],
      ['c', true],
    ])
  })

  it('lets a column begin in a later row, and shows nested values as JSON', () => {
    const table = tableOf([{ a: 'x' }, { b: null, c: { d: [1] }, e: true }])
    expect(table.entries[1]!.row.cells).toEqual(['', '', '{"d":[1]}', 'true'])
  })

  it('gives columns without a name, and of the same name, names of their own', () => {
    const table = new Table()
    table.setHeader(['a', '', 'a', ' a '])
    expect(table.columns().map(({ name }) => name)).toEqual(['a', 'column 2', 'a 2', 'a 3'])
  })

  it('takes names like __proto__ for names', () => {
    const table = tableOf([JSON.parse('{"__proto__": "x", "constructor": "y"}') as Record<string, unknown>])
    expect(table.columns().map(({ name }) => name)).toEqual(['__proto__', 'constructor'])
    expect(table.entries[0]!.row.cells).toEqual(['x', 'y'])
  })
})

describe('sortEntries', () => {
  const table = tableOf([
    { n: 10, t: 'Öl' },
    { n: '', t: 'oder' },
    { n: 9, t: '' },
    { n: 10, t: 'Zug' },
  ])
  const [title, number] = table.columns()
  const sorted = (column = title!, descending = false) =>
    sortEntries(table.entries, column, descending).map(({ row }) => row.id)

  it('sorts numbers by value, keeps the order of equal ones, and puts empty cells last both ways', () => {
    expect(sorted(number)).toEqual([3, 1, 4, 2])
    expect(sorted(number, true)).toEqual([1, 4, 3, 2])
  })

  it('sorts texts without regard to case and accents', () => {
    expect(sorted(title)).toEqual([2, 1, 4, 3])
    expect(sorted(title, true)).toEqual([4, 1, 2, 3])
  })
})
