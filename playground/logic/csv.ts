import { FileFault, placeIn } from './fault'

const QUOTE = 34
const LF = 10
const CR = 13

/** A quoted cell longer than this is taken for a quote that was never closed. In characters. */
const LONGEST_CELL = 4_000_000

/**
 * Reads CSV (RFC 4180) piece by piece: quotes, doubled quotes, line breaks in cells, any line end,
 * and a comma, semicolon, tab or bar between cells, whichever the first line uses most. Blank lines are skipped.
 * A row that is cut by the end of a piece waits for the next piece.
 *
 * @example
 * const csv = new CsvReader((cells) => rows.push(cells))
 * for (const piece of pieces) csv.push(piece)
 * csv.end()
 */
export class CsvReader {
  #onRow: (cells: string[]) => void
  #rest = ''
  #delimiter = 0
  #width = 0
  #line = 1

  constructor(onRow: (cells: string[]) => void) {
    this.#onRow = onRow
  }

  /** Hands over every row that is complete with this piece. Throws {@link FileFault}. */
  push(piece: string): void {
    this.#read(this.#rest + piece, false)
  }

  /** Hands over the last row. Throws {@link FileFault}. */
  end(): void {
    this.#read(this.#rest, true)
  }

  #read(text: string, last: boolean): void {
    if (this.#delimiter === 0) {
      if (!last && !/[\r\n]/.test(text)) {
        this.#rest = text
        return
      }
      this.#delimiter = findDelimiter(text)
    }
    let at = 0
    while (at < text.length) {
      const next = this.#readRow(text, at, last)
      if (next < 0) break
      at = next
    }
    this.#rest = text.slice(at)
  }

  /** Reads one row from `start`; gives where the next begins, or -1 when the row is not all there. */
  #readRow(text: string, start: number, last: boolean): number {
    const cells: string[] = []
    let line = this.#line
    let at = start
    for (;;) {
      let cell: string
      if (text.charCodeAt(at) === QUOTE) {
        const close = closingQuote(text, at)
        if (close < 0) {
          if (!last && text.length - at < LONGEST_CELL) return -1
          throw this.#fault('The quote that opens this cell is never closed.', text, start, at)
        }
        cell = text.slice(at + 1, close)
        line += countLineEnds(cell)
        if (cell.includes('"')) cell = cell.replaceAll('""', '"')
        at = close + 1
      } else {
        const from = at
        at = this.#endOfPlainCell(text, at)
        cell = text.slice(from, at)
      }
      if (at >= text.length) {
        if (!last) return -1
        cells.push(cell)
        break
      }
      const code = text.charCodeAt(at)
      if (code !== this.#delimiter && code !== LF && code !== CR) {
        throw this.#fault('After a closing quote the cell must end.', text, start, at)
      }
      cells.push(cell)
      if (code === this.#delimiter) {
        at++
        continue
      }
      // The LF that belongs to this CR may be the first character of the next piece.
      if (code === CR && at + 1 >= text.length && !last) return -1
      at += code === CR && text.charCodeAt(at + 1) === LF ? 2 : 1
      line++
      break
    }
    this.#take(cells, text, start)
    this.#line = line
    return at
  }

  #take(cells: string[], text: string, start: number): void {
    if (cells.length === 1 && cells[0]!.trim() === '') return
    if (this.#width === 0) this.#width = cells.length
    if (cells.length > this.#width) {
      const message = `This row has ${cells.length} cells; the first row names ${this.#width} columns.`
      throw this.#fault(message, text, start, start)
    }
    this.#onRow(cells)
  }

  #endOfPlainCell(text: string, at: number): number {
    const delimiter = this.#delimiter
    while (at < text.length) {
      const code = text.charCodeAt(at)
      if (code === delimiter || code === LF || code === CR) break
      at++
    }
    return at
  }

  #fault(message: string, text: string, rowStart: number, offset: number): FileFault {
    return new FileFault(message, placeIn(text.slice(rowStart), offset - rowStart, this.#line, 1))
  }
}

/** The code of the character between cells: the most frequent candidate outside quotes in the first line. */
function findDelimiter(text: string): number {
  const counts = new Map([',', ';', '\t', '|'].map((mark) => [mark, 0]))
  let quoted = false
  for (const mark of text) {
    if (mark === '"') quoted = !quoted
    if (quoted) continue
    if (mark === '\n' || mark === '\r') break
    const count = counts.get(mark)
    if (count !== undefined) counts.set(mark, count + 1)
  }
  const [best] = [...counts].sort((a, b) => b[1] - a[1])
  return best![0].charCodeAt(0)
}

/** The quote that closes the one at `open`; a doubled quote closes nothing. -1 when there is none. */
function closingQuote(text: string, open: number): number {
  let at = open + 1
  for (;;) {
    const quote = text.indexOf('"', at)
    if (quote < 0) return -1
    if (text.charCodeAt(quote + 1) !== QUOTE) return quote
    at = quote + 2
  }
}

function countLineEnds(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0
}
