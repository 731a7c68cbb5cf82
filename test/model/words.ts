/** What the model and the world are told in: the same words for both. */

export const TOPICS = ['a', 'b'] as const
export type Topic = (typeof TOPICS)[number]

/** A value of a stream: the start it belongs to, how many there were before it, and what it is. */
export interface Cell {
  epoch: number
  n: number
  value: number
}

/** What one instance leaves to the next, and begins with where nothing was left to it: the last that it has emitted. */
export type Memory = { [topic in Topic]: number }
export const NO_MEMORY: Memory = { a: 0, b: 0 }

export const show = (cell: Cell | undefined): string => (cell ? `${cell.epoch}.${cell.n}=${cell.value}` : '–')

/** The one that comes after it. */
export const after = ({ epoch, n }: Cell, value: number): Cell => ({ epoch, n: n + 1, value })

/** How often a thread may come back by itself before it is given up. */
export const LIVES = 2

/** What time is counted in: a heartbeat, in milliseconds. */
export const BEAT = 1_000
/** A death is noticed within this, in milliseconds: much less than a beat. */
export const MOMENT = 50
/** How long a start, a save and an end may take, and how long a stream lingers, in beats. */
export const START = 5
export const SAVE = 3
export const CLOSE = 4
export const LINGER = 2
/** So many questions may stay without an answer. */
export const DEAF = 2
/** Values that may wait for a loop, beyond its credit. */
export const BUFFER = 16

/** What becomes of a start: it cannot be loaded, throws, says nothing, or dies on the way. */
export type Fate = 'good' | 'refused' | 'throws' | 'silent' | 'dies'
/** What comes of `saveState()`. */
export type Saving = 'good' | 'throws' | 'never'
export type Kind = 'give' | 'fail' | 'wait' | 'ask' | 'lend' | 'keep' | 'borrow'

/** How the page has set up its thread. */
export interface Setting {
  linger: 0 | typeof LINGER
  onHang: 'report' | 'restart'
  limits: { calls: number; subscriptions: number }
  /** Of the first start. */
  fate: Fate
}

/** These callbacks throw when they are called. */
export const throws = (id: number): boolean => id % 3 === 0

/** An error that is known by its code. */
export function coded(code: string): Error {
  return Object.assign(new Error(code), { code })
}

export function codeOf(error: unknown): string {
  return String((error as { code?: string }).code ?? error)
}
