import { todoSum, type Row, type Snapshot, type Todo } from './contender.js'

/** A value that tells its listeners: the store contract, which every contender is handed. */
export interface Cell<T> {
  set(value: T): void
  subscribe(next: (value: T) => void): () => void
}

/** The plainest cell. */
export function cell<T>(value: T): Cell<T> {
  const listeners = new Set<(value: T) => void>()
  return {
    set(next) {
      value = next
      for (const listener of listeners) listener(value)
    },
    subscribe(next) {
      listeners.add(next)
      next(value)
      return () => void listeners.delete(next)
    },
  }
}

/**
 * What every contender's thread runs. `makeCell` is a library's own cell where it has one.
 */
export class Logic {
  #makeCell: (value: Snapshot) => Cell<Snapshot>
  #count: Cell<Snapshot>
  #rows: Cell<Snapshot>
  #emitted = 0
  #listeners = 0

  constructor(makeCell: (value: Snapshot) => Cell<Snapshot> = cell) {
    this.#makeCell = makeCell
    this.#count = makeCell({ count: 0 })
    this.#rows = makeCell({ count: 0 })
  }

  add(a: number, b: number) {
    return a + b
  }

  put(todo: Todo) {
    return todoSum(todo)
  }

  work(ms: number) {
    const end = performance.now() + ms
    while (performance.now() < end);
    return ms
  }

  /** Adds 1 to the first byte: how the result is told from the argument. */
  touch(bytes: ArrayBuffer) {
    const view = new Uint8Array(bytes)
    view[0] = (view[0] ?? 0) + 1
    return bytes
  }

  watch(topic: string): Pick<Cell<Snapshot>, 'subscribe'> {
    if (topic === 'count') return this.#count
    if (topic === 'rows') return this.#rows
    const item = this.#makeCell({ count: topic.length })
    return {
      subscribe: (next) => {
        this.#listeners++
        const stop = item.subscribe(next)
        return () => {
          this.#listeners--
          stop()
        }
      },
    }
  }

  /** Counts on from where the last one ended: who compares a state with the last one finds a new one. */
  async burst(count: number, perTask: number) {
    for (let i = 1; i <= count; i++) {
      this.#count.set({ count: ++this.#emitted })
      if (i % perTask === 0 && i < count) await nextTask()
    }
    return this.#emitted
  }

  async update(size: number, perSecond: number, count: number) {
    let rows: Row[] = Array.from({ length: size }, (_, id) => ({
      id,
      title: `row number ${id}`,
      done: id % 3 === 0,
      price: id / 7,
    }))
    const start = performance.now()
    for (let i = 1; i <= count; i++) {
      await delay(start + (i * 1000) / perSecond - performance.now())
      rows = rows.slice()
      rows[i % size] = { id: i % size, title: `changed ${i}`, done: true, price: i }
      this.#rows.set({ count: i, at: performance.timeOrigin + performance.now(), rows })
    }
  }

  listeners() {
    return this.#listeners
  }
}

/** What a page calls by its name. */
export const methodsOf = (logic: Logic) => ({
  add: logic.add,
  put: logic.put,
  work: logic.work,
  copy: logic.touch,
  move: logic.touch,
  burst: logic.burst.bind(logic),
  update: logic.update.bind(logic),
  listeners: logic.listeners.bind(logic),
})

const delay = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const { port1, port2 } = new MessageChannel()

/** A message to itself: a task without a timer's delay. */
const nextTask = () =>
  new Promise((resolve) => {
    port1.onmessage = resolve
    port2.postMessage(0)
  })
