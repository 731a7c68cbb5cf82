import type { Fault } from './fault.js'
import type { Repeated, Settled } from './observation.js'
import { isRight } from './trial.js'

/** What became of a fault on one subject: a cell of a table, in Markdown. */
export function wordsOf(outcomes: readonly Repeated[], say?: Fault['say']): string {
  const total = outcomes.reduce((sum, { times }) => sum + times, 0)
  return outcomes
    .map((outcome) => {
      const often = outcome.times < total ? ` (${outcome.times} of ${total} times)` : ''
      return wordsOfOne(outcome, say) + often
    })
    .join(' / ')
}

function wordsOfOne({ call, next, found, numbers, told }: Repeated, say?: Fault['say']): string {
  return [
    call && wordsOfCall(call),
    found,
    numbers && say?.(numbers),
    next && wordsOfNext(next),
    told.length > 0 && `seen: ${told.join(', ')}`,
  ]
    .filter(Boolean)
    .join('; ')
}

/** `rejects ThreadDiedError, 6 ms`. */
export function wordsOfCall(call: Settled): string {
  if (call.how === 'hangs') return '**hangs**'
  const { how, ms, value } = call
  const code = value.code ? ` \`${value.code}\`` : ''
  const what = value.name ? `\`${value.name}\`${code}` : `\`${value.text}\``
  return how === 'throws' ? `throws ${what}` : `${how} ${what}, ${timeOf(ms)}`
}

const timeOf = (ms: number) => (ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`)

function wordsOfNext(next: Settled): string {
  if (isRight(next)) return 'later calls go on'
  if (next.how === 'hangs') return 'later calls **hang**'
  return next.how === 'resolves' ? 'later calls are answered wrongly' : 'later calls reject'
}
