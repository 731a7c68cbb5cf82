import { describe, expect, it } from 'vitest'
import { changes, rows } from './changes'

describe('maps and sets', () => {
  it('have keys of any kind', () => {
    const key = { id: 1 }
    const s = { rows: rows(), map: new Map<unknown, unknown>(), set: new Set<unknown>() }
    changes(
      s,
      () => [NaN, 0, '0', 0n, null, undefined, true].forEach((key) => s.map.set(key, { key })),
      () => s.map.set(key, 1),
      () => (key.id = 2),
      () => s.map.delete(key),
      () => s.set.add(key).add(NaN).add([1]),
      () => (key.id = 3),
      () => s.map.set('is a value', key),
      () => s.set.delete(key),
      () => s.map.set([1], 1),
    )
  })

  it('change their order', () => {
    const s = { rows: rows(), map: new Map<unknown, unknown>(), set: new Set<unknown>() }
    changes(
      s,
      () => [1, 2, 3, 4].forEach((key) => (s.map.set(key, { key }), s.set.add(key).add({ key }))),
      () => (s.map.delete(1), s.map.set(1, { key: 1 })),
      () => (s.set.delete(1), s.set.add(1)),
      () => (s.map = new Map([...s.map].reverse())),
      () => (s.set = new Set([...s.set].reverse())),
    )
  })

  it('are taken as they are, whatever a class does when it is asked', () => {
    class Forgetful extends Map<number, unknown> {
      override get(key: number) {
        const value = super.get(key)
        this.delete(key)
        return value
      }
    }
    const s = {
      rows: rows(),
      map: new Forgetful([
        [1, 1],
        [2, 2],
      ]),
    }
    changes(s, () => s.map.set(3, {}))
    expect(s.map.size).toBe(3)
  })

  it('are taken in the order they have, not in which a class shows them', () => {
    class Sorted extends Map<string, number> {
      override *keys(): MapIterator<string> {
        yield* [...super.keys()].sort()
      }
      override *values(): MapIterator<number> {
        yield* [...super.values()].sort()
      }
    }
    class Reversed extends Set<number> {
      override *[Symbol.iterator](): SetIterator<number> {
        yield* [...super.values()].reverse()
      }
    }
    const s = { rows: rows(), map: new Sorted([['b', 1]]), set: new Reversed([1, 2]) }
    changes(
      s,
      () => s.map.set('a', 5).set('c', 0),
      () => s.set.add(0),
    )
  })
})
