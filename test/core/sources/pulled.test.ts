import { describe, expect, it, vi } from 'vitest'
import { callSignal } from '../../../src/core/scope.js'
import { turn, watchReports } from '../watch'
import { count, hubOf, settled, Taker } from './taker'

describe('a pulled source', () => {
  it('is asked for no more than its readers may take', async () => {
    let given = 0
    const source = (async function* () {
      while (true) yield ++given
    })()
    const hub = hubOf(source)
    const taker = new Taker(3)
    hub.add(taker)
    await turn()
    expect([taker.told, given]).toEqual([[1, 2, 3], 3])
    taker.room = 2
    hub.pull()
    await turn()
    await turn()
    expect([taker.told, given]).toEqual([[1, 2, 3, 4, 5], 5])
    hub.remove(taker)
  })

  it('goes at the pace of its slowest reader, and faster when that one has left', async () => {
    const hub = hubOf(count(10))
    const [slow, fast] = [new Taker(2), new Taker()]
    hub.add(slow)
    hub.add(fast)
    await turn()
    expect([slow.told, fast.told]).toEqual([
      [1, 2],
      [1, 2],
    ])
    hub.remove(slow)
    await settled(fast)
    expect(fast.told).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 'complete'])
    expect(slow.told).toEqual([1, 2])
  })

  it('a generator that never waits does not starve the event loop', async () => {
    let given = 0
    const source = (async function* () {
      while (true) yield ++given
    })()
    const hub = hubOf(source)
    const taker = new Taker()
    hub.add(taker)
    for (let i = 0; i < 5; i++) await turn()
    const before = given
    await turn()
    expect(given).toBeGreaterThan(before)
    hub.remove(taker)
    const after = given
    for (let i = 0; i < 5; i++) await turn()
    expect(given - after).toBeLessThanOrEqual(1)
  })

  it("a generator's finally runs when the last reader leaves", async () => {
    const log: string[] = []
    const source = (async function* () {
      try {
        while (true) {
          yield 1
          log.push('next')
        }
      } finally {
        log.push('finally')
      }
    })()
    const hub = hubOf(source)
    const taker = new Taker(1)
    hub.add(taker)
    await vi.waitFor(() => expect(taker.told).toEqual([1]))
    hub.remove(taker)
    await vi.waitFor(() => expect(log).toEqual(['finally']))
  })

  it('a generator that waits is told by its callSignal that the last reader has left', async () => {
    const log: unknown[] = []
    const source = (async function* () {
      const signal = callSignal()
      try {
        yield 1
        await new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason as Error)),
        )
      } catch (error) {
        log.push((error as Error).name)
      }
    })()
    const hub = hubOf(source)
    const taker = new Taker()
    hub.add(taker)
    await vi.waitFor(() => expect(taker.told).toEqual([1]))
    await turn()
    hub.remove(taker)
    await vi.waitFor(() => expect(log).toEqual(['AbortError']))
    expect(taker.told).toEqual([1])
  })

  it('a ReadableStream is cancelled, and to the next reader it has ended', async () => {
    const cancel = vi.fn()
    const source = new ReadableStream({ pull: (c) => c.enqueue(1), cancel })
    const hub = hubOf(source)
    const [first, second] = [new Taker(1), new Taker()]
    hub.add(first)
    await vi.waitFor(() => expect(first.told).toEqual([1]))
    hub.remove(first)
    await vi.waitFor(() => expect(cancel).toHaveBeenCalledOnce())
    hub.add(second)
    await settled(second)
    expect(second.told).toEqual(['complete'])
  })

  it('what its end throws is reported, for it has no reader any more', async () => {
    const reports = watchReports()
    const source = (async function* () {
      try {
        while (true) yield 1
      } finally {
        throw new Error('finally')
      }
    })()
    const hub = hubOf(source)
    const taker = new Taker(1)
    hub.add(taker)
    await vi.waitFor(() => expect(taker.told).toEqual([1]))
    hub.remove(taker)
    await vi.waitFor(() => expect(reports).toEqual([new Error('finally')]))
  })
})
