const NOT_ASCII = /[^\0-\x7f]/
const MARKS = /\p{M}+/gu

/**
 * A text as it is searched and sorted: small letters without accents, so that `ODE` finds "Böden" by `bode`.
 *
 * @example fold('Crème BRÛLÉE') // 'creme brulee'
 */
export function fold(text: string): string {
  const small = text.toLowerCase()
  return NOT_ASCII.test(small) ? small.normalize('NFD').replace(MARKS, '') : small
}

/** The words of a query, folded. A row matches when it contains each of them, anywhere. */
export function termsOf(query: string): string[] {
  return fold(query).split(/\s+/).filter(Boolean)
}

/** Whether a folded text contains every term. */
export function matches(text: string, terms: readonly string[]): boolean {
  for (const term of terms) if (!text.includes(term)) return false
  return true
}

/** Whether whatever matches `next` also matched `last`: then only what was found need be searched. */
export function narrows(last: readonly string[], next: readonly string[]): boolean {
  return last.every((old) => next.some((term) => term.includes(old)))
}
