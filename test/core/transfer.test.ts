import { describe, expect, it } from 'vitest'
import { Moves, transfer } from '../../src/core/transfer.js'

describe('transfer', () => {
  it('gives back the value itself, marked until it has moved', () => {
    const bytes = new Uint8Array(1)
    expect(transfer(bytes, [bytes.buffer])).toBe(bytes)
    const take = () => {
      const moves = new Moves()
      moves.take(bytes)
      return moves
    }
    expect(take().list).toEqual([bytes.buffer])
    const moves = take()
    expect(moves.list).toEqual([bytes.buffer])
    moves.spend()
    expect(take().list).toEqual([])
  })

  it('what two marks name moves once', () => {
    const { buffer } = new Uint8Array(1)
    const moves = new Moves()
    moves.take(transfer({}, [buffer]))
    moves.take(transfer({}, [buffer]))
    expect(moves.list).toEqual([buffer])
  })

  it.each([[null], [undefined], [5], ['text']])('%s cannot be marked', (value) => {
    expect(() => transfer(value, [])).toThrow(TypeError)
  })
})
