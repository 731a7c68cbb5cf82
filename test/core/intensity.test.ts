import { describe, expect, it } from 'vitest'
import { Intensity } from '../../src/core/intensity.js'

describe('how often a thread is started again', () => {
  it('is so many times within so long', () => {
    const intensity = new Intensity({ max: 3, within: 10_000 })
    const ask = (now: number) => {
      intensity.reset()
      return intensity.allows(now)
    }
    expect([0, 1_000, 2_000, 3_000, 9_999].map(ask)).toEqual([true, true, true, false, false])
    expect([10_000, 10_500, 11_000, 11_500].map(ask)).toEqual([true, false, true, false])
  })

  it('counts what was allowed, and not what was refused', () => {
    const intensity = new Intensity({ max: 1, within: 10 })
    expect(intensity.allows(0)).toBe(true)
    for (let now = 1; now < 10; now++) expect(intensity.allows(now)).toBe(false)
    intensity.reset()
    expect(intensity.allows(10)).toBe(true)
  })

  it('ends when so many starts in a row have failed, however slowly', () => {
    const intensity = new Intensity({ max: 3, within: 10_000 })
    expect([0, 60_000, 120_000, 180_000].map((now) => intensity.allows(now))).toEqual([
      true,
      true,
      true,
      false,
    ])
    intensity.reset()
    expect(intensity.allows(240_000)).toBe(true)
  })

  it('is never where none is allowed', () => {
    expect(new Intensity({ max: 0, within: 10_000 }).allows()).toBe(false)
  })
})
