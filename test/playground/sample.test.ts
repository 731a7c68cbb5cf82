import { describe, expect, it } from 'vitest'
import { importFile } from '../../playground/logic/import'
import { sampleText } from '../../playground/logic/sample'

describe('sampleText', () => {
  it.each(['json', 'csv'] as const)('makes %s of the size asked for that can be read again', async (kind) => {
    const file = new Blob([...sampleText(3_000_000, kind)])
    expect(file.size).toBeGreaterThan(2_900_000)
    expect(file.size).toBeLessThan(3_200_000)
    const table = await importFile(file, () => {})
    expect(table.columns().map(({ name, numeric }) => name + (numeric ? ' #' : ''))).toEqual([
      'title',
      'person',
      'project',
      'place',
      'due',
      'hours #',
      'cost #',
    ])
    expect(table.entries.some(({ row }) => row.done)).toBe(true)
  })

  it('makes the same text from the same seed', () => {
    const make = (seed: number) => [...sampleText(5_000, 'csv', seed)].join('')
    expect(make(3)).toBe(make(3))
    expect(make(3)).not.toBe(make(4))
  })
})
