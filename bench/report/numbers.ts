/** What a run of the bench has found, as the report asks for it. */
import { isCannot, isPeer } from '../harness/measure.js'
import type { Results, Row } from '../harness/results.js'
import type { Summary } from '../harness/statistics.js'

/** The row of an id, if it was measured. */
export const rowOf = (results: Results, id: string): Row | undefined =>
  results.measures.find((row) => row.id === id)

/** What a contender has in a row; `undefined` where it has no number. */
export function summaryOf(row: Row | undefined, contender: string): Summary | undefined {
  const outcome = row?.results[contender]
  return outcome && !isCannot(outcome) ? outcome : undefined
}

/** Why a contender has no number in a row. */
export function reasonOf(row: Row | undefined, contender: string): string | undefined {
  const outcome = row?.results[contender]
  return outcome && isCannot(outcome) ? outcome.cannot : undefined
}

/** The best of the libraries besides bgthread. */
export function bestPeer(row: Row | undefined): (Summary & { name: string }) | undefined {
  const peers = Object.keys(row?.results ?? {}).flatMap((name) => {
    const summary = isPeer(name) ? summaryOf(row, name) : undefined
    return summary ? [{ name, ...summary }] : []
  })
  const sign = row?.better === 'higher' ? -1 : 1
  return peers.sort((a, b) => sign * (a.median - b.median))[0]
}

/** A contender's name as people know it. */
export const nameOf = (contender: string): string => NAMES[contender] ?? contender

const NAMES: Record<string, string> = {
  raw: 'postMessage',
  'raw-json': 'postMessage, JSON',
  comlink: 'Comlink',
  'quilted-threads': '@quilted/threads',
  'ui-thread': 'on the UI thread',
  'bgthread-fresh': 'bgThread each time',
  'bgthread-own': 'bgThread, not shared',
  'bgthread-by-page': 'bgthread, via page',
  'raw-own': 'postMessage, own worker',
  'raw-by-page': 'postMessage, via page',
}

/** Three digits are what a run is worth: `1,234,000`, `12.3`, `0.0123`. */
export const digits = (value: number): string =>
  value === 0 ? '0' : Number(value.toPrecision(3)).toLocaleString('en', { maximumSignificantDigits: 3 })

/** The same in little room: `100k`, `1M`. */
export const shortDigits = (value: number): string =>
  value >= 1_000_000
    ? `${digits(value / 1_000_000)}M`
    : value >= 1_000
      ? `${digits(value / 1_000)}k`
      : digits(value)
