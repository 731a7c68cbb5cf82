import type { Sort } from './sort'
import type { Column, Row } from './table'

/** Which rows are shown, besides those that match the query. */
export type Show = 'all' | 'open' | 'done'

/** All that a UI shows besides the rows. */
export interface View {
  /** The file's name; empty when the list was begun by hand. */
  name: string
  /** The columns, the one that names a row first. */
  columns: Column[]
  /** How many rows there are, how many of them are done, and how many are shown. */
  total: number
  done: number
  matched: number
  query: string
  show: Show
  sort: Sort | undefined
  /** How long the last search or sort took, in milliseconds. */
  took: number
}

/** The rows from `from` on that a UI asked for, as they are now. */
export interface Rows {
  from: number
  rows: Row[]
}

/** The view of an empty list. */
export const emptyView: View = {
  name: '',
  columns: [],
  total: 0,
  done: 0,
  matched: 0,
  query: '',
  show: 'all',
  sort: undefined,
  took: 0,
}
