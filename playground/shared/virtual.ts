/** What a virtual list knows about itself. Lengths in CSS pixels. */
export interface ListShape {
  /** How many rows there are. */
  count: number
  rowHeight: number
  /** The height of the part that can be seen. */
  viewport: number
  scrollTop: number
}

/** Which rows are drawn, and where. */
export interface ListLayout {
  /** The height of the box that is scrolled. */
  height: number
  /** The rows drawn: from `first` up to `end`. */
  first: number
  end: number
  /** Row `i` is drawn at `i * rowHeight + shift` in the box. */
  shift: number
}

/** Browsers cannot lay out boxes higher than 17 to 33 million pixels; a higher list is scrolled in larger steps. */
const MAX_HEIGHT = 12_000_000
/** Rows drawn above and below what can be seen, so that scrolling by some rows shows no gap. */
const OVERSCAN = 6
/** The thread is asked for rows in blocks of this many: scrolling inside them asks for nothing. */
const BLOCK = 64

/** Lays out the rows that can be seen. */
export function layOut(shape: ListShape): ListLayout {
  const { count, rowHeight, viewport, scrollTop } = shape
  const height = Math.min(count * rowHeight, MAX_HEIGHT)
  const top = Math.min(Math.max(scrollTop, 0), Math.max(height - viewport, 0))
  const offset = top * stretch(shape)
  const first = Math.max(0, Math.floor(offset / rowHeight) - OVERSCAN)
  const end = Math.min(count, Math.ceil((offset + viewport) / rowHeight) + OVERSCAN)
  return { height, first, end: Math.max(first, end), shift: top - offset }
}

/** The rows to ask for so that those from `first` up to `end` are there, and some around them. */
export function blocksAround(first: number, end: number): { from: number; to: number } {
  const from = Math.max(0, Math.floor((first - BLOCK / 2) / BLOCK) * BLOCK)
  const to = Math.ceil((end + BLOCK / 2) / BLOCK) * BLOCK
  return { from, to }
}

/** The `scrollTop` that brings a row into sight with the least scrolling. */
export function scrollTopFor(index: number, shape: ListShape): number {
  const { rowHeight, viewport, scrollTop } = shape
  const factor = stretch(shape)
  const offset = scrollTop * factor
  const top = index * rowHeight
  if (top < offset) return top / factor
  if (top + rowHeight > offset + viewport) return (top + rowHeight - viewport) / factor
  return scrollTop
}

/** How many pixels of rows go by for one pixel scrolled: 1, but for very long lists. */
function stretch({ count, rowHeight, viewport }: ListShape): number {
  const whole = count * rowHeight
  return whole <= MAX_HEIGHT ? 1 : (whole - viewport) / (MAX_HEIGHT - viewport)
}
