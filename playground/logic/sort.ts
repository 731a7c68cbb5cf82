import { fold } from './search'
import type { Column, Entry } from './table'

/** By which column the list is sorted; without one it is in the order of the file. */
export interface Sort {
  /** The column's `index`. */
  column: number
  descending: boolean
}

/**
 * A sorted copy: numbers by value, texts by their folded letters, empty cells last in both directions,
 * equal ones in the order they had.
 *
 * @example sortEntries(entries, hours, true) // most hours first
 */
export function sortEntries(entries: readonly Entry[], column: Column, descending: boolean): Entry[] {
  const cellOf = (entry: Entry) => entry.row.cells[column.index] ?? ''
  const keyOf: (text: string) => number | string = column.numeric ? Number : fold
  const filled: { key: number | string; entry: Entry }[] = []
  const empty: Entry[] = []
  for (const entry of entries) {
    const cell = cellOf(entry)
    if (cell === '') empty.push(entry)
    else filled.push({ key: keyOf(cell), entry })
  }
  const sign = descending ? -1 : 1
  filled.sort((a, b) => (a.key < b.key ? -sign : a.key > b.key ? sign : 0))
  return [...filled.map(({ entry }) => entry), ...empty]
}
