import { FileFault, placeIn } from './fault'
import { findJsonFault } from './json-fault'

const QUOTE = 34
const BACKSLASH = 92
const COMMA = 44
const OPEN_LIST = 91
const CLOSE_LIST = 93
const OPEN_OBJECT = 123
const CLOSE_OBJECT = 125

export type JsonObject = Record<string, unknown>

/**
 * Reads a JSON array of objects piece by piece. A scan finds where whole elements end, and the engine's own
 * `JSON.parse` reads them in batches: nearly its speed, and never more than a piece and one element in hand.
 *
 * @example
 * const json = new JsonReader((object) => rows.push(object))
 * for (const piece of pieces) json.push(piece)
 * json.end()
 */
export class JsonReader {
  #onObject: (object: JsonObject) => void
  /** What has been scanned, but not parsed; it begins at `#line`, `#column` of the file. */
  #rest = ''
  #scanned = 0
  #line = 1
  #column = 1
  #phase: 'before' | 'inside' | 'after' = 'before'
  #depth = 0
  #inString = false
  #afterComma = false

  constructor(onObject: (object: JsonObject) => void) {
    this.#onObject = onObject
  }

  /** Hands over every object that is complete with this piece. Throws {@link FileFault}. */
  push(piece: string): void {
    this.#rest += piece
    if (this.#phase === 'before' && !this.#open()) return
    if (this.#phase === 'inside') this.#scan()
    if (this.#phase === 'after' && this.#rest.trim() !== '') {
      throw this.#fault('Nothing may follow the end of the array.', this.#rest.search(/\S/))
    }
  }

  /** Throws {@link FileFault} when the array is not closed. */
  end(): void {
    if (this.#phase === 'after') return
    if (this.#phase === 'before') throw new FileFault('The file is empty: there is nothing to read in it.')
    const found = findJsonFault(`[${this.#rest}`)
    throw this.#fault(found?.message ?? 'The array is never closed.', (found?.offset ?? 1) - 1)
  }

  /** Steps over the opening bracket; false while only blanks have been seen. */
  #open(): boolean {
    const first = this.#rest.search(/\S/)
    if (first < 0) return false
    if (this.#rest[first] !== '[') {
      throw this.#fault('A JSON file must be an array of objects: [{ … }, { … }].', first)
    }
    this.#drop(first + 1)
    this.#phase = 'inside'
    return true
  }

  /** Goes on from where the last scan stopped to the end of what is there, and parses the whole elements. */
  #scan(): void {
    const text = this.#rest
    let depth = this.#depth
    let inString = this.#inString
    let cut = -1
    let at = this.#scanned
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (inString) {
        if (code === BACKSLASH) at++
        else if (code === QUOTE) inString = false
      } else if (code === QUOTE) {
        inString = true
      } else if (code === OPEN_OBJECT || code === OPEN_LIST) {
        depth++
      } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) {
        if (depth-- === 0) break
      } else if (code === COMMA && depth === 0) {
        cut = at
      }
    }
    if (depth < 0) {
      this.#close(at)
      return
    }
    if (cut >= 0) {
      this.#parse(cut)
      this.#drop(cut + 1)
      this.#afterComma = true
      at -= cut + 1
    }
    this.#scanned = at
    this.#depth = depth
    this.#inString = inString
  }

  /** The array ends at `at`. */
  #close(at: number): void {
    if (this.#rest[at] !== ']') throw this.#fault('A comma or ] was expected, not }.', at)
    if (this.#afterComma || this.#rest.slice(0, at).trim() !== '') this.#parse(at)
    this.#drop(at + 1)
    this.#phase = 'after'
  }

  #parse(end: number): void {
    const text = this.#rest.slice(0, end)
    const elements = this.#elementsOf(text)
    if (elements.length === 0) throw this.#fault(`A value is missing before ${this.#rest[end]}`, end)
    for (const [index, element] of elements.entries()) {
      if (typeof element !== 'object' || element === null || Array.isArray(element)) {
        throw this.#fault('Every element must be an object: { … }.', startOfElement(text, index))
      }
      this.#onObject(element as JsonObject)
    }
  }

  #elementsOf(text: string): unknown[] {
    try {
      return JSON.parse(`[${text}]`) as unknown[]
    } catch (error) {
      const found = findJsonFault(`[${text}]`)
      if (!found) throw error
      throw this.#fault(found.message, found.offset - 1)
    }
  }

  /** Forgets the first `count` characters, and remembers where in the file what is left begins. */
  #drop(count: number): void {
    const place = placeIn(this.#rest, count, this.#line, this.#column)
    this.#line = place.line
    this.#column = place.column
    this.#rest = this.#rest.slice(count)
    this.#scanned = 0
  }

  #fault(message: string, offset: number): FileFault {
    return new FileFault(message, placeIn(this.#rest, offset, this.#line, this.#column))
  }
}

/** Where the element of this index begins in the inside of a valid array. */
function startOfElement(text: string, index: number): number {
  let depth = 0
  let at = 0
  for (let seen = 0; seen < index; at++) {
    const mark = text[at]
    if (mark === '"') {
      for (at++; text[at] !== '"'; at++) if (text[at] === '\\') at++
    } else if (mark === '{' || mark === '[') depth++
    else if (mark === '}' || mark === ']') depth--
    else if (mark === ',' && depth === 0) seen++
  }
  return at + text.slice(at).search(/\S/)
}
