import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blocksAround, layOut, type ListShape, scrollTopFor } from '../../playground/shared/virtual'

/** A list that is scrolled to some fraction of its height. */
const scrolled = fc
  .record({
    count: fc.integer({ min: 0, max: 5_000_000 }),
    rowHeight: fc.constantFrom(38, 62),
    viewport: fc.integer({ min: 0, max: 3000 }),
    fraction: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ count, rowHeight, viewport, fraction }): ListShape => {
    const { height } = layOut({ count, rowHeight, viewport, scrollTop: 0 })
    return { count, rowHeight, viewport, scrollTop: fraction * Math.max(0, height - viewport) }
  })

describe('layOut', () => {
  it('covers all that can be seen, with few more rows', () => {
    fc.assert(
      fc.property(scrolled, (shape) => {
        const { height, first, end, shift } = layOut(shape)
        const { count, rowHeight, viewport, scrollTop } = shape
        const top = first * rowHeight + shift
        const bottom = end * rowHeight + shift
        expect(first === 0 ? top <= scrollTop + 0.01 : top < scrollTop).toBe(true)
        expect(end === count ? true : bottom > scrollTop + viewport).toBe(true)
        expect(end - first).toBeLessThanOrEqual(Math.ceil(viewport / rowHeight) + 14)
        expect(height).toBeLessThan(17_000_000)
      }),
    )
  })

  it('scrolls to the very last row of a list that no browser could lay out', () => {
    const shape = { count: 5_000_000, rowHeight: 62, viewport: 700, scrollTop: 0 }
    const { height } = layOut(shape)
    const atEnd = layOut({ ...shape, scrollTop: height - 700 })
    expect(atEnd.end).toBe(5_000_000)
    expect(atEnd.end * 62 + atEnd.shift).toBeCloseTo(height, 3)
  })

  it('moves rows by what is scrolled in a list of a usual length', () => {
    const { shift } = layOut({ count: 100_000, rowHeight: 38, viewport: 700, scrollTop: 123_456 })
    expect(shift).toBe(0)
  })

  it('draws nothing of an empty list, and the end of one that got shorter', () => {
    expect(layOut({ count: 0, rowHeight: 38, viewport: 700, scrollTop: 0 })).toMatchObject({
      first: 0,
      end: 0,
    })
    expect(layOut({ count: 10, rowHeight: 38, viewport: 700, scrollTop: 9000 })).toMatchObject({
      first: 0,
      end: 10,
    })
  })
})

describe('scrollTopFor', () => {
  it('brings any row into sight, and leaves one alone that is in sight', () => {
    fc.assert(
      fc.property(scrolled, fc.nat(), (shape, any) => {
        fc.pre(shape.count > 0 && shape.viewport > shape.rowHeight)
        const index = any % shape.count
        const scrollTop = scrollTopFor(index, shape)
        const { shift } = layOut({ ...shape, scrollTop })
        const top = index * shape.rowHeight + shift
        expect(top).toBeGreaterThanOrEqual(scrollTop - 0.01)
        expect(top + shape.rowHeight).toBeLessThanOrEqual(scrollTop + shape.viewport + 0.01)
        expect(scrollTopFor(index, { ...shape, scrollTop })).toBeCloseTo(scrollTop, 3)
      }),
    )
  })
})

describe('blocksAround', () => {
  it('asks for the rows drawn and a half block more, and for the same ones again while one scrolls a little', () => {
    expect(blocksAround(0, 30)).toEqual({ from: 0, to: 64 })
    expect(blocksAround(100, 130)).toEqual({ from: 64, to: 192 })
    expect(blocksAround(110, 140)).toEqual({ from: 64, to: 192 })
  })
})
