/** Objects of a list in which the same properties were set: they cross as columns, not as a patch for each. */
import type { Column } from './patch.js'

/** Places from which they travel as a typed array. */
const MANY = 512

interface Group {
  keys: readonly unknown[]
  set: readonly number[]
  names: readonly string[]
  places: number[]
  values: unknown[]
}

export class Columns {
  readonly #groups = new Map<string, Group>()
  #last: Group | undefined

  /**
   * Where the new values of an object belong.
   *
   * @param keys its names @param set which of them have a new value
   */
  of(keys: readonly unknown[], set: readonly number[]): Group {
    const last = this.#last
    if (last?.keys === keys && set.length === last.set.length && set.every((at, i) => at === last.set[i]))
      return last
    const names = set.map((at) => keys[at] as string)
    const id = JSON.stringify(names)
    const group = this.#groups.get(id) ?? { keys, set, names, places: [], values: [] }
    this.#groups.set(id, group)
    return (this.#last = group)
  }

  get all(): Column[] {
    return Array.from(this.#groups.values(), ({ names, places, values }) => [
      names,
      places.length > MANY ? Int32Array.from(places) : places,
      values,
    ])
  }
}
