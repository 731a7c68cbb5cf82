/** Which numbers are timers that are still to fire. */

interface Clock {
  setTimeout(handler: unknown, ...rest: unknown[]): unknown
  setInterval(handler: unknown, ...rest: unknown[]): unknown
  clearTimeout(id?: unknown): void
  clearInterval(id?: unknown): void
  requestAnimationFrame?(handler: unknown): unknown
  cancelAnimationFrame?(id: unknown): void
}

/** Is added to each id, so that no count or other small number is taken for one. The sums fit into 32 bits. */
const OFFSET = 2_000_000_000
/** The ids of frames are counted apart. */
const FRAME_OFFSET = 2_100_000_000

/**
 * Makes the ids of a realm's timers numbers that are seldom anything else.
 *
 * @returns whether a number is the id of a timer that is still to fire.
 */
export function watchTimers(clock: Clock): (id: number) => boolean {
  const live = new Set<unknown>()

  const start = (name: 'setTimeout' | 'setInterval' | 'requestAnimationFrame') => {
    const original = clock[name]
    if (!original) return
    const once = name !== 'setInterval'
    const offset = name === 'requestAnimationFrame' ? FRAME_OFFSET : OFFSET
    clock[name] = (handler: unknown, ...rest: unknown[]) => {
      let id: unknown
      const fire = function (this: unknown, ...args: unknown[]) {
        live.delete(id)
        return (handler as (...args: unknown[]) => unknown).apply(this, args)
      }
      const number = original.call(clock, once && typeof handler === 'function' ? fire : handler, ...rest)
      // Node has objects, which are told apart anyway.
      id = typeof number === 'number' ? number + offset : number
      if (typeof id === 'number') live.add(id)
      return id
    }
  }
  const stop = (name: 'clearTimeout' | 'clearInterval' | 'cancelAnimationFrame') => {
    const original = clock[name]
    if (!original) return
    const offset = name === 'cancelAnimationFrame' ? FRAME_OFFSET : OFFSET
    clock[name] = (id: unknown) => original.call(clock, live.delete(id) ? Number(id) - offset : id)
  }
  start('setTimeout')
  start('setInterval')
  start('requestAnimationFrame')
  stop('clearTimeout')
  stop('clearInterval')
  stop('cancelAnimationFrame')
  return (id) => id > OFFSET && live.has(id)
}
