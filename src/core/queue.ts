/** First in, first out, at the same cost however long it grows; an array's `shift` moves all that is behind. */
export class Queue<T> {
  #items: T[] = []
  #next = 0

  get length(): number {
    return this.#items.length - this.#next
  }

  push(item: T): void {
    this.#items.push(item)
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined
    const item = this.#items[this.#next]
    this.#items[this.#next++] = undefined as T
    if (this.#next * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#next)
      this.#next = 0
    }
    return item
  }

  clear(): void {
    this.#items = []
    this.#next = 0
  }
}
