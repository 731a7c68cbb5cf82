/** Asking ops take their turns: in the order they came, in slices of work that let the event loop breathe. */
import { Queue } from './queue.js'
import { afterTask } from './task.js'

/** Milliseconds of work after which replies leave and the event loop has its turn. */
const SLICE = 1

export class Turns {
  /** Ops in the order they came, each as two items: its message, and its place in that. */
  readonly #waiting = new Queue<unknown>()
  /** Ids of waiting ops that nobody wants any more. */
  readonly #takenBack = new Set<unknown>()
  /** What waiting ops have become, by their ids. */
  readonly #become = new Map<unknown, unknown>()
  #paused = false
  #sliceStart = 0
  #millisecond = 0

  /** @param run runs one op @param flush sends what the slice has brought @param rested nothing waits any more */
  constructor(
    private readonly run: (message: unknown[], at: number) => void,
    private readonly flush: () => void,
    private readonly rested: () => void,
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
    this.#sliceStart = performance.now()
  }

  take(message: unknown[], at: number): void {
    if (!this.#paused) return this.#runInSlice(message, at)
    this.#waiting.push(message)
    this.#waiting.push(at)
  }

  /** Takes back what has not begun. */
  takeBack(id: number): void {
    if (this.busy) this.#takenBack.add(id)
  }

  /** What has not begun is asked in another way. */
  become(id: number, tag: unknown): void {
    if (this.busy) this.#become.set(id, tag)
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
      message[at] = this.#become.get(id) ?? message[at]
      if (!this.#takenBack.delete(id)) this.#runInSlice(message, at)
    }
    if (this.busy) return
    this.#forget()
    this.rested()
  }

  clear(): void {
    this.#waiting.clear()
    this.#forget()
  }

  #forget(): void {
    this.#takenBack.clear()
    this.#become.clear()
  }

  #runInSlice(message: unknown[], at: number): void {
    this.run(message, at)
    if (this.#paused || !this.#isOver()) return
    this.#paused = true
    this.flush()
    afterTask(() => this.resume())
  }

  /** The slice has had its time. */
  #isOver(): boolean {
    // What millisecond it is costs a third of how much time has passed: that is asked once in each.
    const now = Date.now()
    if (now === this.#millisecond) return false
    this.#millisecond = now
    return performance.now() - this.#sliceStart >= SLICE
  }
}
