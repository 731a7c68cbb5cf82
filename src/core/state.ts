/** The smallest stream source: a value that is watched. */
import { iterate } from './iterator.js'
import { report } from './report.js'
import { stream } from './stream.js'
import type { State, StreamOptions } from './types.js'

/**
 * A cell that holds a value and tells its readers of every new one. A method that returns it is a stream on the page.
 *
 * `set(x)` always tells, also when `x` is the same object, changed in place. `update(change)` sets what `change`
 * returns, or tells of the present value where it returns nothing. Readers begin with the value there is.
 *
 * @param options how its snapshots cross: `patches`, `key`
 * @example
 * #todos = state<Todo[]>([])
 * add(todo: Todo) { this.#todos.update((todos) => [...todos, todo]) }
 * watchTodos() { return this.#todos }
 */
export function state<U>(initial: U, options?: StreamOptions): State<U>
export function state<U>(): State<U | undefined>
export function state<U>(initial?: U, options?: StreamOptions): State<U | undefined> {
  let value = initial
  const readers = new Set<{ next: (value: U | undefined) => void }>()
  const tell = (reader: { next: (value: U | undefined) => void }) => {
    // One reader that throws must not keep the others, or the action that set the value, from going on.
    try {
      reader.next(value)
    } catch (error) {
      report(error)
    }
  }
  const set = (next: U | undefined) => {
    value = next
    for (const reader of [...readers]) if (readers.has(reader)) tell(reader)
  }
  const subscribe = (next: (value: U | undefined) => void) => {
    const reader = { next }
    readers.add(reader)
    tell(reader)
    return () => void readers.delete(reader)
  }
  const cell: State<U | undefined> = {
    get: () => value,
    set,
    update(change) {
      const changed = change(value)
      set(changed === undefined ? value : changed)
    },
    subscribe,
    [Symbol.asyncIterator]: () =>
      iterate<U | undefined>({
        open: (sink) => ({ grant() {}, close: subscribe((next) => sink.next(next)) }),
      }),
  }
  return options ? stream(cell, options) : cell
}
