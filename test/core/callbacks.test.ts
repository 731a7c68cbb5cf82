import { describe, expect, it } from 'vitest'
import { Callbacks } from '../../src/core/callbacks.js'

describe('Callbacks', () => {
  it('a callback is there until its owner is over', () => {
    const callbacks = new Callbacks()
    const a = () => 'a'
    const b = () => 'b'
    const [first, second, other] = [callbacks.add(a, 1), callbacks.add(b, 1), callbacks.add(a, 2)]
    expect([callbacks.get(first), callbacks.get(second), callbacks.get(other)]).toEqual([a, b, a])
    callbacks.releaseOwner(1)
    expect([callbacks.get(first), callbacks.get(second), callbacks.get(other)]).toEqual([
      undefined,
      undefined,
      a,
    ])
    callbacks.releaseOwner(1)
    callbacks.releaseOwner(2)
    expect(callbacks.size).toBe(0)
  })

  it('one that is kept outlives its owner until it is released as often', () => {
    const callbacks = new Callbacks()
    const a = () => 'a'
    const id = callbacks.add(a, 1)
    callbacks.keep(id)
    callbacks.keep(id)
    callbacks.releaseOwner(1)
    callbacks.release(id)
    expect(callbacks.get(id)).toBe(a)
    callbacks.release(id)
    expect([callbacks.get(id), callbacks.size]).toEqual([undefined, 0])
  })

  it('one that is released before its owner is over stays as long as that', () => {
    const callbacks = new Callbacks()
    const id = callbacks.add(() => {}, 1)
    callbacks.keep(id)
    callbacks.release(id)
    callbacks.release(id)
    expect(callbacks.size).toBe(1)
    callbacks.releaseOwner(1)
    expect(callbacks.size).toBe(0)
  })

  it('numbers that are forged, or gone, do nothing', () => {
    const callbacks = new Callbacks()
    const id = callbacks.add(() => {}, 1)
    for (const forged of [0, 99, '__proto__', {}, undefined] as number[]) {
      callbacks.keep(forged)
      callbacks.release(forged)
      callbacks.releaseOwner(forged)
      expect(callbacks.get(forged)).toBeUndefined()
    }
    expect(callbacks.get(id)).toBeDefined()
  })

  it('a number is never used again', () => {
    const callbacks = new Callbacks()
    const first = callbacks.add(() => {}, 1)
    callbacks.clear()
    expect(callbacks.size).toBe(0)
    expect(callbacks.add(() => {}, 1)).not.toBe(first)
  })
})
