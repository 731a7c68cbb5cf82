/** Who may be sent what, and when: policy only, without time, messages or values. */

/** Snapshots that replies may pull ahead of the reader's acknowledgements. */
export const AHEAD = 4

/** Values an asynchronous iterator is sent before it has taken any. */
export const WINDOW = 64

/** Paces a store's snapshots: one in flight, one waiting; a newer one takes the waiting one's place. */
export class NewestWins {
  #waiting = false
  #inFlight = 0

  /** A snapshot is waiting to be sent. */
  get waiting(): boolean {
    return this.#waiting
  }
  /** It may leave by itself: the reader has seen everything before it. */
  get ready(): boolean {
    return this.#waiting && this.#inFlight === 0
  }
  /** It may leave ahead of a reply, which must not arrive before it. */
  get pullable(): boolean {
    return this.#waiting && this.#inFlight < AHEAD
  }

  offer(): void {
    this.#waiting = true
  }
  dropped(): void {
    this.#waiting = false
  }
  sent(): void {
    this.#waiting = false
    this.#inFlight++
  }
  acknowledged(): void {
    if (this.#inFlight > 0) this.#inFlight--
  }
}

/** Paces the values of an asynchronous iterator: the reader grants what it has taken. */
export class Credit {
  #left = WINDOW

  get open(): boolean {
    return this.#left > 0
  }
  spend(): void {
    this.#left--
  }
  grant(count: number): void {
    if (Number.isInteger(count) && count > 0) this.#left = Math.min(this.#left + count, WINDOW)
  }
}
