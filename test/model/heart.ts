/** How a page finds out that its thread hangs. */
import { DEAF } from './words'

export class Heart {
  #beats = false
  #asked = false
  #heard = false
  #unanswered = 0

  /** Somebody waits. */
  watch(): void {
    this.#beats = true
  }

  /** Nobody waits, or there is nobody to be asked. */
  rest(): void {
    this.#beats = this.#asked = this.#heard = false
    this.#unanswered = 0
  }

  /** The thread answers what it was asked. */
  arrive(): void {
    this.#heard ||= this.#asked
    this.#asked = false
  }

  /** @param hangs what the thread is taken for @returns what it is taken for now */
  beat(hangs: boolean, isAwaited: boolean): boolean {
    if (!this.#beats) return hangs
    const heard = this.#heard
    this.#heard = false
    if (heard) this.#unanswered = 0
    else if (hangs) return true
    if (isAwaited && this.#unanswered === DEAF) return true
    if (!isAwaited) this.rest()
    else {
      this.#unanswered++
      this.#asked = true
    }
    return false
  }
}
