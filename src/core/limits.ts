/** How much may be open at a time. */
import { LimitError } from './errors.js'

/** The option `limits`, as numbers. */
export interface Limits {
  /** Calls that wait for their answers. */
  calls: number
  subscriptions: number
}

/** More than any honest app has open at a time. */
export const LIMITS: Limits = { calls: 1_000_000, subscriptions: 100_000 }

/** What a page has sent as its option, with the defaults for all that is no number. */
export function readLimits(limits: unknown): Limits {
  const { calls, subscriptions } = {
    ...LIMITS,
    ...(limits as Partial<Record<keyof Limits, unknown>> | undefined),
  }
  const orElse = (limit: unknown, otherwise: number) => (typeof limit === 'number' ? limit : otherwise)
  return {
    calls: orElse(calls, LIMITS.calls),
    subscriptions: orElse(subscriptions, LIMITS.subscriptions),
  }
}

/**
 * What a call or subscription gets that is one too many.
 *
 * @param thread the name of what has so many open
 */
export function beyond(thread: string, limits: Limits, what: keyof Limits, action: string): LimitError {
  return new LimitError(
    `thread '${thread}': ${limits[what]} ${what} are open, and ${action}() is one too many; ` +
      `let some end first, or raise the option limits.${what}`,
  )
}
