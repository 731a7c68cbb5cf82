import type { JsonObject } from './json'
import { fold } from './search'

/** One line of the list, as the page gets it. `cells[column.index]` is the text of a column's cell, or undefined. */
export interface Row {
  id: number
  done: boolean
  cells: string[]
}

/** A column of the list. */
export interface Column {
  /** Where its texts are in every row's `cells`. */
  index: number
  name: string
  /** Every text in it is a number (or empty): it is sorted by value, and set flush right. */
  numeric: boolean
  /** The longest text in it, in characters: a hint for its width. */
  longest: number
}

/** A row and what is looked at when the list is searched: all its text, folded. */
export interface Entry {
  row: Row
  text: string
}

const DONE_NAMES = new Set(['done', 'completed', 'complete', 'finished', 'erledigt'])
const TITLE_NAMES = new Set(['title', 'task', 'todo', 'subject', 'name', 'summary', 'titel', 'aufgabe'])
const YES = new Set(['true', 'yes', 'y', '1', 'x', 'done', 'ja'])

/**
 * The rows of a file with their columns, as they are being read. A column called *done* (or *completed* …) becomes
 * the rows' tick; the column called *title* (or *task*, *name* …), else the first that is not all numbers, is what a
 * row is known by, and comes first.
 *
 * @example
 * const table = new Table()
 * table.addObject({ title: 'Mend the gate', hours: 2 })
 * table.columns() // [{ index: 0, name: 'title', … }, { index: 1, name: 'hours', numeric: true, … }]
 */
export class Table {
  readonly entries: Entry[] = []
  #columns: Column[] = []
  #byName = new Map<string, Column>()
  #done = -1
  #nextId = 1

  /** Names the columns of rows given by {@link addCells}: empty names are numbered, repeated ones too. */
  setHeader(names: string[]): void {
    for (const [at, name] of names.entries()) {
      const plain = name.trim() || `column ${at + 1}`
      let unique = plain
      for (let n = 2; this.#byName.has(unique); n++) unique = `${plain} ${n}`
      this.#addColumn(unique)
    }
  }

  /** A row of texts, in the order of the header. */
  addCells(cells: string[]): Entry {
    for (let at = 0; at < cells.length; at++) this.#measure(this.#columns[at]!, cells[at]!)
    return this.#addRow(cells)
  }

  /** A row by names. A name not seen before is a new column; nested values are shown as JSON. */
  addObject(object: JsonObject): Entry {
    const cells: string[] = []
    for (const name in object) {
      const column = this.#byName.get(name) ?? this.#addColumn(name)
      const text = textOf(object[name])
      while (cells.length < column.index) cells.push('')
      cells[column.index] = text
      this.#measure(column, text)
    }
    return this.#addRow(cells)
  }

  /** A row with only a title, as a person adds one. Where there is no column yet, it makes one. */
  addTitle(title: string): Entry {
    const column = this.columns()[0] ?? this.#addColumn('title')
    const cells = this.#columns.map((one) => (one === column ? title : ''))
    this.#measure(column, title)
    return this.#addRow(cells)
  }

  /** Gives a row another title. */
  setTitle(entry: Entry, title: string): void {
    const column = this.columns()[0]!
    const { row } = entry
    while (row.cells.length <= column.index) row.cells.push('')
    row.cells[column.index] = title
    this.#measure(column, title)
    entry.text = fold(row.cells.join('\n'))
  }

  /** The columns to be shown, the title first. */
  columns(): Column[] {
    const shown = this.#columns.filter((column) => column.index !== this.#done)
    const title =
      shown.find((column) => TITLE_NAMES.has(column.name.toLowerCase())) ??
      shown.find((column) => !column.numeric)
    return title ? [title, ...shown.filter((column) => column !== title)] : shown
  }

  #addColumn(name: string): Column {
    const column = { index: this.#columns.length, name, numeric: true, longest: 0 }
    this.#columns.push(column)
    this.#byName.set(name, column)
    if (this.#done < 0 && DONE_NAMES.has(name.toLowerCase())) this.#done = column.index
    return column
  }

  #measure(column: Column, text: string): void {
    if (text.length > column.longest) column.longest = text.length
    if (column.numeric && text !== '' && !isNumber(text)) column.numeric = false
  }

  #addRow(cells: string[]): Entry {
    const row = { id: this.#nextId++, done: this.#isDone(cells), cells }
    const entry = { row, text: fold(cells.join('\n')) }
    this.entries.push(entry)
    return entry
  }

  #isDone(cells: string[]): boolean {
    const cell = this.#done < 0 ? undefined : cells[this.#done]
    return cell !== undefined && YES.has(cell.trim().toLowerCase())
  }
}

/** A cell's text for a JSON value: nothing for null, JSON for what is nested. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Whether a text is a number as files write them; `007` and `1e5` are, blanks and `0x10` are not. */
function isNumber(text: string): boolean {
  // Most texts are words: their first character tells.
  const code = text.charCodeAt(0)
  if (code > 57 || code < 43) return false
  return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)
}
