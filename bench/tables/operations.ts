/** The operations of js-framework-benchmark: what is clicked on which table, and what it shows then. */
import { makeItems, type Item } from './items.js'

export interface TableOperation {
  title: string
  /** What is clicked before, one after the other, to have the table that the operation is done to. */
  before: readonly TableClick[]
  click: TableClick
  /** It takes many frames. */
  slow?: boolean
}

export interface TableClick {
  /** A selector of what is clicked. */
  target: string
  /** Whether the rows show it: cheap, and without a layout. */
  isShown(rows: Rows, before: readonly Item[]): boolean
  /** All that they show then. `firstId` is the id of the first of them. */
  after(before: readonly Item[], firstId: number): readonly Item[]
}

/** The table's rows, as the document has them now. */
export type Rows = HTMLCollectionOf<HTMLTableRowElement>

export const idOf = (rows: Rows, at: number) => Number(rows[at]?.cells[0]?.textContent)
export const labelOf = (rows: Rows, at: number) => rows[at]?.cells[1]?.textContent?.trim() ?? ''

const clear: TableClick = { target: '#clear', isShown: (rows) => rows.length === 0, after: () => [] }

const create: TableClick = {
  target: '#create',
  isShown: (rows, before) => rows.length === 1_000 && idOf(rows, 0) !== before[0]?.id,
  after: (_before, firstId) => makeItems(firstId, 1_000),
}

const createMany: TableClick = {
  target: '#create-many',
  isShown: (rows) => rows.length === 10_000,
  after: (_before, firstId) => makeItems(firstId, 10_000),
}

const append: TableClick = {
  target: '#append',
  isShown: (rows, before) => rows.length === before.length + 1_000,
  after: (before) => [...before, ...makeItems(before.at(-1)!.id + 1, 1_000)],
}

const update: TableClick = {
  target: '#update',
  isShown: (rows, before) => labelOf(rows, 0) === `${before[0]?.label} !!!`,
  after: (before) => before.map((item, i) => (i % 10 === 0 ? { ...item, label: `${item.label} !!!` } : item)),
}

const select: TableClick = {
  target: 'tr:nth-child(2) td:nth-child(2) a',
  isShown: (rows) => rows[1]?.className === 'selected',
  after: (before) => before,
}

const swap: TableClick = {
  target: '#swap',
  isShown: (rows, before) => idOf(rows, 998) === before[1]?.id,
  after: (before) => before.map((item, i) => before[i === 1 ? 998 : i === 998 ? 1 : i] ?? item),
}

const remove: TableClick = {
  target: 'tr:nth-child(4) td:nth-child(3) a',
  isShown: (rows, before) => rows.length === before.length - 1,
  after: (before) => before.filter((_item, i) => i !== 3),
}

/** The operations, in the order in which they are reported. */
export const tableOperations = {
  create: { title: 'create 1,000 rows', before: [clear], click: create },
  replace: { title: 'replace 1,000 rows', before: [clear, create], click: create },
  update: { title: 'update every 10th of 1,000', before: [clear, create], click: update },
  select: { title: 'select one of 1,000', before: [clear, create], click: select },
  swap: { title: 'swap two of 1,000', before: [clear, create], click: swap },
  remove: { title: 'remove one of 1,000', before: [clear, create], click: remove },
  many: { title: 'create 10,000 rows', before: [clear], click: createMany, slow: true },
  append: { title: 'append 1,000 to 10,000', before: [clear, createMany], click: append, slow: true },
  clear: { title: 'clear 1,000 rows', before: [clear, create], click: clear },
} satisfies Record<string, TableOperation>

export type TableOperationId = keyof typeof tableOperations
