/** How much may be open at a time. */
import { LimitError } from './errors.js'

/** How much may be open at a time. */
export interface OpenLimits {
  /** Calls that wait for their answers. */
  calls: number
  /** Streams that are read. */
  subscriptions: number
}

/** The option `limits`, as numbers. */
export interface Limits extends OpenLimits {
  /** Bytes of arguments, and of messages and values that wait, of a client that does not own the thread. */
  bytes: number
}

/** More than any honest app has open at a time. */
export const LIMITS: OpenLimits = { calls: 1_000_000, subscriptions: 100_000 }

/** Of a client that does not own the thread: what it holds there is the thread's memory. */
export const CLIENT_LIMITS: Limits = { calls: 12_000, subscriptions: 1_000, bytes: 4 * 2 ** 20 }

/** What a page has sent as its option: the limits of each further client. */
export function readLimits(limits: unknown): Limits {
  const read = { ...CLIENT_LIMITS }
  for (const what of Object.keys(read) as (keyof Limits)[]) {
    const limit = (limits as Partial<Record<keyof Limits, unknown>> | null | undefined)?.[what]
    if (typeof limit === 'number') read[what] = limit
  }
  return read
}

/**
 * What a call or subscription gets that is one too many.
 *
 * @param thread the name of what has so many open
 */
export function beyond(
  thread: string,
  limits: OpenLimits,
  what: keyof OpenLimits,
  action: string,
): LimitError {
  return new LimitError(
    `thread '${thread}': ${limits[what]} ${what} are open, and ${action}() is one too many; ` +
      `let some end first, or raise the option limits.${what}`,
  )
}
