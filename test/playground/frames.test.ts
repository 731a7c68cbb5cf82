import { describe, expect, it } from 'vitest'
import { FrameLog } from '../../playground/shell/frames'

/** A log that has seen frames of these lengths. */
function logOf(lengths: number[], span = 8000): FrameLog {
  const log = new FrameLog(span)
  let now = 1000
  log.tick(now)
  for (const length of lengths) log.tick((now += length))
  return log
}

describe('FrameLog', () => {
  it('gives the length of each frame when the next begins', () => {
    const log = new FrameLog(8000)
    expect(log.tick(5)).toBeUndefined()
    expect(log.tick(21)).toBe(16)
    expect(log.frames).toEqual([{ at: 5, length: 16 }])
  })

  it('counts the frames of the last second', () => {
    expect(logOf(Array<number>(200).fill(10)).rate()).toBeCloseTo(100)
    expect(logOf([...Array<number>(200).fill(10), 500, 500]).rate()).toBeCloseTo(2)
    expect(logOf([4000]).rate()).toBeCloseTo(0.25)
    expect(new FrameLog(8000).rate()).toBe(0)
  })

  it('forgets frames that are older than its span, and does not count the time the page was hidden', () => {
    const log = logOf(Array<number>(100).fill(10), 500)
    expect(log.frames.length).toBeLessThanOrEqual(51)
    log.pause()
    expect(log.tick(60_000)).toBeUndefined()
    expect(log.tick(60_010)).toBe(10)
    expect(log.frames).toHaveLength(1)
  })
})
