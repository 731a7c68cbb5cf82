import type { Snapshot, Todo } from './contender.js'
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

/** What a page calls, each function async: for a library whose types give the page what the thread has. */
export const callbackFunctions = (logic: CallbackLogic) => ({
  add: async (a: number, b: number) => logic.add(a, b),
  put: async (todo: Todo) => logic.put(todo),
  work: async (ms: number) => logic.work(ms),
  watch: async (topic: string, next: (snapshot: Snapshot) => unknown) => logic.watchWith(topic, next),
  unwatch: async (id: number) => logic.unwatch(id),
  burst: async (count: number, perTask: number) => logic.burst(count, perTask),
  update: async (rows: number, perSecond: number, count: number) => logic.update(rows, perSecond, count),
  listeners: async () => logic.listeners(),
})
