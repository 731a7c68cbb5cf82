/** What a list holds: rows as an app has them. */

/** A row: five fields at most, one of them nested, and absent from three rows of four. */
export interface Row {
  id: number
  title: string
  done: boolean
  /** Smaller is more urgent; several rows share one. */
  priority: number
  tags?: string[]
}

const TAGS = ['home', 'work', 'errand', 'garden', 'letters']

/** Row `id`, always the same one: `{ id: 8, title: 'Row 8 of the list', done: false, priority: 3, tags: […] }`. */
export function makeRow(id: number): Row {
  const row: Row = { id, title: `Row ${id} of the list`, done: id % 3 === 0, priority: (id * 7) % 5 }
  if (id % 4 === 0) row.tags = [TAGS[id % TAGS.length]!, `week ${id % 52}`]
  return row
}

/** Rows 0 to `count` - 1. */
export function makeRows(count: number): Row[] {
  return Array.from({ length: count }, (_, id) => makeRow(id))
}

/** Whether two lists hold equal rows in the same order. */
export function sameRows(a: readonly Row[], b: readonly Row[]): boolean {
  return a.length === b.length && a.every((row, i) => row === b[i] || sameRow(row, b[i]!))
}

function sameRow(a: Row, b: Row): boolean {
  return (
    a.id === b.id &&
    a.title === b.title &&
    a.done === b.done &&
    a.priority === b.priority &&
    String(a.tags) === String(b.tags) &&
    Object.keys(a).length === Object.keys(b).length
  )
}
