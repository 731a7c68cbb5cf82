/** What has become of promises, and of errors that nobody has caught. */
import { ThreadError } from 'bgthread'

/** Errors that a call may end with when its thread is replaced. */
const REPLACED = new Set(['DIED', 'HUNG', 'RESTARTED', 'START_FAILED', 'START_TIMEOUT'])

/** What a page is told that need not have been caught. */
const isPlanned = (error: unknown, message: string) =>
  message.startsWith('planned') ||
  // The thread died while it was to save its state, which is lost.
  (isReplacement(error) && message.includes('saveState()'))

/** A call may end with this, whatever it was: its thread was replaced. */
export function isReplacement(error: unknown): boolean {
  return error instanceof ThreadError && REPLACED.has(error.code)
}

export class Tally {
  settled = 0
  /** What came back is not what was asked for. */
  readonly wrong: string[] = []
  /** Errors that were not planned and that nobody has caught. */
  readonly uncaught: string[] = []
  readonly #open = new Map<number, string>()
  #made = 0

  /** What waits, by its name. */
  get open(): string[] {
    return [...this.#open.values()]
  }

  /** Promises that have been followed so far. */
  get made(): number {
    return this.#made
  }

  /** @returns whether the first so many promises have all settled */
  hasSettled(first: number): boolean {
    // In the order in which they were made.
    const [oldest = Infinity] = this.#open.keys()
    return oldest > first
  }

  /**
   * Follows a promise to its end.
   *
   * @param isRight looks at what came of it, or at the error; ends by a replaced thread are always right
   */
  follow<T>(
    what: string,
    promise: PromiseLike<T>,
    isRight: (value: T | undefined, error: unknown) => boolean,
  ): void {
    const id = ++this.#made
    this.#open.set(id, what)
    const settle = (right: boolean, end: unknown) => {
      this.#open.delete(id)
      this.settled++
      if (!right) this.wrong.push(`${what}: ${String(end)}`)
    }
    promise.then(
      (value) => settle(isRight(value, undefined), value),
      (error: unknown) => settle(isReplacement(error) || isRight(undefined, error), error),
    )
  }

  /** For `onError`, and for errors of the page. */
  readonly onError = (error: unknown): void => {
    const message = error instanceof Error ? error.message : String(error)
    if (!isPlanned(error, message)) this.uncaught.push(message)
  }
}
