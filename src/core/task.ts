/** Gives the event loop a turn: messages and, on the page, frames come before `work`. */

import { Queue } from './queue.js'

/**
 * Node takes up to a thousand messages of one port in one turn: there this is the way to a turn of its own.
 * Taken now: a test may put fake timers in its place later.
 */
const { setImmediate } = globalThis as { setImmediate?: (work: () => void) => unknown }

/** The most that a timer can hold; beyond it the platform would fire at once. */
export const LONGEST = 2 ** 31 - 1

/** A timer that takes `Infinity` for what it says. @param delay in milliseconds */
export function after(delay: number, work: () => void): ReturnType<typeof setTimeout> | undefined {
  return delay > LONGEST ? undefined : setTimeout(work, delay)
}

/** Waits for `work`, but no longer than so many milliseconds: then there is no result, or `late` is thrown. */
export async function within<T>(
  milliseconds: number,
  work: Promise<T>,
  late?: Error,
): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const timeout = new Promise<undefined>((resolve, reject) => {
    timer = after(milliseconds, () => (late ? reject(late) : resolve(undefined)))
  })
  try {
    return await Promise.race([work, timeout])
  } finally {
    clearTimeout(timer)
  }
}

const waiting = new Queue<() => void>()
let outer: MessagePort | undefined

export function afterTask(work: () => void): void {
  if (setImmediate) return void setImmediate(work)
  outer ??= open()
  waiting.push(work)
  outer.postMessage(0)
}

function open(): MessagePort {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => waiting.shift()?.()
  return port2
}
