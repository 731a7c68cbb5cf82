/** What is done to a list: each operation twice, for a logic that replaces its data and for one that changes it. */
import { makeRow, type Row } from './rows.js'

/** Whether a logic makes a new list that shares the rows it did not change, or changes the one it has. */
export type Manner = 'replaced' | 'mutated'

export interface Operation {
  title: string
  /** The list after it. Neither `rows` nor any row in it is touched. */
  replace(rows: readonly Row[], turn: number): Row[]
  /** Does the same to `rows` itself. */
  mutate(rows: Row[], turn: number): void
  /** It cannot be done to its own result: the list is made anew before each turn. */
  once?: boolean
}

const middle = (rows: readonly Row[]) => rows.length >> 1
const newTitle = (row: Row, turn: number) => `Row ${row.id}, changed ${turn}`
/** A row that no list has yet. */
const newRow = (turn: number) => makeRow(1_000_000 + turn)

/** The operations, in the order in which they are reported. `turn` counts the runs on one list, from 0. */
export const operations = {
  change: inPlace('one row changes', (rows, turn, own) => {
    const row = own(middle(rows))
    row.title = newTitle(row, turn)
  }),
  append: inPlace('append one', (rows, turn) => void rows.push(newRow(turn))),
  prepend: inPlace('prepend one', (rows, turn) => void rows.unshift(newRow(turn))),
  insert: inPlace('insert in the middle', (rows, turn) => void rows.splice(middle(rows), 0, newRow(turn))),
  remove: inPlace('remove one', (rows) => void rows.splice(middle(rows), 1)),
  swap: inPlace('swap two', (rows) => {
    const last = rows.length - 2
    ;[rows[1], rows[last]] = [rows[last]!, rows[1]!]
  }),
  move: inPlace('move one', (rows) => void rows.splice(rows.length - 10, 0, ...rows.splice(10, 1))),
  tenth: inPlace('change every tenth', (rows, turn, own) => {
    for (let i = 0; i < rows.length; i += 10) {
      const row = own(i)
      row.title = newTitle(row, turn)
    }
  }),
  reverse: inPlace('reverse', (rows) => void rows.reverse()),
  sort: inPlace('sort', (rows, turn) => void rows.sort(turn % 2 === 0 ? byPriority : byId)),
  shuffle: inPlace('shuffle', shuffle),
  filter: { ...inPlace('filter to a half', halve), once: true },
  clear: { ...inPlace('clear', (rows) => void (rows.length = 0)), once: true },
} satisfies Record<string, Operation>

export type OperationId = keyof typeof operations

/** Written once, as a change in place, where a row to be changed is asked for by `own`: the row, or its copy. */
function inPlace(
  title: string,
  work: (rows: Row[], turn: number, own: (at: number) => Row) => void,
): Operation {
  return {
    title,
    mutate: (rows, turn) => work(rows, turn, (at) => rows[at]!),
    replace(rows, turn) {
      const copy = [...rows]
      work(copy, turn, (at) => (copy[at] = { ...copy[at]! }))
      return copy
    },
  }
}

function halve(rows: Row[]): void {
  let kept = 0
  for (const row of rows) if (row.id % 2 === 0) rows[kept++] = row
  rows.length = kept
}

const byId = (a: Row, b: Row) => a.id - b.id
const byPriority = (a: Row, b: Row) => a.priority - b.priority || b.id - a.id

/** Fisher-Yates with a generator of its own (Park-Miller), so that every side shuffles alike. */
function shuffle(rows: Row[], turn: number): void {
  let seed = turn + 1
  for (let i = rows.length - 1; i > 0; i--) {
    seed = (seed * 48_271) % 2_147_483_647
    const j = seed % (i + 1)
    ;[rows[i], rows[j]] = [rows[j]!, rows[i]!]
  }
}
