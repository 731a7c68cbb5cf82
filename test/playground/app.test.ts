import { beforeEach, describe, expect, it } from 'vitest'
import TodoSearch from '../../playground/logic/app'
import { FileFault } from '../../playground/logic/fault'
import type { Progress } from '../../playground/logic/import'
import type { Rows, View } from '../../playground/logic/view'

const never = new AbortController().signal
const ignore = () => {}

let app: TodoSearch
let view: View
let rows: Rows

beforeEach(() => {
  app = new TodoSearch()
  app.watchView().subscribe((next) => (view = next))
  app.watchRows(0, 10).subscribe((next) => (rows = next))
})

const titles = () => rows.rows.map((row) => row.cells[0])
const open = (text: string, name = 'list.csv') => app.open(new File([text], name), name, ignore, never)

const list = 'title,hours,done\nMend the gate,2,no\nOil the loom,10,yes\nPaint the gate,1.5,no\n'

describe('the logic of the playground', () => {
  it('reads a file and shows what is in it', async () => {
    await open(list)
    expect(view).toMatchObject({ name: 'list.csv', total: 3, done: 1, matched: 3 })
    expect(titles()).toEqual(['Mend the gate', 'Oil the loom', 'Paint the gate'])
  })

  it('reads JSON by its name, its type or its first character', async () => {
    const text = '[{"title": "a"}, {"title": "b"}]'
    for (const file of [
      new File([text], 'x.json'),
      new Blob([text], { type: 'application/json' }),
      new Blob([text]),
    ]) {
      await app.open(file, 'x', ignore, never)
      expect(titles()).toEqual(['a', 'b'])
    }
  })

  it('tells how far it is, up to the end', async () => {
    const told: Progress[] = []
    await app.make(4_500_000, 'json', (progress) => told.push(progress), never)
    const reading = told.filter(({ phase }) => phase === 'reading')
    expect(told.filter(({ phase }) => phase === 'making').length).toBeGreaterThan(2)
    expect(reading.length).toBeGreaterThan(1)
    expect(reading.at(-1)).toEqual({ phase: 'reading', fraction: 1, rows: view.total })
    expect(view.total).toBeGreaterThan(20_000)
  })

  it('keeps the list when the import is cancelled, and when the file is bad', async () => {
    await open(list)
    const stop = new AbortController()
    let told = 0
    const onProgress = () => {
      told++
      stop.abort('enough')
    }
    await expect(app.make(4_500_000, 'json', onProgress, stop.signal)).rejects.toBe('enough')
    expect(told).toBe(1)
    await expect(open('[{"a": }]', 'bad.json')).rejects.toBeInstanceOf(FileFault)
    expect(view.name).toBe('list.csv')
    expect(titles()).toHaveLength(3)
  })

  it('shows the rows that contain every word, and more again when the query gets shorter', async () => {
    await open(list)
    await app.search('gate')
    expect(titles()).toEqual(['Mend the gate', 'Paint the gate'])
    await app.search('gate pai')
    expect(titles()).toEqual(['Paint the gate'])
    expect(view).toMatchObject({ total: 3, matched: 1, query: 'gate pai' })
    await app.search('')
    expect(titles()).toHaveLength(3)
  })

  it('looks only for the last of several queries that come at once', async () => {
    await open(list)
    let looks = 0
    app.watchRows(0, 1).subscribe(() => looks++)
    await Promise.all([app.search('m'), app.search('me'), app.search('oil')])
    expect(titles()).toEqual(['Oil the loom'])
    expect(looks).toBe(2)
  })

  it('sorts, keeps the sort while searching, and goes back to the order of the file', async () => {
    await open(list)
    app.sort({ column: 1, descending: true })
    expect(titles()).toEqual(['Oil the loom', 'Mend the gate', 'Paint the gate'])
    await app.search('gate')
    expect(titles()).toEqual(['Mend the gate', 'Paint the gate'])
    app.sort({ column: 1, descending: false })
    expect(titles()).toEqual(['Paint the gate', 'Mend the gate'])
    app.sort(undefined)
    await app.search('')
    expect(titles()).toEqual(['Mend the gate', 'Oil the loom', 'Paint the gate'])
  })

  it('ticks a row, which leaves the open ones', async () => {
    await open(list)
    await app.filter('open')
    app.setDone(rows.rows[0]!.id, true)
    expect(titles()).toEqual(['Paint the gate'])
    expect(view).toMatchObject({ done: 2, matched: 1 })
    await app.filter('done')
    expect(titles()).toEqual(['Mend the gate', 'Oil the loom'])
  })

  it('adds a row on top, renames it so that it is found, and removes it', async () => {
    await open(list)
    const { id } = app.add('Call Zoë')
    expect(titles()[0]).toBe('Call Zoë')
    app.rename(id, 'Write to Zoë')
    await app.search('write zoe')
    expect(titles()).toEqual(['Write to Zoë'])
    app.remove(id)
    expect(view).toMatchObject({ total: 3, matched: 0 })
    expect(() => app.remove(id)).toThrow(RangeError)
  })

  it('begins a list by hand, and forgets it', () => {
    app.add('first')
    expect(view).toMatchObject({ name: '', total: 1, columns: [{ name: 'title' }] })
    app.clear()
    expect(view).toMatchObject({ total: 0, columns: [] })
    expect(titles()).toEqual([])
  })

  it('gives only the window of rows that was asked for', async () => {
    await app.make(200_000, 'csv', ignore, never)
    let some: Rows | undefined
    app.watchRows(500, 520).subscribe((next) => (some = next))
    expect(some!.from).toBe(500)
    expect(some!.rows.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, at) => 501 + at))
  })
})
