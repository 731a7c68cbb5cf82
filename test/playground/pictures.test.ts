// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import { type Pixels, scaleTo } from '../../playground/logic/lanczos'
import { tartan } from '../../playground/logic/tartan'
import { emptyGallery, type Run } from '../../playground/shared/gallery'
import { gainOf, lanesOf, measureText, movedText, timesText, workText } from '../../playground/shared/lanes'
import { routeOf } from '../../playground/shell/route'

/** A picture whose pixels have the grey that is given for each place. */
function grey(width: number, height: number, greyAt: (x: number, y: number) => number): Pixels {
  const data = new Uint8ClampedArray(width * height * 4)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      data.set([greyAt(x, y), greyAt(x, y), greyAt(x, y), 255], (y * width + x) * 4)
  return { width, height, data }
}
const reds = ({ data }: Pixels) => [...data].filter((_, at) => at % 4 === 0)

describe('scaleTo', () => {
  it('keeps the shape, and leaves one colour as it is', () => {
    const small = scaleTo(
      grey(90, 60, () => 77),
      30,
    )
    expect([small.width, small.height]).toEqual([30, 20])
    expect(new Set(reds(small))).toEqual(new Set([77]))
    expect(small.data[3]).toBe(255)
  })

  it('keeps a picture of the same width', () => {
    const picture = grey(8, 5, (x, y) => x * 20 + y)
    expect(reds(scaleTo(picture, 8))).toEqual(reds(picture))
  })

  it('keeps a slope, and blends what is too fine to be seen', () => {
    const slope = reds(
      scaleTo(
        grey(64, 64, (x) => x * 4),
        8,
      ),
    ).slice(0, 8)
    for (let at = 1; at < 7; at++) expect(slope[at]! - slope[at - 1]!).toBeCloseTo(32, -1)
    const fine = reds(
      scaleTo(
        grey(64, 64, (x, y) => ((x + y) % 2) * 255),
        8,
      ),
    )
    for (const value of fine) expect(Math.abs(value - 127.5)).toBeLessThan(8)
  })

  it('makes pictures larger, too, and never less than one pixel high', () => {
    expect(
      scaleTo(
        grey(200, 1, () => 5),
        10,
      ),
    ).toMatchObject({ width: 10, height: 1 })
    expect(
      scaleTo(
        grey(2, 2, () => 5),
        10,
      ),
    ).toMatchObject({ width: 10, height: 10 })
  })

  it('refuses what has been moved away', () => {
    const picture = grey(4, 4, () => 1)
    structuredClone(picture.data, { transfer: [picture.data.buffer] })
    expect(() => scaleTo(picture, 2)).toThrow('nothing to scale')
  })
})

describe('tartan', () => {
  it('is the same for a number, and another for another', () => {
    expect(tartan(3, 64, 48).data).toEqual(tartan(3, 64, 48).data)
    expect(tartan(3, 64, 48).data).not.toEqual(tartan(4, 64, 48).data)
  })
})

const run = (took: number | undefined, ...spans: [thread: string, from: number, to: number][]): Run => ({
  took,
  spans: spans.map(([thread, from, to]) => ({ thread, from, to })),
})

describe('the lanes', () => {
  const runs = {
    one: run(400, ['pictures', 0, 200], ['pictures', 200, 400]),
    many: run(200, ['pictures 2', 0, 190], ['pictures 1', 0, 200]),
  }

  it('are drawn over one measure, a row for each thread', () => {
    const lanes = lanesOf({ ...emptyGallery, runs }, 3)
    expect(lanes.map(({ label, time, gain }) => [label, time, gain])).toEqual([
      ['In this page', '', ''],
      ['In 1 thread', '0.40 s', ''],
      ['In 3 threads', '0.20 s', '× 2.0'],
    ])
    expect(lanes.map(({ rows }) => rows)).toEqual([
      [[]],
      [
        [
          { left: 0, width: 50 },
          { left: 50, width: 50 },
        ],
      ],
      [[{ left: 0, width: 50 }], [{ left: 0, width: 47.5 }], []],
    ])
  })

  it('say how far a run is', () => {
    const work = { kind: 'running', lane: 'one' } as const
    const running = { ...emptyGallery, work, done: 2, total: 9, runs: { ...runs, one: run(undefined) } }
    expect(lanesOf(running, 3)[1]).toMatchObject({ time: '2 of 9', isRunning: true })
    expect(lanesOf(running, 3)[2]).toMatchObject({ time: '0.20 s', gain: '', isRunning: false })
  })

  it('tell a gain only where both were measured', () => {
    expect(gainOf(runs, 'many')).toBe(2)
    expect(gainOf({ many: runs.many }, 'many')).toBeUndefined()
    expect([timesText(3.44), timesText(undefined)]).toEqual(['× 3.4', ''])
    expect(measureText({ ...emptyGallery, runs, count: 24 }, 3, 4)).toBe(
      '24 pictures, from the first call to the last result: 0.40 s in 1 thread, 0.20 s in 3. ' +
        'This machine says that it has 4 cores.',
    )
    expect(measureText(emptyGallery, 2, 1)).toMatch(/^Run them in 1 thread and in 2, .* has 1 core\.$/)
  })

  it('tell what has moved, and what was copied all the same', () => {
    expect(movedText({ ...emptyGallery, bytes: 184_320_000 })).toBe(
      '184 MB moved there and back, nothing copied',
    )
    expect(movedText({ ...emptyGallery, bytes: 2e6, copied: 2e6 })).toBe(
      '2 MB moved there and back, 2 MB copied',
    )
    expect(workText({ ...emptyGallery, work: { kind: 'opening' }, done: 1, total: 3 })).toBe(
      'Opening, 1 of 3',
    )
  })
})

describe('routeOf', () => {
  it('leads to a room, and to a UI where it names one', () => {
    expect(routeOf('#tabs')).toEqual({ room: 'tabs', ui: undefined })
    expect(routeOf('#pictures/vue')).toEqual({ room: 'pictures', ui: 'vue' })
  })

  it('leads to the first room where it names none', () => {
    for (const hash of ['', '#', '#attic', '#table/react'])
      expect(routeOf(hash)).toEqual({ room: 'table', ui: undefined })
  })
})
