/** Where a file is wrong, and how it reads there. Lines and columns count from 1. */
export interface FaultPlace {
  line: number
  column: number
  /** A piece of the line around the fault, at most about 80 characters. */
  excerpt: string
  /** Where in `excerpt` the fault is, from 0. */
  mark: number
}

/**
 * The file cannot be read as what it claims to be. The message says what was expected, in one sentence;
 * `place` says where, when there is one place.
 *
 * @example throw new FileFault('This quote is never closed.', placeIn(text, offset, 1, 1))
 */
export class FileFault extends Error {
  override name = 'FileFault'
  place: FaultPlace | undefined

  constructor(message: string, place?: FaultPlace) {
    super(message)
    this.place = place
  }
}

const BEFORE = 44
const AFTER = 36
const LF = 10
const CR = 13

/**
 * The place of `text[offset]`, where `text` itself begins at `firstLine` and `firstColumn` of the file.
 * Line ends are LF, CR LF or a lone CR.
 */
export function placeIn(text: string, offset: number, firstLine: number, firstColumn: number): FaultPlace {
  let line = firstLine
  let lineStart = 0
  for (let at = 0; at < offset; at++) {
    const code = text.charCodeAt(at)
    // Of CR LF only the LF ends the line.
    if (code === LF || (code === CR && text.charCodeAt(at + 1) !== LF)) {
      line++
      lineStart = at + 1
    }
  }
  const column = offset - lineStart + (line === firstLine ? firstColumn : 1)

  const from = Math.max(lineStart, offset - BEFORE)
  let to = offset
  while (to < text.length && to < offset + AFTER && text[to] !== '\n' && text[to] !== '\r') to++
  const excerpt = text.slice(from, to).replace(/\t/g, ' ')
  return { line, column, excerpt, mark: offset - from }
}
