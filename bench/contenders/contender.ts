/** A small plain object, as an app passes it to an action. */
export interface Todo {
  id: number
  title: string
  tags: number[]
}

/** A row of the state that updates while the UI thread is busy. */
export interface Row {
  id: number
  title: string
  done: boolean
  price: number
}

/** What a stream gives. */
export interface Snapshot {
  count: number
  /** When it was emitted, in ms since 1970 by the thread's clock. */
  at?: number
  rows?: Row[]
}

/** A thread that runs a `Logic` (logic.ts), as the page sees it. Each contender has its own way to make it so. */
export interface Session {
  /** Gives `a + b`. */
  add(a: number, b: number): PromiseLike<number>
  /** Gives `todoSum` of what arrived. */
  put(todo: Todo): PromiseLike<number>
  /** Keeps the thread busy for `ms` and gives `ms`. */
  work(ms: number): PromiseLike<number>
  /** Clones the bytes to the thread, which adds 1 to the first one, and back. */
  copy(bytes: ArrayBuffer): PromiseLike<ArrayBuffer>
  /** The same, transferred both ways. */
  move(bytes: ArrayBuffer): PromiseLike<ArrayBuffer>
  /** Calls `next` with the snapshots of a topic, and gives what ends it: `count`, `rows`, or any other name. */
  watch(topic: string, next: (snapshot: Snapshot) => void): PromiseLike<() => unknown>
  /** Emits `count` snapshots on the topic `count`, `perTask` of them in each task. Gives how many there were so far. */
  burst(count: number, perTask: number): PromiseLike<number>
  /** Emits the topic `rows`, one row of `rows` changed, `perSecond` times a second until it has done so `count` times. */
  update(rows: number, perSecond: number, count: number): PromiseLike<unknown>
  /** How many listeners there are in the thread, besides those of `count` and `rows`. */
  listeners(): PromiseLike<number>
  /** Ends the thread at once. */
  end(): void
}

/**
 * What a contender may not be able to do: calls, streams of what a call emits, subscriptions beside calls, and bytes
 * that are cloned or transferred there and back.
 */
export type Feature = 'calls' | 'stream' | 'subscribe' | 'copy' | 'move'

/** A library that the bench measures: the default export of its page.ts. */
export interface Contender {
  /** Starts a thread. It need not wait for it. */
  start(): Session | Promise<Session>
  /** Why it cannot do a thing: one sentence each. */
  cannot?: Partial<Record<Feature, string>>
}

/** What `put` gives: it shows whether all of the object arrived, as it was. */
export const todoSum = (todo: Todo) => todo.id + todo.title.length + (todo.tags[0] ?? 0)
