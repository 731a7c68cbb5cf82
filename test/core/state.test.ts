import { describe, expect, it } from 'vitest'
import { state } from '../../src/core/state.js'
import { watchReports } from './watch'

describe('state', () => {
  it('holds a value, and tells its readers of the one there is and of every new one', () => {
    const count = state(1)
    const seen: number[] = []
    const unsubscribe = count.subscribe((value) => seen.push(value))
    count.set(2)
    count.update((value) => value + 1)
    unsubscribe()
    unsubscribe()
    count.set(4)
    expect([seen, count.get()]).toEqual([[1, 2, 3], 4])
  })

  it.each([[undefined], [null], [0], [''], [false]])('%s is a value', (value) => {
    const cell = state<unknown>(value)
    const seen: unknown[] = []
    cell.subscribe((value) => seen.push(value))
    cell.set(1)
    cell.set(value)
    expect(seen).toEqual([value, 1, value])
  })

  it('a state without a value begins with undefined', () => {
    const seen: unknown[] = []
    state<number>().subscribe((value) => seen.push(value))
    expect(seen).toEqual([undefined])
  })

  it('tells of the same object too, since it may have been changed in place', () => {
    const list = state<number[]>([])
    const seen: string[] = []
    list.subscribe((value) => seen.push(value.join()))
    list.update((value) => void value.push(1))
    list.get().push(2)
    list.set(list.get())
    expect(seen).toEqual(['', '1', '1,2'])
  })

  it('a reader that sets the value ends every reader at the newest', () => {
    const count = state(0)
    const first: number[] = []
    const last: number[] = []
    count.subscribe((value) => first.push(value))
    count.subscribe((value) => {
      if (value === 1) count.set(2)
    })
    count.subscribe((value) => last.push(value))
    count.set(1)
    expect([first, last.at(-1), count.get()]).toEqual([[0, 1, 2], 2, 2])
    expect(last).not.toContain(1)
  })

  it('a reader that throws silences neither the others nor the one who sets', () => {
    const reports = watchReports()
    const count = state(0)
    const seen: number[] = []
    count.subscribe((value) => {
      if (value === 1) throw new Error('reader')
    })
    count.subscribe((value) => seen.push(value))
    count.set(1)
    expect([seen, reports]).toEqual([[0, 1], [new Error('reader')]])
  })

  it('a reader that throws at its first value is reported, and can be ended', () => {
    const reports = watchReports()
    const count = state(0)
    let calls = 0
    const unsubscribe = count.subscribe(() => {
      calls++
      throw new Error('reader')
    })
    unsubscribe()
    count.set(1)
    expect([calls, reports]).toEqual([1, [new Error('reader')]])
  })

  it('a reader that is ended while the others are told is not told', () => {
    const count = state(0)
    const seen: number[] = []
    count.subscribe((value) => value === 1 && unsubscribe())
    const unsubscribe = count.subscribe((value) => seen.push(value))
    count.set(1)
    expect(seen).toEqual([0])
  })

  it('a reader that comes while the others are told is told once', () => {
    const count = state(0)
    const seen: number[] = []
    count.subscribe((value) => value === 1 && count.subscribe((value) => seen.push(value)))
    count.set(1)
    expect(seen).toEqual([1])
  })

  it('for await begins with the value there is, misses none, and ends with the loop', async () => {
    const count = state(1)
    const seen: number[] = []
    const loop = (async () => {
      for await (const value of count) {
        seen.push(value)
        if (value === 4) break
      }
    })()
    await Promise.resolve()
    for (const value of [2, 3, 4, 5]) count.set(value)
    await loop
    expect(seen).toEqual([1, 2, 3, 4])
  })

  it('return ends a loop that waits for a value', async () => {
    const count = state(1)
    const values = count[Symbol.asyncIterator]()
    await values.next()
    const waiting = values.next()
    await values.return?.()
    expect(await waiting).toEqual({ done: true, value: undefined })
    count.set(2)
    expect(await values.next()).toEqual({ done: true, value: undefined })
  })
})
