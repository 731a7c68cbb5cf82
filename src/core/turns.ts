/** Asking ops take their turns: in the order they came, in slices of work that let the event loop breathe. */
import { Queue } from './queue.js'
import { afterTask } from './task.js'

/** Milliseconds of work after which replies leave and the event loop has its turn. */
const SLICE = 1

/** A stretch of time in which a client is served. */
export interface Slice {
  /** A message has come in, or it goes on. */
  begin(): void
  /** It has had its time. */
  readonly isOver: boolean
  /** Goes on in the next. */
  later(work: () => void): void
}

/** Of a client that owns the thread. */
export class OwnSlice implements Slice {
  #start = 0
  #millisecond = 0

  /** When it began. */
  get start(): number {
    return this.#start
  }

  begin(): void {
    this.#start = performance.now()
  }

  get isOver(): boolean {
    // What millisecond it is costs a third of how much time has passed: that is asked once in each.
    const now = Date.now()
    if (now === this.#millisecond) return false
    this.#millisecond = now
    return performance.now() - this.#start >= SLICE
  }

  later(work: () => void): void {
    afterTask(work)
  }
}

export class Turns {
  /** Ops in the order they came, each as two items: its message, and its place in that. */
  readonly #waiting = new Queue<unknown>()
  /** Their ids, but of those that were taken back. */
  readonly #ids = new Set<unknown>()
  /** What waiting ops have become, by their ids. */
  readonly #become = new Map<unknown, unknown>()
  #paused = false

  /** @param run runs one op @param flush sends what the slice has brought @param rested nothing waits any more */
  constructor(
    private readonly run: (message: unknown[], at: number) => void,
    private readonly flush: () => void,
    private readonly rested: () => void,
    private readonly slice: Slice = new OwnSlice(),
  ) {}

  /** So many ops wait. */
  get length(): number {
    return this.#waiting.length / 2
  }

  /** Ops wait for their turn. */
  get busy(): boolean {
    return this.#waiting.length > 0
  }

  /** A message has come in: its slice of time begins. */
  begin(): void {
    this.slice.begin()
  }

  take(message: unknown[], at: number): void {
    if (!this.#paused) return this.#runInSlice(message, at)
    const id = message[at + 1]
    // Nobody asks twice under one number.
    if (this.#ids.has(id)) return
    this.#ids.add(id)
    this.#waiting.push(message)
    this.#waiting.push(at)
  }

  /** It waits under this number. */
  has(id: number): boolean {
    return this.#ids.has(id)
  }

  /** Takes back what has not begun. */
  takeBack(id: number): void {
    this.#ids.delete(id)
    this.#become.delete(id)
  }

  /** What has not begun is asked in another way. */
  become(id: number, tag: unknown): void {
    if (this.#ids.has(id)) this.#become.set(id, tag)
  }

  /** Nothing runs until `resume`. */
  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    this.begin()
    while (this.busy && !this.#paused) {
      const message = this.#waiting.shift() as unknown[]
      const at = this.#waiting.shift() as number
      const id = message[at + 1]
      if (!this.#ids.delete(id)) continue
      message[at] = this.#become.get(id) ?? message[at]
      this.#become.delete(id)
      this.#runInSlice(message, at)
    }
    if (!this.busy) this.rested()
  }

  clear(): void {
    this.#waiting.clear()
    this.#ids.clear()
    this.#become.clear()
  }

  #runInSlice(message: unknown[], at: number): void {
    this.run(message, at)
    if (this.#paused || !this.slice.isOver) return
    this.#paused = true
    this.flush()
    this.slice.later(() => this.resume())
  }
}
