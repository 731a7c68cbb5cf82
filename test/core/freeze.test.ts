import { describe, expect, it } from 'vitest'
import { deepFreeze } from '../../src/core/freeze.js'

describe('deepFreeze', () => {
  it('freezes plain objects and arrays at any depth, cycles too', () => {
    const value = { rows: [{ tags: ['a'] }], self: undefined as unknown }
    value.self = value
    deepFreeze(value)
    const frozen = [value, value.rows, value.rows[0], value.rows[0]?.tags].map(Object.isFrozen)
    expect(frozen).toEqual([true, true, true, true])
  })

  it('leaves everything else as it is', () => {
    const bytes = new Uint8Array(1)
    const map = new Map<string, unknown>()
    deepFreeze({ bytes, map, date: new Date(), none: null, text: 'a' })
    bytes[0] = 5
    map.set('c', { b: 2 })
    expect([bytes[0], map.size]).toEqual([5, 1])
  })

  it('freezes what is in maps and sets, cycles too', () => {
    const map = new Map<string, object>([['a', { b: 1 }]])
    const set = new Set<object>([{ c: 1 }, map])
    map.set('set', set)
    deepFreeze(map)
    expect([map.get('a'), ...set].map((part) => Object.isFrozen(part))).toEqual([true, true, false])
  })
})
