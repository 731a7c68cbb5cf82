/** The time that clients have which do not own the thread, while its owner is sending, too. */
import { expect, it, onTestFinished, vi } from 'vitest'
import { Share, Shares } from '../../src/core/shares.js'
import { OwnSlice } from '../../src/core/turns.js'
import { turn } from './watch'

/** A client whose every piece of work takes 2 ms, which is a slice. */
async function begin() {
  vi.useFakeTimers({ toFake: ['performance', 'Date', 'setTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const shares = new Shares()
  const owner = (shares.owner = new OwnSlice())
  const share = new Share(shares)
  let done = 0
  for (let piece = 0; piece < 2; piece++)
    share.take(() => {
      vi.advanceTimersByTime(2)
      done++
      return false
    })
  owner.begin()
  await turn()
  await turn()
  const pass = (milliseconds: number) => {
    for (let i = 0; i < milliseconds; i++) {
      owner.begin()
      vi.advanceTimersByTime(1)
    }
    return done
  }
  return { share, pass }
}

it('a client rests twice as long as it has worked', async () => {
  const { pass } = await begin()
  expect(pass(3)).toBe(1)
  expect(pass(1)).toBe(2)
})

it('a message that comes meanwhile, and takes time to be decoded, makes the rest longer', async () => {
  const { share, pass } = await begin()
  share.charge(2)
  // Its own time, and a rest of twice that.
  expect(pass(9)).toBe(1)
  expect(pass(2)).toBe(2)
})
