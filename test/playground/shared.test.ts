import { describe, expect, it } from 'vitest'
import { emptyView } from '../../playground/logic/view'
import { ariaSort, gridStyle, nextSort } from '../../playground/shared/columns'
import { brokenFile } from '../../playground/shared/files'
import { progressText, tookText, viewText } from '../../playground/shared/format'
import { commandOf } from '../../playground/shared/keys'
import { marksIn } from '../../playground/shared/marks'
import { importFile } from '../../playground/logic/import'

/** The text with what was found in brackets. */
const marked = (text: string, query: string) =>
  marksIn(text, query)
    .map((piece) => (piece.found ? `[${piece.text}]` : piece.text))
    .join('')

describe('marksIn', () => {
  it('marks every word of the query wherever it is found, whatever its case and accents', () => {
    expect(marked('Kraków, kra', 'KRA')).toBe('[Kra]ków, [kra]')
    expect(marked('Zoë Čapek', 'capek oe')).toBe('Z[oë] [Čapek]')
    expect(marked('the gate', 'ate gat')).toBe('the [gate]')
    expect(marked('aaa', 'aa')).toBe('[aaa]')
  })

  it('keeps its place after letters that fold to more or fewer', () => {
    expect(marked('e\u0301e\u0301 ok', 'ok')).toBe('e\u0301e\u0301 [ok]')
    expect(marked('🧵İ gate', 'gate')).toBe('🧵İ [gate]')
  })

  it('gives the whole text where nothing is looked for or found', () => {
    expect(marksIn('gate', ' ')).toEqual([{ text: 'gate', found: false }])
    expect(marksIn('gate', 'x')).toEqual([{ text: 'gate', found: false }])
    expect(marksIn('', 'x')).toEqual([{ text: '', found: false }])
  })
})

describe('commandOf', () => {
  it('moves within the list', () => {
    expect(commandOf('ArrowDown', -1, 10, 4)).toEqual({ go: 0 })
    expect(commandOf('ArrowUp', 0, 10, 4)).toEqual({ go: 0 })
    expect(commandOf('PageDown', 7, 10, 4)).toEqual({ go: 9 })
    expect(commandOf('End', 2, 10, 4)).toEqual({ go: 9 })
  })

  it('does something with a row only when one is at it', () => {
    expect(commandOf(' ', -1, 10, 4)).toBeUndefined()
    expect([' ', 'Enter', 'F2', 'Delete', 'x'].map((key) => commandOf(key, 3, 10, 4))).toEqual([
      'tick',
      'edit',
      'edit',
      'remove',
      undefined,
    ])
    expect(commandOf('Home', 0, 0, 4)).toBeUndefined()
  })
})

describe('columns', () => {
  it('are sorted upwards, downwards, and not at all', () => {
    const first = nextSort(undefined, 2)
    const second = nextSort(first, 2)
    expect([first, second, nextSort(second, 2)]).toEqual([
      { column: 2, descending: false },
      { column: 2, descending: true },
      undefined,
    ])
    expect(nextSort(second, 1)).toEqual({ column: 1, descending: false })
    expect([ariaSort(first, 2), ariaSort(second, 2), ariaSort(first, 1)]).toEqual([
      'ascending',
      'descending',
      'none',
    ])
  })

  it('are as wide as their texts, within bounds', () => {
    const column = (longest: number) => ({ index: 0, name: 'x', numeric: false, longest })
    expect(gridStyle([column(1000), column(10), column(1000)])).toBe(
      '--tracks: 2.75rem minmax(calc(30.0ch + 1.2rem), 2.4fr) minmax(calc(8.8ch + 1.2rem), 1fr) minmax(calc(20.0ch + 1.2rem), 1fr) 4.75rem; ' +
        '--least: calc(2.75rem + calc(30.0ch + 1.2rem) + calc(8.8ch + 1.2rem) + calc(20.0ch + 1.2rem) + 4.75rem)',
    )
  })
})

describe('words', () => {
  it('say how far an import is', () => {
    expect(progressText({ phase: 'making', fraction: 0.299, rows: 0 })).toBe('Making the file, 29 %')
    expect(progressText({ phase: 'reading', fraction: 1, rows: 12345 })).toBe('Reading, 100 %: 12,345 rows')
  })

  it('say what is shown, and what it took', () => {
    const view = { ...emptyView, total: 1000, matched: 1000 }
    expect([viewText(view), tookText(view)]).toEqual(['1,000 rows', ''])
    const found = { ...view, matched: 3, query: 'x', took: 12.3 }
    expect([viewText(found), tookText(found)]).toEqual(['3 of 1,000 rows', 'in 12 ms'])
    expect(tookText({ ...found, took: 0.2 })).toBe('in less than 1 ms')
  })
})

describe('the broken file', () => {
  it('is broken where the quote is missing', async () => {
    await expect(importFile(brokenFile(), () => {})).rejects.toMatchObject({ place: { line: 5 } })
  })
})
