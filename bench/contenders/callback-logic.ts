import type { Snapshot } from './contender.js'
import { Logic } from './logic.js'

/** The logic for a library that has no streams: the page passes a function, and an id ends it. */
export class CallbackLogic extends Logic {
  #watched = new Map<number, () => void>()
  #lastId = 0

  /** Calls `next` with each snapshot, until `unwatch` gets the id, which then calls `release`. */
  watchWith(topic: string, next: (snapshot: Snapshot) => unknown, release?: () => void) {
    const stop = this.watch(topic).subscribe((snapshot) => void next(snapshot))
    const id = ++this.#lastId
    this.#watched.set(id, () => {
      stop()
      release?.()
    })
    return id
  }

  unwatch(id: number) {
    this.#watched.get(id)?.()
    this.#watched.delete(id)
  }
}
