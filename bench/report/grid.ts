/** A picture of panels in rows and columns, with the same lines in each. */
import { dots, dotsHeight, type DotsOptions, legend, type LegendEntry, numbersOf } from './dots.js'
import { domainOf } from './scale.js'
import { at, picture, text } from './svg.js'

/** The width of every picture, in pixels. */
export const WIDTH = 920
/** What is left free at its edges. */
export const MARGIN = 24
/** What is left free between its panels. */
export const GAP = 28
/** The room for its title. */
export const TOP = 40

/** A panel of a grid; its place says how wide it is. */
export type Panel = Pick<DotsOptions, 'title' | 'note' | 'lines' | 'domain'>

/** Panels that can be compared, since their axes have room for the same numbers. */
export function withOneAxis(panels: readonly Panel[]): Panel[] {
  const domain = domainOf(panels.flatMap(({ lines }) => numbersOf(lines)))
  return panels.map((panel) => ({ ...panel, domain }))
}

export interface Grid {
  title: string
  /** What its marks are. */
  kinds: readonly LegendEntry[]
  /** The room for the lines' labels, which stand at the left of the first panel of a row, in pixels. */
  labels: number
  columns: number
  /** Row by row, each with the same lines. */
  panels: readonly Panel[]
}

/** Panels in rows and columns, or nothing where none has a number. */
export function gridPicture({ title, kinds, labels, columns, panels }: Grid): string | undefined {
  if (panels.every(({ lines }) => lines.every(({ marks }) => marks.length === 0))) return undefined
  const top = TOP + 34
  const width = (WIDTH - 2 * MARGIN - labels - (columns - 1) * GAP) / columns
  const height = dotsHeight(Math.max(...panels.map(({ lines }) => lines.length)))
  const rows = Math.ceil(panels.length / columns)
  return picture(
    WIDTH,
    top + rows * (height + GAP) - GAP + MARGIN / 2,
    title,
    text(MARGIN, 28, title, { class: 'title' }),
    at(MARGIN, 52, legend(kinds)),
    ...panels.map((panel, i) => {
      const across = i % columns
      const room = across === 0 ? labels : 0
      return at(
        MARGIN + labels - room + across * (width + GAP),
        top + Math.floor(i / columns) * (height + GAP),
        dots({ ...panel, width: room + width, labels: room, values: false }),
      )
    }),
  )
}
