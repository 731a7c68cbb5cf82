import { describe, expect, it } from 'vitest'
import { WINDOW } from '../../src/core/flow.js'
import { iterate } from '../../src/core/iterator.js'
import type { Sink } from '../../src/core/snapshot.js'

function makeIterator() {
  const log: unknown[] = []
  let sink!: Sink<unknown>
  const iterator = iterate<unknown>({
    open(to) {
      log.push('open')
      sink = to
      return { grant: (count) => log.push(count), close: () => log.push('close') }
    },
  })
  return { iterator, log, sink: () => sink }
}
const over = { done: true, value: undefined }

describe('iterate', () => {
  it('opens its source at the first next(), and once', async () => {
    const { iterator, log, sink } = makeIterator()
    expect(log).toEqual([])
    const first = iterator.next()
    const second = iterator.next()
    expect(log).toEqual(['open'])
    sink().next('a')
    sink().next(undefined)
    expect([await first, await second]).toEqual([
      { done: false, value: 'a' },
      { done: false, value: undefined },
    ])
  })

  it('gives every value in order, and then the end, which stays', async () => {
    const { iterator, sink } = makeIterator()
    const first = iterator.next()
    for (const value of [1, 2, 3]) sink().next(value)
    sink().complete()
    sink().next(4)
    expect(await first).toEqual({ done: false, value: 1 })
    const rest: unknown[] = []
    for await (const value of iterator) rest.push(value)
    expect(rest).toEqual([2, 3])
    expect(await iterator.next()).toEqual(over)
  })

  it('grants half a window for each half that was taken, not for what only arrived', async () => {
    const { iterator, log, sink } = makeIterator()
    const first = iterator.next()
    for (let i = 0; i < WINDOW; i++) sink().next(i)
    await first
    expect(log).toEqual(['open'])
    for (let i = 1; i < WINDOW; i++) expect(await iterator.next()).toEqual({ done: false, value: i })
    expect(log).toEqual(['open', WINDOW / 2, WINDOW / 2])
  })

  it('an error comes after the values before it, is thrown once, and then it is over', async () => {
    const { iterator, sink } = makeIterator()
    const first = iterator.next()
    sink().next(1)
    sink().next(2)
    sink().error(undefined)
    sink().error(new Error('second'))
    await first
    expect(await iterator.next()).toEqual({ done: false, value: 2 })
    expect(await Promise.allSettled([iterator.next(), iterator.next()])).toEqual([
      { status: 'rejected', reason: undefined },
      { status: 'fulfilled', value: over },
    ])
  })

  it('of several next() that wait, the first gets the error and the others the end', async () => {
    const { iterator, sink } = makeIterator()
    const waiting = [iterator.next(), iterator.next(), iterator.next()]
    sink().next(1)
    sink().error('e')
    expect(await Promise.allSettled(waiting)).toEqual([
      { status: 'fulfilled', value: { done: false, value: 1 } },
      { status: 'rejected', reason: 'e' },
      { status: 'fulfilled', value: over },
    ])
    expect(await iterator.next()).toEqual(over)
  })

  it('return ends the source, whoever waits, and what has arrived', async () => {
    const { iterator, log, sink } = makeIterator()
    const waiting = [iterator.next(), iterator.next()]
    sink().next(1)
    expect(await iterator.return?.()).toEqual(over)
    expect(await Promise.all(waiting)).toEqual([{ done: false, value: 1 }, over])
    sink().next(2)
    expect([await iterator.next(), log]).toEqual([over, ['open', 'close']])
  })

  it('return drops an error that nobody has met', async () => {
    const { iterator, sink } = makeIterator()
    const first = iterator.next()
    sink().next(1)
    sink().error(new Error('late'))
    await first
    await iterator.return?.()
    expect(await iterator.next()).toEqual(over)
  })

  it('return before the first next() leaves the source closed for good', async () => {
    const { iterator, log } = makeIterator()
    await iterator.return?.()
    expect([await iterator.next(), log]).toEqual([over, []])
  })

  it('leaving a loop ends the source', async () => {
    const { iterator, log, sink } = makeIterator()
    queueMicrotask(() => sink().next(1))
    for await (const value of iterator) if (value === 1) break
    expect(log).toEqual(['open', 'close'])
  })
})
