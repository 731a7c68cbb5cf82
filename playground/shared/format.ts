import type { Progress } from '../logic/import'
import type { View } from '../logic/view'

const numbers = new Intl.NumberFormat('en')

/** A whole number with its thousands apart. */
export function count(n: number): string {
  return numbers.format(n)
}

/** How far an import is, in words. */
export function progressText({ phase, fraction, rows }: Progress): string {
  const percent = `${Math.floor(fraction * 100)} %`
  return phase === 'making' ? `Making the file, ${percent}` : `Reading, ${percent}: ${count(rows)} rows`
}

/** What is shown of what there is, in words. */
export function viewText({ matched, total }: View): string {
  const rows = total === 1 ? 'row' : 'rows'
  return matched === total ? `${count(total)} ${rows}` : `${count(matched)} of ${count(total)} ${rows}`
}

/** How long the last search or sort took, in words; nothing before the first. */
export function tookText({ query, sort, took }: View): string {
  if (query === '' && !sort) return ''
  return `in ${took < 1 ? 'less than 1' : count(Math.round(took))} ms`
}
