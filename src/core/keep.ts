/** Callbacks that outlive the call they were passed to. */

/** On a callback's stand-in in the thread; a symbol of the realm, since logic may come from another bundle. */
export const KEEP: unique symbol = Symbol.for('bgthread.keep') as never

/**
 * Keeps a callback of the page alive after the call it was passed to has settled, until the returned function is
 * called. Without it a callback is released with its call, and using it later rejects with code `CALLBACK_RELEASED`.
 *
 * Call it before the action returns.
 *
 * @returns releases the callback
 * @example
 * onChange(listener: (change: Change) => void) {
 *   const release = keep(listener)
 *   this.#listeners.add(listener)
 *   this.#releases.set(listener, release)
 * }
 */
export function keep(callback: (...args: never[]) => unknown): () => void {
  const stand = callback as { [KEEP]?: () => () => void }
  // A function of the thread's own, as in a unit test of the bare class, lives as long as it is held.
  return stand[KEEP]?.() ?? (() => {})
}
