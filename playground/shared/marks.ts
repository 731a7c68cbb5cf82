import { fold, termsOf } from '../logic/search'

/** A piece of a text that was found, or was not. */
export interface Piece {
  text: string
  found: boolean
}

/**
 * Cuts a text where the words of a query are found in it, the way the thread finds them.
 *
 * @example marksIn('Krakow, Poland', 'kra') // [{ text: 'Kra', found: true }, { text: 'kow, Poland', found: false }]
 */
export function marksIn(text: string, query: string): Piece[] {
  const terms = termsOf(query)
  if (terms.length === 0 || text === '') return [{ text, found: false }]

  // Folding may change a text's length: `starts[i]` is where the i-th folded letter came from.
  let folded = ''
  const starts: number[] = []
  let at = 0
  for (const letter of text) {
    const plain = fold(letter)
    for (let i = 0; i < plain.length; i++) starts.push(at)
    folded += plain
    at += letter.length
  }
  starts.push(text.length)

  const found = new Uint8Array(text.length)
  for (const term of terms) {
    for (let hit = folded.indexOf(term); hit >= 0; hit = folded.indexOf(term, hit + 1)) {
      found.fill(1, starts[hit], starts[hit + term.length])
    }
  }
  const pieces: Piece[] = []
  let from = 0
  for (let to = 1; to <= text.length; to++) {
    if (to < text.length && found[to] === found[from]) continue
    pieces.push({ text: text.slice(from, to), found: found[from] === 1 })
    from = to
  }
  return pieces
}
