import { describe, expect, it } from 'vitest'
import { takeTransfers, transfer } from '../../src/core/transfer.js'

describe('transfer', () => {
  it('gives back the value itself, marked once', () => {
    const bytes = new Uint8Array(1)
    expect(transfer(bytes, [bytes.buffer])).toBe(bytes)
    const list: Transferable[] = []
    takeTransfers(bytes, list)
    expect(list).toEqual([bytes.buffer])
    const again: Transferable[] = []
    takeTransfers(bytes, again)
    expect(again).toEqual([])
  })

  it('what two marks name moves once', () => {
    const { buffer } = new Uint8Array(1)
    const [a, b] = [transfer({}, [buffer]), transfer({}, [buffer])]
    const list: Transferable[] = []
    takeTransfers(a, list)
    takeTransfers(b, list)
    expect(list).toEqual([buffer])
  })

  it.each([[null], [undefined], [5], ['text']])('%s cannot be marked', (value) => {
    expect(() => transfer(value, [])).toThrow(TypeError)
  })
})
