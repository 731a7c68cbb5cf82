/** Values that are sent to a page one after the other, each of them checked when it has arrived. */
import { Channel } from './channel'

export type Row = Record<string, unknown>

/** Long enough for patches to be shorter than the whole. */
export const rows = (count = 20): Row[] =>
  Array.from({ length: count }, (_, id) => ({ id, title: `title ${id}`, meta: { done: false } }))

/** Sends a value before and after each change of it in place. */
export function changes<T>(value: T, ...list: ((value: T) => void)[]): Channel {
  const channel = new Channel()
  channel.check(value)
  for (const change of list) {
    change(value)
    // Often enough for a picture to be tried again after two that failed.
    for (let time = 0; time < 4; time++) channel.check(value)
  }
  return channel
}

/** Sends values one after the other. */
export function values(...list: unknown[]): Channel {
  const channel = new Channel()
  for (const value of list) channel.check(value)
  return channel
}
