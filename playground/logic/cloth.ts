/** The cloth that all tabs weave on, as they see it. */

/** Cells in a row, and rows. */
export const COLUMNS = 32
export const ROWS = 14

/** What yarn is dyed with here. Each tab has one of these, and no other has it unless there are more tabs than dyes. */
export const DYES = ['indigo', 'madder', 'weld', 'fern', 'logwood', 'walnut'] as const

/** A cell that nobody has dyed; all others have the number of their dye, from 1. */
export const UNDYED = 0

/** A tab that is at the cloth, or was. */
export interface Tab {
  id: number
  /** The number of its dye, from 1. */
  dye: number
  /** When it came, and when it left, if it has. In milliseconds since 1970. */
  came: number
  left?: number
  /** How many cells it has dyed or undone. */
  picks: number
  /** The cell that its pointer is over. */
  at?: number
}

export interface Cloth {
  /** The cells from above; a row that has not changed is the same array. */
  rows: number[][]
  /** Those that are here, as they came; then those that have left, the last one first. */
  tabs: Tab[]
  /** How many clients the thread counts. */
  clients: number
}

/** A cloth that nobody has woven on. */
export const emptyCloth: Cloth = {
  rows: Array.from({ length: ROWS }, () => Array.from({ length: COLUMNS }, () => UNDYED)),
  tabs: [],
  clients: 0,
}

/** The name of a tab is that of its dye. */
export function nameOf({ dye }: Pick<Tab, 'dye'>): string {
  const name = DYES[dye - 1]!
  return name[0]!.toUpperCase() + name.slice(1)
}

/** The number of the cell in a row and a column, from 0. */
export const cellAt = (row: number, column: number): number => row * COLUMNS + column

/** Where a cell is, as `[row, column]`. */
export const placeOf = (cell: number): [row: number, column: number] => [
  Math.floor(cell / COLUMNS),
  cell % COLUMNS,
]

/** The number of the dye of a cell. */
export function dyeAt({ rows }: Cloth, cell: number): number {
  const [row, column] = placeOf(cell)
  return rows[row]![column]!
}
