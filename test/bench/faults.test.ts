import { expect, it } from 'vitest'
import { groups } from '../../bench/faults/fault'
import { faults } from '../../bench/faults/list/index'
import type { Outcome, Settled } from '../../bench/faults/observation'
import { gather } from '../../bench/faults/repeated'
import { wordsOf } from '../../bench/faults/words'
import { parseOptions } from '../../bench/harness/options.mjs'

const rejects = (ms: number, name = 'RangeError'): Settled => ({
  how: 'rejects',
  ms,
  value: { text: 'no such row', name },
})
const sum: Settled = { how: 'resolves', ms: 1, value: { text: '3' } }
const outcome = (call: Settled, told: string[] = [], next: Settled = sum): Outcome => ({ call, next, told })

it('every fault has a name of its own, a title and a table', () => {
  expect(new Set(faults.map(({ id }) => id)).size).toBe(faults.length)
  expect(new Set(faults.map(({ title }) => title)).size).toBe(faults.length)
  for (const { group } of faults) expect(Object.keys(groups)).toContain(group)
})

it('the command line asks for the faults', () => {
  expect(parseOptions(['--faults', '--only', 'comlink'])).toMatchObject({ faults: true, only: ['comlink'] })
  expect(parseOptions([]).faults).toBeUndefined()
})

it('outcomes that differ in time alone are one, with the median', () => {
  expect(gather([outcome(rejects(9)), outcome(rejects(2)), outcome(rejects(4))])).toEqual([
    { call: rejects(4), next: sum, told: [], times: 3 },
  ])
})

it('an outcome that is not always the same is shown with how often it is, the most frequent first', () => {
  const outcomes = gather([outcome({ how: 'hangs' }), outcome(rejects(2)), outcome(rejects(4))])
  expect(wordsOf(outcomes)).toBe(
    'rejects `RangeError`, 3 ms; later calls go on (2 of 3 times) / **hangs**; later calls go on (1 of 3 times)',
  )
})

it('whoever was told in any trial is named', () => {
  expect(gather([outcome(rejects(1), ['console']), outcome(rejects(1), ['`error` event'])])[0]?.told).toEqual(
    ['`error` event', 'console'],
  )
})

it.each<[string, Settled, string]>([
  ['an answer', sum, 'later calls go on'],
  ['a wrong answer', { how: 'resolves', ms: 1, value: { text: '4' } }, 'later calls are answered wrongly'],
  ['a rejection', rejects(1), 'later calls reject'],
  ['an error at once', { how: 'throws', ms: 0, value: { text: '' } }, 'later calls reject'],
  ['none', { how: 'hangs' }, 'later calls **hang**'],
])('%s to the call after a fault is said', (_what, next, words) => {
  expect(wordsOf(gather([outcome({ how: 'hangs' }, [], next)]))).toBe(`**hangs**; ${words}`)
})

it('a promise that settles with a value has the value, and one that takes long has its time in seconds', () => {
  const resolves: Settled = { how: 'resolves', ms: 10_240, value: { text: 'undefined' } }
  expect(wordsOf(gather([outcome(resolves)]))).toBe('resolves `undefined`, 10.2 s; later calls go on')
})
