import { describe, expect, it } from 'vitest'
import {
  type ActionState,
  cancelCall,
  followStream,
  type Reading,
  trackAction,
} from '../../src/core/adapter.js'
import { ThreadClosedError } from '../../src/core/errors.js'
import { MemoryStream } from '../memory-stream.js'
import { deferred, type Deferred } from '../support/deferred.js'

describe('followStream', () => {
  function follow<U>(options: { initial?: U; keepPrevious?: boolean } = {}) {
    const readings: Reading<U | undefined>[] = []
    const follower = followStream<U>(
      (reading) => readings.push(reading),
      options,
      () => true,
    )
    return { readings, last: () => readings.at(-1), ...follower }
  }

  it('begins with the initial value while nothing is known', () => {
    const todos = follow({ initial: ['none'] })
    todos.read(new MemoryStream<string[]>())
    expect(todos.readings).toEqual([{ value: ['none'], error: undefined, status: 'connecting' }])
  })

  it('begins with the last snapshot in one reading, never with the initial value before it', () => {
    const todos = follow({ initial: 'none' })
    todos.read(new MemoryStream('milk'))
    expect(todos.readings).toEqual([{ value: 'milk', error: undefined, status: 'live' }])
  })

  it.each([[undefined], [null], [0], [''], [false]])('takes %s for a snapshot', (snapshot) => {
    const values = follow<unknown>({ initial: 'none' })
    values.read(new MemoryStream<unknown>(snapshot))
    expect(values.last()?.value).toBe(snapshot)
  })

  it('goes back to the initial value when the next stream knows nothing', () => {
    const todo = follow({ initial: 'none' })
    todo.read(new MemoryStream('milk'))
    todo.read(new MemoryStream<string>())
    expect(todo.last()).toEqual({ value: 'none', error: undefined, status: 'connecting' })
  })

  it('keeps the previous value until the next stream knows one, where asked', () => {
    const next = new MemoryStream<string>()
    const todo = follow({ initial: 'none', keepPrevious: true })
    todo.read(new MemoryStream('milk'))
    todo.read(next)
    expect(todo.last()).toEqual({ value: 'milk', error: undefined, status: 'connecting' })
    next.emit('bread')
    expect(todo.last()?.value).toBe('bread')
  })

  it('leaves the stream before only after it has subscribed to the next', () => {
    const stream = new MemoryStream('milk')
    const todo = follow<string>()
    let least = Infinity
    todo.read(stream)
    stream.readers.delete = function (reader) {
      least = Math.min(least, this.size - 1)
      return Set.prototype.delete.call(this, reader)
    }
    todo.read(stream)
    expect([least, stream.readers.size]).toEqual([1, 1])
  })

  it('shows an error and keeps the value, until it reads again', () => {
    const stream = new MemoryStream('milk')
    const todo = follow<string>()
    todo.read(stream)
    stream.fail(new Error('offline'))
    expect(todo.last()).toEqual({ value: 'milk', error: new Error('offline'), status: 'error' })
    todo.read(stream)
    expect(todo.last()).toEqual({ value: 'milk', error: undefined, status: 'stale' })
  })

  it('writes nothing after the end', () => {
    const stream = new MemoryStream('milk')
    const todo = follow<string>()
    todo.read(stream)
    todo.stop()
    todo.stop()
    stream.emit('bread')
    expect([todo.last()?.value, stream.readers.size]).toEqual(['milk', 0])
  })
})

describe('trackAction', () => {
  function track({ shown = true } = {}) {
    const calls: Deferred<string>[] = []
    const states: ActionState<string>[] = []
    const tracker = trackAction(
      (_title: string) => {
        const call = deferred<string>()
        calls.push(call)
        return call.promise
      },
      (state) => states.push(state),
      () => shown,
    )
    return { calls, states, last: () => states.at(-1), ...tracker }
  }

  it('is pending while any call is in flight', async () => {
    const { run, calls, last } = track()
    const both = [run('milk'), run('bread')]
    expect(last()?.pending).toBe(true)
    calls[0]?.resolve('milk')
    await both[0]
    expect(last()).toEqual({ pending: true, error: undefined, result: 'milk' })
    calls[1]?.resolve('bread')
    await both[1]
    expect(last()).toEqual({ pending: false, error: undefined, result: 'bread' })
  })

  it('is not pending any more when the promise has resolved', async () => {
    const { run, calls, last } = track()
    const call = run('milk')
    calls[0]?.resolve('milk')
    await call
    expect(last()?.pending).toBe(false)
  })

  it.each(['resolve', 'reject'] as const)(
    'an older call that comes to %s later overwrites nothing',
    async (how) => {
      const { run, calls, last } = track()
      const older = run('milk')
      const newer = run('bread')
      calls[1]?.resolve('bread')
      await newer
      calls[0]?.[how]('milk')
      await older.catch(() => {})
      expect(last()).toEqual({ pending: false, error: undefined, result: 'bread' })
    },
  )

  it('has the error of the newest call, and no result then', async () => {
    const { run, calls, last } = track()
    const first = run('milk')
    calls[0]?.resolve('milk')
    await first
    const second = run('bread')
    calls[1]?.reject(new Error('full'))
    await expect(second).rejects.toThrow('full')
    expect(last()).toEqual({ pending: false, error: new Error('full'), result: undefined })
    const third = run('tea')
    calls[2]?.resolve('tea')
    await third
    expect(last()).toEqual({ pending: false, error: undefined, result: 'tea' })
  })

  it('cancel rejects every call in flight with an AbortError and leaves the error as it was', async () => {
    const { run, calls, states, last, cancel } = track()
    const failed = run('milk')
    calls[0]?.reject(new Error('full'))
    await failed.catch(() => {})
    const cancelled = [run('bread'), run('tea')]
    cancel()
    expect(last()).toEqual({ pending: false, error: new Error('full'), result: undefined })
    for (const call of cancelled) await expect(call).rejects.toMatchObject({ name: 'AbortError' })
    const told = states.length
    calls[1]?.resolve('bread')
    calls[2]?.reject(new Error('late'))
    await Promise.allSettled(calls.map(({ promise }) => promise))
    expect(states.length).toBe(told)
  })

  it('passes the cancelling on to the call', () => {
    const reasons: unknown[] = []
    const call = Object.assign(new Promise<void>(() => {}), {
      [Symbol.for('bgthread.cancel')]: (reason: unknown) => reasons.push(reason),
    })
    const { run, cancel } = trackAction(
      () => call,
      () => {},
      () => true,
    )
    void run()
    cancel()
    cancel()
    expect(reasons).toMatchObject([{ name: 'AbortError' }])
  })

  it('writes nothing after stop, and lets the call go on', async () => {
    const { run, calls, states, stop } = track()
    const call = run('milk')
    const told = states.length
    stop()
    calls[0]?.resolve('milk')
    expect(await call).toBe('milk')
    expect(states.length).toBe(told)
  })

  describe('a call that nobody awaits', () => {
    /** What is raised by the end of `work`. */
    async function raisedBy(work: () => void): Promise<unknown[]> {
      const raised: unknown[] = []
      const listen = (reason: unknown) => raised.push(reason)
      const others = process.listeners('unhandledRejection')
      process.removeAllListeners('unhandledRejection')
      process.on('unhandledRejection', listen)
      work()
      await new Promise((resolve) => setImmediate(resolve))
      process.off('unhandledRejection', listen)
      for (const other of others) process.on('unhandledRejection', other)
      return raised
    }

    it('raises nothing when it fails and somebody shows its error', async () => {
      const { run, calls, last } = track()
      const raised = await raisedBy(() => {
        void run('milk')
        calls[0]?.reject(new Error('full'))
      })
      expect([raised, last()?.error]).toEqual([[], new Error('full')])
    })

    it('is raised when it fails and nobody shows its error', async () => {
      const { run, calls } = track({ shown: false })
      const raised = await raisedBy(() => {
        void run('milk')
        calls[0]?.reject(new Error('full'))
      })
      expect(raised).toEqual([new Error('full')])
    })

    it('raises nothing when it is cancelled, or its thread was closed', async () => {
      const { run, calls, cancel } = track({ shown: false })
      const raised = await raisedBy(() => {
        void run('milk')
        cancel()
        void run('bread')
        calls[1]?.reject(new ThreadClosedError('closed'))
      })
      expect(raised).toEqual([])
    })
  })
})

describe('cancelCall', () => {
  it('does nothing to a promise that is no call', async () => {
    const promise = Promise.resolve('milk')
    cancelCall(promise, new Error('cancelled'))
    expect(await promise).toBe('milk')
  })
})
