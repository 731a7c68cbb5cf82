/** What a table's component is given, wherever the logic runs. */
import type Table from './table.js'

export type { Item } from './items.js'

/** What can be done to the table. On the page it returns nothing, in the thread a promise; nobody looks. */
export type Actions = {
  [Name in 'create' | 'append' | 'update' | 'select' | 'swap' | 'remove' | 'clear']: (
    ...args: Parameters<Table[Name]>
  ) => unknown
}
