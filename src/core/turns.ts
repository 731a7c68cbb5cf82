/** Asking ops take their turns: in the order they came, in slices of work that let the event loop breathe. */
import { takeBack } from './outbox.js'
import { Queue } from './queue.js'
import { afterTask } from './task.js'

/** Milliseconds of work after which replies leave and the event loop has its turn. */
const SLICE = 1

interface Op {
  message: unknown[]
  at: number
}

export class Turns {
  readonly #queue = new Queue<Op>()
  #paused = false
  #sliceStart = 0

  /** @param run runs one op @param flush sends what the slice has brought @param rested nothing waits any more */
  constructor(
    private readonly run: (message: unknown[], at: number) => void,
    private readonly flush: () => void,
    private readonly rested: () => void,
  ) {}

  get waiting(): number {
    return this.#queue.length
  }

  /** A message has come in: its slice of time begins. */
  begin(): void {
    this.#sliceStart = performance.now()
  }

  take(message: unknown[], at: number): void {
    if (this.#paused) this.#queue.push({ message, at })
    else this.#runInSlice(message, at)
  }

  /** Takes back what has not begun. */
  takeBack(id: number): void {
    for (const { message, at } of this.#queue) if (message[at + 1] === id) takeBack(message, at)
  }

  /** Nothing runs until `resume`. */
  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    this.begin()
    while (!this.#paused && this.#queue.length > 0) {
      const { message, at } = this.#queue.shift() as Op
      this.#runInSlice(message, at)
    }
    if (this.#queue.length === 0) this.rested()
  }

  clear(): void {
    this.#queue.clear()
  }

  #runInSlice(message: unknown[], at: number): void {
    this.run(message, at)
    if (this.#paused || performance.now() - this.#sliceStart < SLICE) return
    this.#paused = true
    this.flush()
    afterTask(() => this.resume())
  }
}
