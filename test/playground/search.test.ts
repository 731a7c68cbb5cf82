import { describe, expect, it } from 'vitest'
import { fold, matches, narrows, termsOf } from '../../playground/logic/search'

describe('search', () => {
  it('finds every word anywhere, whatever its case, accents and order', () => {
    const text = fold('Repaint the north GATE · Zoë Čapek · Kraków')
    expect(matches(text, termsOf('gate KRAKOW zoe'))).toBe(true)
    expect(matches(text, termsOf('Čapek'))).toBe(true)
    expect(matches(text, termsOf('gate porto'))).toBe(false)
    expect(matches(text, termsOf('  '))).toBe(true)
  })

  it('knows that a longer query finds a part of what a shorter one found', () => {
    expect(narrows(termsOf('ga'), termsOf('gate'))).toBe(true)
    expect(narrows(termsOf('gate'), termsOf('gate zoe'))).toBe(true)
    expect(narrows([], termsOf('gate'))).toBe(true)
    expect(narrows(termsOf('gate zoe'), termsOf('gate'))).toBe(false)
    expect(narrows(termsOf('gate'), termsOf('gale'))).toBe(false)
  })
})
