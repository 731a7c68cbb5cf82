import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ThreadClosedError, ThreadError } from '../../src/core/errors.js'
import { type Sink, Snapshots } from '../../src/core/snapshot.js'
import type { Observer } from '../../src/core/types.js'
import { watchReports } from './watch'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

function makeStream({ linger = 0, begin = (_sink: Sink<unknown>) => {} } = {}) {
  const log: string[] = []
  let sink!: Sink<unknown>
  const stream = new Snapshots<unknown>({
    linger,
    open(to) {
      log.push('open')
      sink = to
      begin(to)
      return () => log.push('close')
    },
    iterate: () => {
      throw new Error('not here')
    },
  })
  return { stream, log, sink: () => sink }
}

/** Everything that a reader is told, in order. */
function reader(told: unknown[] = []): Observer<unknown> & { told: unknown[] } {
  return {
    told,
    next: (snapshot) => told.push(['next', snapshot]),
    error: (error) => told.push(['error', error]),
    complete: () => told.push('complete'),
    status: (status) => told.push(status),
  }
}

describe('Snapshots', () => {
  it('opens its source for the first reader, once for all of them, and closes it after the last', () => {
    const { stream, log } = makeStream()
    expect([log, stream.active]).toEqual([[], false])
    const first = stream.subscribe(() => {})
    const second = stream.subscribe({})
    first()
    first()
    expect([log, stream.active]).toEqual([['open'], true])
    second()
    second()
    expect([log, stream.active]).toEqual([['open', 'close'], false])
  })

  it('tells the status first and at every change: connecting, live, done', () => {
    const { stream, sink } = makeStream()
    const early = reader()
    stream.subscribe(early)
    sink().next(1)
    sink().next(2)
    sink().complete()
    expect(early.told).toEqual(['connecting', ['next', 1], 'live', ['next', 2], 'done', 'complete'])
  })

  it('gives a late reader the last snapshot before subscribe returns', () => {
    const { stream, sink } = makeStream()
    stream.subscribe(() => {})
    sink().next(1)
    const late = reader()
    stream.subscribe(late)
    expect(late.told).toEqual([['next', 1], 'live'])
    const seen: unknown[] = []
    stream.subscribe((value) => seen.push(value))
    expect([seen, stream.get()]).toEqual([[1], 1])
  })

  it.each([[undefined], [null], [0], [''], [false]])('%s is a snapshot', (value) => {
    const { stream, sink } = makeStream()
    stream.subscribe(() => {})
    sink().next(1)
    sink().next(value)
    const late = reader()
    stream.subscribe(late)
    expect(late.told).toEqual([['next', value], 'live'])
  })

  it('keeps the last snapshot after the last reader left, and calls it stale until a newer one', () => {
    const { stream, sink } = makeStream()
    stream.subscribe(() => {})()
    expect(stream.get()).toBeUndefined()
    stream.subscribe(() => {})
    sink().next(1)
    const { told, ...next } = reader()
    const leave = stream.subscribe({})
    leave()
    expect(told).toEqual([])
    const stop = stream.subscribe(next)
    stop()
    expect(stream.get()).toBe(1)
  })

  it('is stale for a reader that comes back, and live again with the next snapshot', () => {
    const { stream, sink, log } = makeStream()
    const leave = stream.subscribe(() => {})
    sink().next(1)
    leave()
    const late = reader()
    stream.subscribe(late)
    expect(log).toEqual(['open', 'close', 'open'])
    sink().next(2)
    expect(late.told).toEqual([['next', 1], 'stale', ['next', 2], 'live'])
  })

  it('hears nothing from a source that it has closed', () => {
    const { stream, sink } = makeStream()
    stream.subscribe(() => {})()
    const old = sink()
    const late = reader()
    stream.subscribe(late)
    old.next(1)
    old.error(new Error('old'))
    old.complete()
    expect([late.told, stream.get()]).toEqual([['connecting'], undefined])
  })

  it('a source may give its first snapshot, its end or its failure while it is opened', () => {
    const first = reader()
    const one = makeStream({ begin: (sink) => sink.next(1) })
    const leave = one.stream.subscribe(first)
    expect(first.told).toEqual(['connecting', ['next', 1], 'live'])
    leave()
    expect(one.log).toEqual(['open', 'close'])

    const ended = reader()
    const two = makeStream({ begin: (sink) => (sink.next(1), sink.complete()) })
    two.stream.subscribe(ended)
    expect(ended.told).toEqual(['connecting', ['next', 1], 'live', 'done', 'complete'])
    expect([two.log, two.stream.active]).toEqual([['open', 'close'], false])

    const failed = reader()
    const three = makeStream({ begin: (sink) => sink.error('e') })
    three.stream.subscribe(failed)
    expect(failed.told).toEqual(['connecting', 'error', ['error', 'e']])
    expect([three.log, three.stream.active]).toEqual([['open', 'close'], false])
  })

  describe('readers that misbehave', () => {
    it('one that throws is reported, and silences nobody', () => {
      const reports = watchReports()
      const { stream, sink } = makeStream()
      const fail = (what: string) => () => {
        throw new Error(what)
      }
      stream.subscribe({ next: fail('next'), status: fail('status'), complete: fail('complete') })
      const other = reader()
      stream.subscribe(other)
      sink().next(1)
      stream.subscribe(fail('late'))
      sink().complete()
      expect(other.told).toEqual(['connecting', ['next', 1], 'live', 'done', 'complete'])
      expect(reports.map((error) => (error as Error).message)).toEqual([
        'status',
        'next',
        'status',
        'late',
        'status',
        'complete',
      ])
    })

    it('one that is ended while the others are told is not told', () => {
      const { stream, sink } = makeStream()
      const second = reader()
      stream.subscribe((value) => value === 1 && leave())
      const leave = stream.subscribe(second)
      sink().next(1)
      expect(second.told).toEqual(['connecting'])
    })

    it('one that is ended by another at the end is not told of it', () => {
      for (const how of ['complete', 'error'] as const) {
        const { stream, sink } = makeStream()
        const second = reader()
        stream.subscribe({ [how]: () => leave() })
        const leave = stream.subscribe({ next: second.next, [how]: second[how] } as Observer<unknown>)
        sink()[how](new Error('e'))
        expect(second.told).toEqual([])
      }
    })

    it('one that ends itself in its first snapshot leaves the source closed', () => {
      const { stream, log, sink } = makeStream()
      const leave = stream.subscribe(() => leave())
      sink().next(1)
      sink().next(2)
      expect([log, stream.get()]).toEqual([['open', 'close'], 1])
    })

    it('one that comes while the others are told gets the snapshot once', () => {
      const { stream, sink } = makeStream()
      const late = reader()
      let once = true
      stream.subscribe(() => {
        if (once) stream.subscribe(late)
        once = false
      })
      sink().next(1)
      expect(late.told).toEqual([['next', 1], 'connecting', 'live'])
    })

    it('one that brings about a newer snapshot does not end the others at the older', () => {
      const { stream, sink } = makeStream()
      const seen: unknown[] = []
      stream.subscribe((value) => value === 1 && sink().next(2))
      stream.subscribe((value) => seen.push(value))
      sink().next(1)
      expect([seen.at(-1), stream.get()]).toEqual([2, 2])
    })
  })

  describe('linger', () => {
    it('keeps the source open for a reader that comes in time', () => {
      const { stream, log, sink } = makeStream({ linger: 1_000 })
      stream.subscribe(() => {})()
      vi.advanceTimersByTime(999)
      sink().next(1)
      const late = reader()
      const leave = stream.subscribe(late)
      expect(late.told).toEqual([['next', 1], 'live'])
      vi.advanceTimersByTime(5_000)
      leave()
      vi.advanceTimersByTime(999)
      expect(log).toEqual(['open'])
      vi.advanceTimersByTime(1)
      expect([log, stream.active]).toEqual([['open', 'close'], false])
    })

    it('counts from the last leaving', () => {
      const { stream, log } = makeStream({ linger: 1_000 })
      stream.subscribe(() => {})()
      vi.advanceTimersByTime(600)
      stream.subscribe(() => {})()
      vi.advanceTimersByTime(600)
      expect(log).toEqual(['open'])
      vi.advanceTimersByTime(400)
      expect(log).toEqual(['open', 'close'])
    })

    it('a source that ends meanwhile is not closed again, nor is the one after it', () => {
      const { stream, log, sink } = makeStream({ linger: 1_000 })
      stream.subscribe(() => {})()
      sink().error(new ThreadClosedError('over'))
      stream.subscribe(() => {})
      vi.advanceTimersByTime(5_000)
      expect([log, stream.active]).toEqual([['open', 'open'], true])
    })
  })

  describe('a stream that is over', () => {
    it('gives a late reader of a finished stream the last snapshot and the end, and opens nothing', () => {
      const { stream, log, sink } = makeStream()
      stream.subscribe(() => {})
      sink().next(1)
      sink().complete()
      const late = reader()
      stream.subscribe(late)()
      expect(late.told).toEqual([['next', 1], 'done', 'complete'])
      expect([log, stream.active]).toEqual([['open'], false])
    })

    it('a failed stream is tried again by the next reader, which is shown the last snapshot', () => {
      const { stream, log, sink } = makeStream()
      const early = reader()
      stream.subscribe(early)
      sink().next(1)
      sink().error('offline')
      expect(early.told.slice(-2)).toEqual(['error', ['error', 'offline']])
      const late = reader()
      stream.subscribe(late)
      sink().next(2)
      expect(late.told).toEqual([['next', 1], 'stale', ['next', 2], 'live'])
      expect([early.told.length, log]).toEqual([5, ['open', 'open']])
    })

    it('a reader that subscribes again in its error handler is heard', () => {
      const { stream, log, sink } = makeStream()
      const again = reader()
      const other = reader()
      stream.subscribe({ error: () => stream.subscribe(again) })
      stream.subscribe(other)
      sink().error('offline')
      sink().next(1)
      expect(again.told).toEqual(['connecting', ['next', 1], 'live'])
      expect(other.told).toEqual(['connecting', 'error', ['error', 'offline']])
      expect(log).toEqual(['open', 'open'])
    })

    it('a failure that no reader handles is reported, once', () => {
      const reports = watchReports()
      const { stream, sink } = makeStream()
      stream.subscribe(() => {})
      stream.subscribe({ next() {} })
      sink().error('offline')
      expect(reports).toEqual(['offline'])
    })

    it('a failure of many streams is reported once, and the next one again', () => {
      const reports = watchReports()
      const error = new Error('no start')
      for (let i = 0; i < 3; i++) {
        const { stream, sink } = makeStream()
        stream.subscribe(() => {})
        sink().error(error)
      }
      const { stream, sink } = makeStream()
      stream.subscribe(() => {})
      sink().error(new Error('no start'))
      expect(reports.map((report) => (report as Error).message)).toEqual(['no start', 'no start'])
    })

    it('a failure that one reader handles is not reported', () => {
      const reports = watchReports()
      const { stream, sink } = makeStream()
      stream.subscribe(() => {})
      stream.subscribe({ error() {} })
      sink().error('offline')
      expect(reports).toEqual([])
    })

    it('a failure while it only lingers is not reported: there is nobody to miss anything', () => {
      const reports = watchReports()
      const { stream, sink } = makeStream({ linger: 1_000 })
      stream.subscribe(() => {})()
      sink().error('offline')
      expect(reports).toEqual([])
    })

    it.each([new ThreadClosedError('closed'), new ThreadError('INERT', 'inert')])(
      'that the page ended the thread itself, or is on a server, is not reported ($code)',
      (error) => {
        const reports = watchReports()
        const { stream, sink } = makeStream()
        stream.subscribe(() => {})
        sink().error(error)
        expect(reports).toEqual([])
      },
    )

    it('its end is told once', () => {
      const { stream, sink } = makeStream()
      const all = reader()
      stream.subscribe(all)
      sink().complete()
      sink().complete()
      sink().error('e')
      sink().next(1)
      expect(all.told).toEqual(['connecting', 'done', 'complete'])
    })
  })

  describe('when the thread starts anew', () => {
    it('subscribe again, and are stale until the next snapshot', () => {
      const { stream, log, sink } = makeStream()
      const { told, ...observer } = reader()
      stream.subscribe(observer)
      const old = sink()
      old.next(1)
      told.length = 0
      old.renew?.()
      expect(log).toEqual(['open', 'open'])
      expect(stream.get()).toBe(1)
      expect(told).toEqual(['stale'])
      sink().next(2)
      expect(told).toEqual(['stale', ['next', 2], 'live'])
    })

    it('stay connecting where there was no snapshot yet', () => {
      const { stream, sink } = makeStream()
      const { told, ...observer } = reader()
      stream.subscribe(observer)
      sink().renew?.()
      expect(told).toEqual(['connecting'])
    })

    it('are closed where nobody reads them, though they linger', () => {
      const { stream, log, sink } = makeStream({ linger: 100 })
      stream.subscribe(() => {})()
      sink().renew?.()
      expect(log).toEqual(['open', 'close'])
      expect(vi.getTimerCount()).toBe(0)
      stream.subscribe(() => {})
      expect(log).toEqual(['open', 'close', 'open'])
    })

    it('are closed once by a reader who leaves when it is told', () => {
      const { stream, log, sink } = makeStream()
      const stop = stream.subscribe({ status: (status) => status === 'stale' && stop() })
      sink().next(1)
      sink().renew?.()
      expect(log).toEqual(['open', 'close'])
    })

    it('have ended where the source had', () => {
      const { stream, log, sink } = makeStream()
      stream.subscribe(() => {})
      sink().complete()
      sink().renew?.()
      expect(log).toEqual(['open'])
    })
  })
})
