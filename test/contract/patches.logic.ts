import { state } from 'bgthread/worker'
import type { Row } from './row'
import { StreamsLogic } from './streams.logic'

/** Changes large data in every way that a patch follows. */
export class PatchesLogic extends StreamsLogic {
  #table = state<Row[]>([])
  #stock = state<{ code: string; count: number }[]>([], { key: 'code' })
  #whole = state<Row[]>([], { patches: false })
  #boxes = state({
    byName: new Map<string, { count: number }>(),
    open: new Set<string>(),
    at: new Date(0),
    bytes: new Uint8Array(4),
    big: 1n,
    /** So much that a patch is shorter. */
    rest: Array.from({ length: 100 }, (_, i) => i),
  })
  fillTable(count: number) {
    const rows = () =>
      Array.from({ length: count }, (_, id) => ({ id, title: `title ${id}`, tags: ['a', 'b'] }))
    this.#table.set(rows())
    this.#whole.set(rows())
  }
  watchTable() {
    return this.#table
  }
  watchWholeTable() {
    return this.#whole
  }
  changeRow(id: number, title: string, how: 'replaced' | 'mutated' | 'copied') {
    const change = (rows: Row[]) => {
      if (how === 'copied') rows = structuredClone(rows)
      if (how === 'replaced') return rows.map((row) => (row.id === id ? { ...row, title } : row))
      const row = rows.find((row) => row.id === id)
      if (row) row.title = title
      return rows
    }
    this.#table.update(change)
    this.#whole.update(change)
  }
  moveFirstRow() {
    this.#table.update((rows) => void rows.push(rows.shift() as Row))
  }
  setTableAgain() {
    this.#table.update(() => {})
  }
  addFirstRowAgain() {
    this.#table.update((rows) => void rows.push(rows[0] as Row))
  }
  watchStock() {
    return this.#stock
  }
  setStock(stock: { code: string; count: number }[]) {
    this.#stock.set(stock)
  }
  watchBoxes() {
    return this.#boxes
  }
  changeBoxes(name: string) {
    this.#boxes.update((boxes) => {
      boxes.byName.set(name, { count: name.length })
      boxes.open.add(name)
      boxes.at.setTime(boxes.at.getTime() + 1)
      boxes.bytes[1] = name.length
      boxes.big += 1n
    })
  }
  countSnapshots() {
    return this.context?.stats()
  }
}
