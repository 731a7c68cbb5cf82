/** Where the items of a list stood before, as runs of neighbours that have stayed together. */
import { ADDED } from './patch.js'

/** Numbers from which they travel as a typed array. */
const MANY = 512
const BYTES_EACH = 4

export class Runs {
  readonly #numbers: number[] = []
  #next = NaN

  /** @param place the old place of the next item, or `ADDED` */
  add(place: number): void {
    const isAdded = place === ADDED
    const numbers = this.#numbers
    if (place === this.#next || (isAdded && numbers.at(-2) === ADDED))
      (numbers[numbers.length - 1] as number)++
    else numbers.push(place, 1)
    this.#next = isAdded ? NaN : place + 1
  }

  /** Nothing but all of so many old items, in their places. */
  isAll(count: number): boolean {
    const [from, length, ...others] = this.#numbers
    return count === 0 ? from === undefined : from === 0 && length === count && others.length === 0
  }

  get bytes(): number {
    return this.#numbers.length * BYTES_EACH
  }

  /** In pairs: from where, how many. */
  get numbers(): ArrayLike<number> {
    return this.#numbers.length > MANY ? Int32Array.from(this.#numbers) : this.#numbers
  }
}
