/** Notices a thread that lives and does not answer. */

import { LONGEST } from './task.js'

/** What a heartbeat watches over. */
export interface Patient {
  /** Somebody waits for an answer. */
  isAwaited(): boolean
  /** Messages that have come from it. */
  received(): number
  /** Asks it for a sign of life. */
  ping(): void
  /** It has not answered for long. */
  hung(): void
  /** It answers again. */
  recovered(): void
}

export interface Pace {
  /** Milliseconds between two questions. */
  interval: number
  /** So many questions in a row may stay without an answer. */
  limit: number
}

/**
 * Counts questions that stay without an answer, and not the time: while this side is blocked it asks nothing, so a
 * thread that is well is not taken for one that hangs.
 */
export class Heartbeat {
  #timer: ReturnType<typeof setInterval> | undefined
  #unanswered = 0
  #received = 0
  #hung = false

  constructor(
    private readonly patient: Patient,
    private readonly pace: Pace,
  ) {}

  /** Somebody waits for an answer from now on; beats until nobody does. */
  watch(): void {
    // A longer one would beat all the time.
    if (this.pace.interval <= LONGEST) this.#timer ??= setInterval(() => this.#beat(), this.pace.interval)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#unanswered = 0
  }

  #beat(): void {
    const { patient } = this
    const received = patient.received()
    if (received !== this.#received) {
      this.#received = received
      this.#unanswered = 0
      if (this.#hung) patient.recovered()
      this.#hung = false
    }
    // The one question that is left will be answered when it recovers.
    if (this.#hung) return
    if (!patient.isAwaited()) return this.stop()
    // A page that nobody sees may be frozen at any time, and its threads with it.
    if (globalThis.document?.hidden) this.#unanswered = 0
    else if (this.#unanswered < this.pace.limit) this.#unanswered++
    else {
      this.#hung = true
      return patient.hung()
    }
    patient.ping()
  }
}
