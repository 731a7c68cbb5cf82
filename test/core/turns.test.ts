import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Turns } from '../../src/core/turns.js'

/** Turns that note which op runs, when replies leave, and when nothing waits any more. */
function makeTurns(milliseconds = 0) {
  const log: unknown[] = []
  const turns = new Turns(
    (message, at) => {
      log.push(message[at + 2])
      vi.advanceTimersByTime(milliseconds)
    },
    () => log.push('flush'),
    () => log.push('rested'),
  )
  turns.begin()
  return { turns, log }
}

// Time stands still, so that a slice of it ends only where a test says so.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'performance'] }))
afterEach(() => void vi.useRealTimers())

it('ops wait while turns are paused, and then run in the order they came', () => {
  const { turns, log } = makeTurns()
  turns.pause()
  turns.take(['call', 1, 'a', 'call', 2, 'b'], 0)
  turns.take(['call', 1, 'a', 'call', 2, 'b'], 3)
  turns.take(['call', 3, 'c'], 0)
  expect([turns.busy, log]).toEqual([true, []])
  turns.resume()
  expect([turns.busy, log]).toEqual([false, ['a', 'b', 'c', 'rested']])
})

it('an op that is taken back while it waits does not run', () => {
  const { turns, log } = makeTurns()
  turns.pause()
  for (const id of [1, 2, 3]) turns.take(['call', id, id], 0)
  turns.takeBack(2)
  turns.resume()
  expect(log).toEqual([1, 3, 'rested'])
})

it('taking back what has begun does nothing to what comes later', () => {
  const { turns, log } = makeTurns()
  turns.take(['call', 1, 'a'], 0)
  turns.takeBack(1)
  turns.pause()
  turns.take(['call', 1, 'again'], 0)
  turns.resume()
  expect(log).toEqual(['a', 'again', 'rested'])
})

it('replies leave after a millisecond of work, and the ops behind it wait for a task of their own', async () => {
  const { turns, log } = makeTurns(0.4)
  for (const id of [1, 2, 3, 4]) turns.take(['call', id, id], 0)
  expect(log).toEqual([1, 2, 3, 'flush'])
  await vi.waitFor(() => expect(log).toEqual([1, 2, 3, 'flush', 4, 'rested']))
})
