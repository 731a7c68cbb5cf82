import { state } from 'bgthread/worker'
import { List } from '../list.js'
import type { Manner, OperationId } from '../operations.js'

export default class ListLogic {
  readonly #list = new List()
  readonly #rows = state(this.#list.rows)

  load(count: number) {
    this.#list.load(count)
    this.#rows.set(this.#list.rows)
  }

  apply(operation: OperationId, manner: Manner) {
    this.#list.apply(operation, manner)
    this.#rows.set(this.#list.rows)
  }

  watchRows() {
    return this.#rows
  }
}
