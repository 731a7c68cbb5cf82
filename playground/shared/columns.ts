import type { Sort } from '../logic/sort'
import type { Column } from '../logic/table'

/**
 * The style of a list with these columns: `--tracks` for the CSS grid of every row (tick, title, the other columns by
 * their longest text, buttons), and `--least`, the width below which the list is scrolled sideways.
 */
export function gridStyle(columns: readonly Column[]): string {
  // A letter is narrower than a digit, of which `ch` is the width.
  const widths = columns.map(({ longest, name }, at) => {
    const letters = Math.max(longest, name.length + 2, 5) * 0.88
    return at === 0 ? Math.min(Math.max(letters, 18), 30) : Math.min(letters, 20)
  })
  const least = widths.map((letters) => `calc(${letters.toFixed(1)}ch + 1.2rem)`)
  const tracks = columns.map(({ numeric }, at) => {
    const share = at === 0 ? 2.4 : numeric ? 0.5 : 1
    return `minmax(${least[at]}, ${share}fr)`
  })
  const all = ['2.75rem', ...least, '4.75rem']
  return `--tracks: 2.75rem ${tracks.join(' ')} 4.75rem; --least: calc(${all.join(' + ')})`
}

/** What a press on a column's head asks for: upwards, then downwards, then the order of the file. */
export function nextSort(sort: Sort | undefined, column: number): Sort | undefined {
  if (sort?.column !== column) return { column, descending: false }
  return sort.descending ? undefined : { column, descending: true }
}

/** The value of `aria-sort` for a column's head. */
export function ariaSort(sort: Sort | undefined, column: number): 'ascending' | 'descending' | 'none' {
  if (sort?.column !== column) return 'none'
  return sort.descending ? 'descending' : 'ascending'
}
