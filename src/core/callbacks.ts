/** The functions this side has passed as arguments, for as long as the other side may call them. */

type Callback = (...args: unknown[]) => unknown

interface Entry {
  callback: Callback
  self: object | undefined
  owner: number
  kept: number
}

export class Callbacks {
  #callbacks = new Map<number, Entry>()
  #owned = new Map<number, number[]>()
  /** How many of each owner's are called now. */
  #atWork = new Map<number, number>()
  #lastId = 0

  get size(): number {
    return this.#callbacks.size
  }

  /**
   * @param owner the call or subscription it was passed to, and is released with
   * @param self the object whose method it is
   */
  add(callback: Callback, owner: number, self?: object): number {
    const id = ++this.#lastId
    this.#callbacks.set(id, { callback, self, owner, kept: 0 })
    const owned = this.#owned.get(owner)
    if (owned) owned.push(id)
    else this.#owned.set(owner, [id])
    return id
  }

  get(id: number): Callback | undefined {
    return this.#callbacks.get(id)?.callback
  }

  /** The object whose method a callback is. */
  selfOf(id: number): object | undefined {
    return this.#callbacks.get(id)?.self
  }

  /** The owner is over: all of its callbacks go, but those that the other side asked to keep. */
  releaseOwner(owner: number): void {
    for (const id of this.#owned.get(owner) ?? [])
      if (!this.#callbacks.get(id)?.kept) this.#callbacks.delete(id)
    this.#owned.delete(owner)
  }

  /** One of this owner's is called, and has not answered. */
  isAtWork(owner: number): boolean {
    return (this.#atWork.get(owner) ?? 0) > 0
  }

  /** @returns tells that it has answered */
  work(id: number): () => void {
    const owner = this.#callbacks.get(id)?.owner ?? 0
    const add = (count: number) => {
      const sum = (this.#atWork.get(owner) ?? 0) + count
      if (sum > 0) this.#atWork.set(owner, sum)
      else this.#atWork.delete(owner)
    }
    add(1)
    return () => add(-1)
  }

  keep(id: number): void {
    const entry = this.#callbacks.get(id)
    if (entry) entry.kept++
  }

  /** Takes back one `keep`. */
  release(id: number): void {
    const entry = this.#callbacks.get(id)
    if (!entry || entry.kept === 0) return
    if (--entry.kept === 0 && !this.#owned.has(entry.owner)) this.#callbacks.delete(id)
  }

  clear(): void {
    this.#callbacks.clear()
    this.#owned.clear()
  }
}
