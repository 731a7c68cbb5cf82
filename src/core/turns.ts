/** Asking ops take their turns: in the order they came, in slices of work that let the event loop breathe. */
import { afterTask } from './task.js'

/** Milliseconds of work after which replies leave and the event loop has its turn. */
const SLICE = 1

interface Op {
  message: unknown[]
  at: number
}

export class Turns {
  /** By their ids, in the order they came. */
  readonly #waiting = new Map<unknown, Op>()
  #paused = false
  #sliceStart = 0

  /** @param run runs one op @param flush sends what the slice has brought @param rested nothing waits any more */
  constructor(
    private readonly run: (message: unknown[], at: number) => void,
    private readonly flush: () => void,
    private readonly rested: () => void,
  ) {}

  get waiting(): number {
    return this.#waiting.size
  }

  /** A message has come in: its slice of time begins. */
  begin(): void {
    this.#sliceStart = performance.now()
  }

  take(message: unknown[], at: number): void {
    if (this.#paused) this.#waiting.set(message[at + 1], { message, at })
    else this.#runInSlice(message, at)
  }

  /** Takes back what has not begun. */
  takeBack(id: number): void {
    this.#waiting.delete(id)
  }

  /** Nothing runs until `resume`. */
  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    this.begin()
    for (const [id, { message, at }] of this.#waiting) {
      this.#waiting.delete(id)
      this.#runInSlice(message, at)
      if (this.#paused) break
    }
    if (this.#waiting.size === 0) this.rested()
  }

  clear(): void {
    this.#waiting.clear()
  }

  #runInSlice(message: unknown[], at: number): void {
    this.run(message, at)
    if (this.#paused || performance.now() - this.#sliceStart < SLICE) return
    this.#paused = true
    this.flush()
    afterTask(() => this.resume())
  }
}
