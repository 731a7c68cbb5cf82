/** The list that every contender's thread holds. */
import { type Manner, type OperationId, operations } from './operations.js'
import { makeRows, type Row } from './rows.js'

/** Rows, and what is done to them. Who shows them is the contender's business. */
export class List {
  rows: Row[] = []
  #turn = 0

  /** Begins anew with rows 0 to `count` - 1. */
  load(count: number): void {
    this.rows = makeRows(count)
    this.#turn = 0
  }

  /** Does one operation. */
  apply(operation: OperationId, manner: Manner): void {
    if (manner === 'mutated') operations[operation].mutate(this.rows, this.#turn++)
    else this.rows = operations[operation].replace(this.rows, this.#turn++)
  }
}
