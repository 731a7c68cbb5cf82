import { Observable, of, throwError } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { watchReports } from '../watch'
import { count, hubOf, settled, Taker } from './taker'

describe('the end of a source', () => {
  it.each<[string, () => object]>([
    [
      'an async generator',
      async function* () {
        yield 1
        throw new RangeError('e')
      },
    ],
    [
      'a ReadableStream',
      () => {
        let i = 0
        return new ReadableStream({ pull: (c) => (i++ ? c.error(new RangeError('e')) : c.enqueue(1)) })
      },
    ],
    ['an observable', () => new Observable((o) => (o.next(1), o.error(new RangeError('e'))))],
    [
      'an iterator by hand',
      () => {
        let i = 0
        return {
          [Symbol.asyncIterator]: () => ({
            next: () => {
              if (i++) throw new RangeError('e')
              return Promise.resolve({ done: false, value: 1 })
            },
          }),
        }
      },
    ],
  ])('a failure of %s comes after its values', async (_, makeSource) => {
    const taker = new Taker()
    hubOf(makeSource()).add(taker)
    await settled(taker)
    expect(taker.told).toEqual([1, ['error', new RangeError('e')]])
  })

  it.each<[string, object]>([
    [
      'subscribe',
      {
        subscribe: () => {
          throw new RangeError('e')
        },
      },
    ],
    [
      '[Symbol.asyncIterator]',
      {
        [Symbol.asyncIterator]: () => {
          throw new RangeError('e')
        },
      },
    ],
    [
      "'@@observable'",
      {
        '@@observable': () => {
          throw new RangeError('e')
        },
      },
    ],
    ['an observable', throwError(() => new RangeError('e'))],
  ])('what %s throws at once is a failure too', (_, source) => {
    const taker = new Taker()
    hubOf(source).add(taker)
    expect(taker.told).toEqual([['error', new RangeError('e')]])
  })

  it('a locked ReadableStream is a failure', () => {
    const source = new ReadableStream()
    source.getReader()
    const taker = new Taker()
    hubOf(source).add(taker)
    expect(taker.told).toMatchObject([['error', { name: 'TypeError' }]])
  })

  it('a late reader of a generator gets its last value and its end', async () => {
    const hub = hubOf(count(3))
    const [first, second] = [new Taker(), new Taker()]
    hub.add(first)
    await settled(first)
    hub.add(second)
    expect(second.told).toEqual([3, 'complete'])
  })

  it('a late reader of a generator without values gets its end only', async () => {
    const hub = hubOf(count(0))
    const [first, second] = [new Taker(), new Taker()]
    hub.add(first)
    await settled(first)
    hub.add(second)
    expect(second.told).toEqual(['complete'])
  })

  it('a late reader of a failed generator gets its failure', async () => {
    const hub = hubOf(
      (async function* () {
        yield 1
        throw new Error('e')
      })(),
    )
    const [first, second] = [new Taker(), new Taker()]
    hub.add(first)
    await settled(first)
    hub.add(second)
    expect(second.told).toEqual([1, ['error', new Error('e')]])
  })

  it('a late reader of an observable, and of what makes its iterators anew, reads it again', async () => {
    for (const source of [of(1, 2), { [Symbol.asyncIterator]: () => count(2) }]) {
      const hub = hubOf(source)
      const [first, second] = [new Taker(), new Taker()]
      hub.add(first)
      await settled(first)
      hub.add(second)
      await settled(second)
      expect(second.told).toEqual([1, 2, 'complete'])
    }
  })

  it('a failed observable is tried again by the next reader', () => {
    let tries = 0
    const source = new Observable<number>((o) => (tries++ ? o.next(tries) : o.error(new Error('offline'))))
    const hub = hubOf(source)
    const [first, second] = [new Taker(), new Taker()]
    hub.add(first)
    hub.add(second)
    expect([first.told, second.told]).toEqual([[['error', new Error('offline')]], [2]])
  })

  it('an unsubscribe that throws is reported', () => {
    const reports = watchReports()
    const source = {
      subscribe: () => () => {
        throw new Error('unsubscribe')
      },
    }
    const hub = hubOf(source)
    const taker = new Taker()
    hub.add(taker)
    hub.remove(taker)
    expect(reports).toEqual([new Error('unsubscribe')])
  })
})
