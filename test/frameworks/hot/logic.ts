import { state } from 'bgthread/worker'
import { word } from './words'

export interface Row {
  id: number
  text: string
}

export default class Rows {
  #rows = state<Row[]>([])
  #nextId = 1

  /** Adds a row whose text is that of the code that runs. */
  add() {
    const row = { id: this.#nextId++, text: this.#textOf('edition 0') }
    this.#rows.update((rows) => [...rows, row])
  }
  watchRows() {
    return this.#rows
  }
  async *watchSummary() {
    for await (const rows of this.#rows) yield `${this.#textOf('edition 0')}, ${rows.length} rows`
  }
  #textOf(edition: string) {
    return `${edition}, ${word}`
  }
}
