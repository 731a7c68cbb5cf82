/** A panel of labelled lines with a mark each, or several: who, and how much. */
import { digits, shortDigits } from './numbers.js'
import { type Domain, domainOf, scaleFor } from './scale.js'
import { at, element, line, text } from './svg.js'

/** How something is drawn: bgthread, hand-written, the peer everybody knows, the others. */
export type Kind = 'own' | 'raw' | 'known' | 'peer'

export interface Mark {
  kind: Kind
  /** Drawn as a ring instead of a dot, for a second series of the same kind. */
  hollow?: boolean
  median: number
  min: number
  max: number
}

export interface Line {
  label: string
  kind?: Kind
  /** Absent: it has no number. */
  marks: readonly Mark[]
}

export interface DotsOptions {
  title: string
  /** What the numbers are, and which are good: `ms, less is better`. */
  note: string
  lines: readonly Line[]
  width: number
  /** The room for labels at the left, in pixels; 0 where a panel beside it has them. */
  labels: number
  /** What the axis has room for, where several panels share it. Default: what its marks need. */
  domain?: Domain
  /** Whether the number is written behind a line that has one mark. */
  values: boolean
}

const LINE = 20
const HEAD = 44
const FOOT = 24

/** The height of a panel of so many lines, in pixels. */
export const dotsHeight = (lines: number) => HEAD + lines * LINE + FOOT

/** The panel. From 0 it draws bars; on a logarithmic scale, where a length says nothing, dots. */
export function dots({ title, note, lines, width, labels, domain, values }: DotsOptions): string {
  const length = width - labels - (values ? 62 : 12)
  const scale = scaleFor(domain ?? domainOf(numbersOf(lines)), length, 38)
  const bottom = HEAD + lines.length * LINE
  const grid = scale.ticks.map((tick) => {
    const x = labels + scale.at(tick)
    return (
      line(x, HEAD, x, bottom, 'rule') + text(x, bottom + 15, shortDigits(tick), { class: 'note middle' })
    )
  })
  const drawn = lines.map(({ label, kind, marks }, i) => {
    const y = HEAD + i * LINE + LINE / 2
    const [only] = marks
    return [
      labels > 0 ? text(labels - 10, y + 4, label, { class: `right ${kind ?? ''}` }) : '',
      ...marks.map((mark) => drawMark(mark, y)),
      values ? text(width, y + 4, only ? digits(only.median) : '–', { class: `right ${kind ?? ''}` }) : '',
    ].join('')
  })
  return [
    text(labels, 14, title, { class: 'heading' }),
    text(labels, 31, scale.fromZero ? note : `${note}; log scale`, { class: 'note' }),
    ...grid,
    line(labels, HEAD, labels, bottom, scale.fromZero ? 'axis' : 'rule'),
    ...drawn,
  ].join('\n')

  function drawMark({ kind, hollow, median, min, max }: Mark, y: number): string {
    const [x, start, end] = [median, min, max].map((value) => labels + scale.at(value)) as [
      number,
      number,
      number,
    ]
    const shape =
      scale.fromZero && values
        ? element('rect', { x: labels, y: y - 5, width: x - labels, height: 10, class: 'bar' })
        : shapeOf(kind, hollow, x, y)
    return element('g', { class: kind }, line(start, y, end, y, 'spread'), shape)
  }
}

/** All numbers of some lines, for an axis. */
export const numbersOf = (lines: readonly Line[]): number[] =>
  lines.flatMap(({ marks }) => marks.flatMap(({ min, median, max }) => [min, median, max]))

/** A dot; a ring that can be seen around a dot; for what is hand-written a stroke that can be seen through both. */
function shapeOf(kind: Kind, hollow: boolean | undefined, x: number, y: number): string {
  if (hollow) return element('circle', { cx: x, cy: y, r: 6, class: 'ring' })
  if (kind === 'raw') return element('rect', { x: x - 1.5, y: y - 7, width: 3, height: 14, class: 'dot' })
  return element('circle', { cx: x, cy: y, r: 4, class: 'dot' })
}

/** What a kind of mark is, in words. */
export interface LegendEntry {
  kind: Kind
  hollow?: boolean
  label: string
}

/** What the kinds of marks are, in one row. */
export function legend(entries: readonly LegendEntry[]): string {
  let x = 6
  return entries
    .map(({ kind, hollow, label }) => {
      const entry = at(x, 0, element('g', { class: kind }, shapeOf(kind, hollow, 0, -4)), text(12, 0, label))
      x += 40 + label.length * 6.6
      return entry
    })
    .join('\n')
}
