/** Numbers among the options, checked in development before anything is done with them. */
import { DEVELOPMENT } from './report.js'
import type { CloseOptions, ThreadSettings } from './types.js'

/**
 * @param where whose option it is, for the message
 * @param isWhole it counts something; `Infinity` is as many as there may be
 * @throws RangeError in development: what the option is, and what it may be
 */
export function checkNumber(
  where: string,
  name: string,
  value: unknown,
  least: number,
  isWhole = false,
): void {
  if (!DEVELOPMENT || value === undefined) return
  if (typeof value === 'number' && value >= least && (!isWhole || value % 1 === 0 || value === Infinity))
    return
  throw new RangeError(
    `${where}: the option ${name} must be a ${isWhole ? 'whole ' : ''}number, ${least} or more; ` +
      `it is ${typeof value === 'number' ? value : typeof value}`,
  )
}

/** @throws RangeError in development; TypeError, if an option that is no number is null, which production takes for none */
export function checkSettings(where: string, settings: ThreadSettings): void {
  if (!DEVELOPMENT) return
  const { startTimeout, callTimeout, linger, buffer, restart, heartbeat, limits } = settings
  const { max, within } = restart || {}
  const { interval, limit } = heartbeat || {}
  const times = {
    startTimeout,
    callTimeout,
    linger,
    'restart.within': within,
    'heartbeat.interval': interval,
  }
  const counts = {
    buffer,
    'restart.max': max,
    'heartbeat.limit': limit,
    'limits.calls': limits?.calls,
    'limits.subscriptions': limits?.subscriptions,
    'limits.bytes': limits?.bytes,
  }
  for (const [name, value] of Object.entries(times)) checkNumber(where, name, value, 0)
  for (const [name, value] of Object.entries(counts)) checkNumber(where, name, value, 0, true)
  for (const [name, value] of Object.entries(settings))
    if (value === null)
      throw new TypeError(`${where}: the option ${name} is null; leave it out, or let it be undefined`)
}

/** How long a thread may take to end: 5 seconds, if nothing else is said. @throws RangeError in development */
export function timeoutOf(where: string, options?: CloseOptions): number {
  const timeout = options?.timeout
  checkNumber(where, 'timeout', timeout, 0)
  return timeout ?? 5_000
}

/** Options over their defaults; one that is undefined or null is left at its default. */
export function withDefaults<T extends object>(
  defaults: T,
  options: { [K in keyof T]?: T[K] | undefined } | undefined,
): T {
  const all = { ...defaults }
  for (const key of Object.keys(defaults) as (keyof T)[]) all[key] = options?.[key] ?? defaults[key]
  return all
}
