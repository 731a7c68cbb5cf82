/** The abort signals that calls have been made with, as long as they matter. */
export class Signals {
  #size = 0

  /** So many are listened to. */
  get size(): number {
    return this.#size
  }

  /** @returns stops listening */
  follow(signal: AbortSignal, aborted: (reason: unknown) => void): () => void {
    const abort = () => aborted(signal.reason)
    signal.addEventListener('abort', abort)
    this.#size++
    return () => {
      this.#size--
      signal.removeEventListener('abort', abort)
    }
  }
}
