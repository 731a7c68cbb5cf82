/** The table of js-framework-benchmark: its operations. Runs in a thread or on the page, as it is. */
import { state } from 'bgthread/worker'
import { makeItems, type Item } from './items.js'

export default class Table {
  readonly #items = state<readonly Item[]>([])
  readonly #selected = state(0)
  #nextId = 1

  watchItems() {
    return this.#items
  }

  /** The selected item's id; 0 where none is. */
  watchSelected() {
    return this.#selected
  }

  create(count: number) {
    this.#items.set(this.#make(count))
    this.#selected.set(0)
  }

  append(count: number) {
    this.#items.update((items) => [...items, ...this.#make(count)])
  }

  /** Changes every tenth label. */
  update() {
    this.#items.update((items) =>
      items.map((item, i) => (i % 10 === 0 ? { id: item.id, label: `${item.label} !!!` } : item)),
    )
  }

  select(id: number) {
    this.#selected.set(id)
  }

  swap() {
    const items = [...this.#items.get()]
    if (items.length < 999) return
    ;[items[1], items[998]] = [items[998]!, items[1]!]
    this.#items.set(items)
  }

  remove(id: number) {
    this.#items.update((items) => items.filter((item) => item.id !== id))
  }

  clear() {
    this.create(0)
  }

  #make(count: number): Item[] {
    this.#nextId += count
    return makeItems(this.#nextId - count, count)
  }
}
