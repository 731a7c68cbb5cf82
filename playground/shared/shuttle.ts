import { cellAt, COLUMNS, placeOf, ROWS } from '../logic/cloth'

/** What the pointer does at the cloth. */
export interface ShuttleEnds {
  /** Dyes these cells, or takes their dye out. */
  weave(cells: number[], isDyed: boolean): void
  /** The pointer is over this cell, or over none. */
  point(at: number | undefined): void
}

/**
 * Turns the events of a pointer over the cloth into strokes. Between two events a fast pointer leaps over cells: the
 * stroke has them all.
 */
export class Shuttle {
  #over: number | undefined
  /** What the stroke does, while there is one. */
  #isDyeing: boolean | undefined

  constructor(private readonly ends: ShuttleEnds) {}

  /**
   * A stroke begins.
   *
   * @param isMine whether a cell has the tab's own dye: the stroke then takes dye out
   */
  down(event: PointerEvent, isMine: (cell: number) => boolean): void {
    const cell = cellUnder(event)
    if (cell === undefined || event.button !== 0) return
    ;(event.currentTarget as HTMLElement).setPointerCapture(event.pointerId)
    this.#isDyeing = !isMine(cell)
    this.#over = cell
    this.ends.weave([cell], this.#isDyeing)
  }

  move(event: PointerEvent): void {
    const cell = cellUnder(event)
    if (cell === this.#over) return
    const from = this.#over
    this.#over = cell
    if (this.#isDyeing === undefined || cell === undefined) this.ends.point(cell)
    else this.ends.weave(from === undefined ? [cell] : cellsBetween(from, cell), this.#isDyeing)
  }

  up(): void {
    this.#isDyeing = undefined
  }

  /**
   * A key is pressed: arrows lead to another cell, space and enter do what a stroke on this one would.
   *
   * @returns the cell that is active from then on
   */
  press(event: KeyboardEvent, active: number, isMine: (cell: number) => boolean): number {
    const to = cellByKey(event.key, active)
    const weaves = event.key === ' ' || event.key === 'Enter'
    if (weaves) this.ends.weave([active], !isMine(active))
    if (weaves || to !== undefined) event.preventDefault()
    return to ?? active
  }

  leave(): void {
    // A stroke that leaves the cloth may come back.
    if (this.#over === undefined) return
    this.#over = undefined
    this.ends.point(undefined)
  }
}

/** The cell that the pointer is over, by its place in the cloth: a pointer that is captured tells of no other element. */
function cellUnder({ currentTarget, clientX, clientY }: PointerEvent): number | undefined {
  const { left, top, width, height } = (currentTarget as HTMLElement).getBoundingClientRect()
  const column = Math.floor(((clientX - left) / width) * COLUMNS)
  const row = Math.floor(((clientY - top) / height) * ROWS)
  if (column < 0 || row < 0 || column >= COLUMNS || row >= ROWS) return undefined
  return cellAt(row, column)
}

/** The cells on the straight line between two, the last one included and the first one not. */
export function cellsBetween(from: number, to: number): number[] {
  const [fromRow, fromColumn] = placeOf(from)
  const [toRow, toColumn] = placeOf(to)
  const steps = Math.max(Math.abs(toRow - fromRow), Math.abs(toColumn - fromColumn))
  return Array.from({ length: steps }, (_, at) => {
    const part = (at + 1) / steps
    return cellAt(
      Math.round(fromRow + (toRow - fromRow) * part),
      Math.round(fromColumn + (toColumn - fromColumn) * part),
    )
  })
}

/** The cell that a key leads to, from one; undefined where the key leads nowhere. */
export function cellByKey(key: string, from: number): number | undefined {
  const [row, column] = placeOf(from)
  const by: Record<string, [number, number]> = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
    Home: [0, -COLUMNS],
    End: [0, COLUMNS],
  }
  const step = by[key]
  if (!step) return undefined
  const within = (n: number, count: number) => Math.max(0, Math.min(count - 1, n))
  return cellAt(within(row + step[0], ROWS), within(column + step[1], COLUMNS))
}
