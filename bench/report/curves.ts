/** A panel of curves: how a cost grows. Both axes are logarithmic, so that what is twice as steep is quadratic. */
import type { Kind } from './dots.js'
import { digits } from './numbers.js'
import { domainOf, logarithmic } from './scale.js'
import { element, line, text } from './svg.js'

export interface Curve {
  label: string
  kind: Kind
  dashed?: boolean
  points: readonly { x: number; y: number }[]
}

export interface CurvesOptions {
  title: string
  note: string
  /** What the horizontal axis counts. */
  across: string
  curves: readonly Curve[]
  width: number
  height: number
}

const LEFT = 52
const HEAD = 44
const FOOT = 40
/** The room for the curves' labels. */
const RIGHT = 138

export function curves({ title, note, across, curves, width, height }: CurvesOptions): string {
  const points = curves.flatMap((curve) => curve.points)
  const xDomain = domainOf(points.map(({ x }) => x))
  const right = width - RIGHT
  const bottom = height - FOOT
  const xScale = logarithmic(xDomain, right - LEFT, 50)
  const yScale = logarithmic(domainOf(points.map(({ y }) => y)), bottom - HEAD, 24)
  const xAt = (value: number) => LEFT + xScale.at(value)
  const yAt = (value: number) => bottom - yScale.at(value)

  const grid = [
    ...xScale.ticks.map(
      (tick) =>
        line(xAt(tick), HEAD, xAt(tick), bottom, 'rule') +
        text(xAt(tick), bottom + 15, tick.toLocaleString('en'), { class: 'note middle' }),
    ),
    ...yScale.ticks.map(
      (tick) =>
        line(LEFT, yAt(tick), right, yAt(tick), 'rule') +
        text(LEFT - 8, yAt(tick) + 4, digits(tick), { class: 'note right' }),
    ),
    text((LEFT + right) / 2, bottom + 32, across, { class: 'note middle' }),
  ]
  // What matters is drawn last, above the others.
  const order: Kind[] = ['peer', 'known', 'raw', 'own']
  const drawn = [...curves]
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
    .map(({ kind, dashed, points }) =>
      element(
        'g',
        { class: dashed ? `${kind} dashed` : kind },
        element('polyline', {
          points: points.map(({ x, y }) => `${xAt(x).toFixed(1)},${yAt(y).toFixed(1)}`).join(' '),
          class: 'curve',
        }),
        ...points.map(({ x, y }) => element('circle', { cx: xAt(x), cy: yAt(y), r: 2.5, class: 'dot' })),
      ),
    )
  const ends = curves.flatMap(({ label, kind, points }) => {
    const last = points.at(-1)
    return last ? [{ label, kind, isEarly: last.x < xDomain.highest, x: xAt(last.x), y: yAt(last.y) }] : []
  })
  const labels = [
    ...spread(
      ends.filter(({ isEarly }) => !isEarly),
      15,
      HEAD + 4,
      bottom,
    ).map(
      ({ label, kind, x, y, place }) =>
        line(x + 5, y, right + 14, place, 'leader') + text(right + 18, place + 4, label, { class: kind }),
    ),
    // A curve that ends early has its name there.
    ...spread(
      ends.filter(({ isEarly }) => isEarly),
      15,
      HEAD + 4,
      bottom,
    ).map(({ label, kind, x, place }) => text(x + 8, place + 4, label, { class: `${kind} halo` })),
  ]
  return [
    text(LEFT, 14, title, { class: 'heading' }),
    text(LEFT, 31, `${note}; log scales`, { class: 'note' }),
    ...grid,
    ...drawn,
    ...labels,
  ].join('\n')
}

/** Gives each end a place for its label, in their order and `apart` pixels from the next at least. */
function spread<End extends { y: number }>(ends: readonly End[], apart: number, top: number, bottom: number) {
  const sorted = [...ends].sort((a, b) => a.y - b.y)
  const places: number[] = []
  for (const { y } of sorted) places.push(Math.max(y, (places.at(-1) ?? top - apart) + apart))
  for (let i = places.length - 1, free = bottom; i >= 0; i--, free -= apart) {
    free = places[i] = Math.min(places[i]!, free)
  }
  return sorted.map((end, i) => Object.assign(end, { place: places[i]! }))
}
