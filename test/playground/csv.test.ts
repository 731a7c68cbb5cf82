import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CsvReader } from '../../playground/logic/csv'
import { FileFault } from '../../playground/logic/fault'

/** The rows of a text that is read in pieces of `size` characters. */
function read(text: string, size = text.length || 1): string[][] {
  const rows: string[][] = []
  const csv = new CsvReader((cells) => rows.push(cells))
  for (let at = 0; at < text.length; at += size) csv.push(text.slice(at, at + size))
  csv.end()
  return rows
}

function faultOf(text: string, size?: number): FileFault {
  try {
    read(text, size)
  } catch (error) {
    if (error instanceof FileFault) return error
    throw error
  }
  throw new Error('there was no fault')
}

describe('CsvReader', () => {
  it('reads quotes, doubled quotes, and line breaks inside a cell', () => {
    expect(read('a,b\n"1, one","say ""hi"""\n"two\nlines",3\n')).toEqual([
      ['a', 'b'],
      ['1, one', 'say "hi"'],
      ['two\nlines', '3'],
    ])
  })

  it.each(['\n', '\r\n', '\r'])(
    'takes %j as a line end, with or without one at the end of the file',
    (end) => {
      const rows = [
        ['a', 'b'],
        ['1', ''],
        ['2', '3'],
      ]
      const text = rows.map((row) => row.join(',')).join(end)
      expect(read(text)).toEqual(rows)
      expect(read(text + end)).toEqual(rows)
    },
  )

  it.each([',', ';', '\t', '|'])('finds out that %j stands between the cells', (mark) => {
    expect(read(`a${mark}"b,;|"${mark}c\n1${mark}2${mark}3`)[1]).toEqual(['1', '2', '3'])
  })

  it('skips blank lines, and lets a row have fewer cells than the first', () => {
    expect(read('a,b\n\n1\n  \n2,3\n\n')).toEqual([['a', 'b'], ['1'], ['2', '3']])
  })

  it('reads the same rows whatever the size of the pieces', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '1', ',', '"', '\n', '\r', ' ', 'é') })
    const table = fc
      .integer({ min: 1, max: 4 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }),
      )
    fc.assert(
      fc.property(
        table,
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        (rows, size, end) => {
          const header = rows[0]!.map((_, at) => `column${at}`)
          const text = [header, ...rows]
            .map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(','))
            .join(end)
          const kept = rows.filter((row) => row.length > 1 || row[0]!.trim() !== '')
          expect(read(text, size)).toEqual([header, ...kept])
        },
      ),
      { numRuns: 300 },
    )
  })

  it.each([1, 2, 5, 1000])(
    'names the line and column of a quote that is never closed (pieces of %i)',
    (size) => {
      const { message, place } = faultOf('a,b\r\n"x\r\ny",1\r\n2,"never\n3,4\n', size)
      expect(message).toMatch(/never closed/)
      expect(place).toMatchObject({ line: 4, column: 3 })
      expect(place!.excerpt.slice(place!.mark)).toBe('"never')
    },
  )

  it('names the place of a text that follows a closing quote', () => {
    expect(faultOf('a,b\n1,"x"y\n').place).toMatchObject({ line: 2, column: 6, excerpt: '1,"x"y', mark: 5 })
  })

  it('names the line that has more cells than there are columns', () => {
    const fault = faultOf('a,b\n1,2\n1,2,3\n')
    expect(fault.message).toBe('This row has 3 cells; the first row names 2 columns.')
    expect(fault.place).toMatchObject({ line: 3, column: 1 })
  })
})
