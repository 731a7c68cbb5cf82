/** What real workers do when they cannot start, and when they die. */
import { describe, expect, it, vi } from 'vitest'
import {
  bgThread,
  ThreadDiedError,
  ThreadHungError,
  ThreadStartError,
  type Load,
  type Thread,
  type ThreadSettings,
} from 'bgthread'
import { transfer } from 'bgthread/worker'
import { Mortal } from './fixtures/mortal'
// oxlint-disable-next-line import/default -- Vite makes it
import HandWritten from './fixtures/hand-written.worker?worker&inline'
import { endAfterEach } from '../support/end-after-each'

const track = endAfterEach()
const startMortal = (settings: ThreadSettings = {}) =>
  track(bgThread(() => import('./fixtures/mortal'), { name: 'mortal', linger: 0, ...settings }))
const startWorker = (make: () => Worker, startTimeout = 10_000): Thread<Mortal> =>
  track(bgThread<Mortal>(make, { name: 'broken', startTimeout }))
const workerOf = (code: string) =>
  new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })), { type: 'module' })

describe('a worker that cannot start', () => {
  const failure = async (thread: Thread<Mortal>) => {
    const call = thread.proxy.threadName()
    const error = await thread.ready.then(
      () => expect.unreachable('it started'),
      (error: unknown) => error as Error,
    )
    expect(error).toBeInstanceOf(ThreadStartError)
    await expect(call).rejects.toBe(error)
    await expect(thread.proxy.threadName()).rejects.toBe(error)
    expect(thread.status.get()?.state).toBe('failed')
    return error
  }

  it('with a missing script lists the likely causes', async () => {
    const error = await failure(startWorker(() => new Worker('/no-such-worker.js', { type: 'module' })))
    expect(error.message).toMatch(
      /thread 'broken' could not start: .*syntax error.*worker-src blob:.*404.*MIME/,
    )
  })

  it('with a syntax error says so', async () => {
    const error = await failure(startWorker(() => workerOf('let let = (')))
    expect(error.message).toMatch(/SyntaxError|syntax error/)
  })

  it('with a failing import lists the likely causes', async () => {
    const error = await failure(startWorker(() => workerOf("import 'https://localhost:1/none.js'")))
    expect(error.message).toContain('a failing import')
  })

  it('that throws before it listens gives the message', async () => {
    const error = await failure(startWorker(() => workerOf('throw new RangeError("at the top")')))
    expect(error.message).toContain('at the top')
  })

  it('that says nothing is given up', async () => {
    const error = await failure(startWorker(() => workerOf(''), 50))
    expect(error).toMatchObject({ code: 'START_TIMEOUT' })
    expect(error.message).toContain("thread 'broken' was not ready after 50 ms")
  })

  it('that is forbidden to be made has the error as cause', async () => {
    const cause = new DOMException('not allowed', 'SecurityError')
    const error = await failure(
      startWorker(() => {
        throw cause
      }),
    )
    expect(error.cause).toBe(cause)
  })

  it('of another version of the library says so', async () => {
    const error = await failure(startWorker(() => workerOf('postMessage({ bgthread: 0 })')))
    expect(error.message).toContain('different versions of bgthread')
  })
})

describe('a fallback', () => {
  const missing = () => new Worker('/no-such-worker.js', { type: 'module' })
  const startFrom = (load: Load<typeof Mortal>, settings: ThreadSettings = {}) => {
    const told: unknown[] = []
    const onError = (error: unknown) => told.push(error)
    const fallback = vi.fn(() => new HandWritten({ name: 'the fallback' }))
    const thread = track(
      bgThread<typeof Mortal>(load, { name: 'blocked', onError, fallback, linger: 0, ...settings }),
    )
    return { thread, proxy: thread.proxy, told, fallback }
  }

  it('takes what waits when the worker cannot be loaded, moved values too, in order', async () => {
    const { proxy, thread, told, fallback } = startFrom(missing)
    const seen: number[] = []
    proxy.watch().subscribe((time) => seen.push(time))
    const moved = new Uint8Array([1, 2, 3])
    const length = proxy.lengthOf(transfer(moved, [moved.buffer]))
    void proxy.tick()
    expect(await length).toBe(3)
    expect(moved.byteLength).toBe(0)
    expect(await proxy.threadName()).toBe('the fallback')
    await vi.waitFor(() => expect(seen.at(-1)).toBe(1))
    expect(fallback).toHaveBeenCalledExactlyOnceWith({ name: 'blocked', trustedTypesPolicy: undefined })
    expect(told).toEqual([expect.any(ThreadStartError)])
    expect(String(told)).toMatch(/thread 'blocked' runs its fallback, because .*: its script did not load/)
    expect(thread.stats()).toMatchObject({ pendingCalls: 0, restarts: 0, ignored: 0 })
  })

  it('runs where making the worker throws, and the reason is told later', async () => {
    const cause = new DOMException('not allowed', 'SecurityError')
    const { proxy, told } = startFrom(() => {
      throw cause
    })
    expect(told).toEqual([])
    expect(await proxy.threadName()).toBe('the fallback')
    expect(told).toEqual([expect.objectContaining({ code: 'START_FAILED', cause })])
    expect(String(told)).toMatch(/not allowed.*worker-src blob:/)
  })

  it('runs the logic on the page where it is a plain load', async () => {
    const { proxy } = startFrom(missing, { fallback: async () => Mortal })
    expect(await proxy.isOnPage()).toBe(true)
  })

  it('is a warning where nobody asks for errors', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { proxy } = startFrom(missing, { onError: undefined })
    await proxy.threadName()
    expect(warn.mock.calls).toEqual([[expect.any(ThreadStartError)]])
    warn.mockRestore()
  })

  it('is used at once by later starts, and told no more', async () => {
    const load = vi.fn(missing)
    const { thread, proxy, told, fallback } = startFrom(load)
    await thread.ready
    await thread.restart()
    await proxy.die()
    await vi.waitFor(() => expect(thread.status.get()).toMatchObject({ state: 'ready', epoch: 3 }))
    expect(await proxy.threadName()).toBe('the fallback')
    expect([load.mock.calls.length, fallback.mock.calls.length, told.length]).toEqual([1, 3, 1])
  })

  it('that cannot be loaded either fails the start', async () => {
    const fallback = vi.fn(missing)
    const { thread, told } = startFrom(missing, { fallback })
    await expect(thread.ready).rejects.toMatchObject({ code: 'START_FAILED' })
    expect(fallback).toHaveBeenCalledOnce()
    expect(told).toHaveLength(1)
  })

  it.each([
    ['a script that throws', () => workerOf('throw new RangeError("at the top")'), 10_000, 'START_FAILED'],
    [
      'another version of the library',
      () => workerOf('postMessage({ bgthread: 0 })'),
      10_000,
      'START_FAILED',
    ],
    ['a script that says nothing', () => workerOf(''), 50, 'START_TIMEOUT'],
  ])('does not hide %s', async (_what, load, startTimeout, code) => {
    const { thread, fallback, told } = startFrom(load, { startTimeout })
    await expect(thread.ready).rejects.toMatchObject({ code })
    expect(fallback).not.toHaveBeenCalled()
    expect(told).toEqual([])
  })

  it('does not hide a logic that throws', async () => {
    const fallback = vi.fn(missing)
    const thread = track(bgThread(() => import('./fixtures/throwing'), { fallback }))
    await expect(thread.ready).rejects.toMatchObject({ cause: new RangeError('the module throws') })
    expect(fallback).not.toHaveBeenCalled()
  })

  it('is not disturbed by the worker that was given up', async () => {
    let first: Worker | undefined
    const { proxy, told, fallback } = startFrom(() => (first = missing()))
    await vi.waitFor(() => expect(fallback).toHaveBeenCalled())
    first?.dispatchEvent(new Event('error'))
    expect(await proxy.threadName()).toBe('the fallback')
    expect(told).toHaveLength(1)
  })

  it('is for no later start, where a worker has said hello', async () => {
    let starts = 0
    const { thread, fallback } = startFrom(() => (starts++ ? missing() : new HandWritten()), {
      restart: false,
    })
    await thread.ready
    await expect(thread.restart()).rejects.toMatchObject({ code: 'START_FAILED' })
    expect(fallback).not.toHaveBeenCalled()
  })
})

describe('a module that throws when it is evaluated', () => {
  it('arrives as the cause, with its class and stack', async () => {
    const thread = track(bgThread(() => import('./fixtures/throwing'), { name: 'throwing' }))
    const error = await thread.ready.catch((error: unknown) => error as Error)
    expect(error).toMatchObject({ code: 'START_FAILED', cause: new RangeError('the module throws') })
    expect((error as { cause: Error }).cause.stack).toContain('throwing')
  })
})

describe('a worker that dies', () => {
  it('rejects what is pending, and what comes after, where it is not to start again', async () => {
    const thread = startMortal({ restart: false })
    const { proxy } = thread
    const errors: unknown[] = []
    proxy.watch().subscribe({ error: (error) => errors.push(error) })
    await vi.waitFor(() => expect(proxy.watch().get()).toBe(0))
    const hanging = proxy.hang()
    await proxy.die()
    const error = await hanging.catch((error: unknown) => error)
    expect(error).toBeInstanceOf(ThreadDiedError)
    expect(error).toMatchObject({ code: 'DIED', outcome: 'unknown' })
    expect((error as Error).message).toBe("thread 'mortal' died before hang() was done")
    await expect(proxy.threadName()).rejects.toMatchObject({ code: 'DIED', outcome: 'not-sent' })
    expect(errors).toEqual([expect.objectContaining({ code: 'DIED' })])
    expect(thread.status.get()).toMatchObject({ state: 'failed', error: { code: 'DIED' } })
    expect(thread.stats()).toMatchObject({ pendingCalls: 0, subscriptions: 0 })
  })

  it('starts again: what is pending rejects, streams go on, later calls are answered', async () => {
    const thread = startMortal()
    const { proxy } = thread
    const seen: unknown[] = []
    proxy.watch().subscribe({
      next: (time) => seen.push(time),
      status: (status) => seen.push(status),
      error: (error) => seen.push(error),
    })
    await vi.waitFor(() => expect(seen).toEqual(['connecting', 0, 'live']))
    await proxy.tick()
    const states: string[] = []
    thread.status.subscribe(({ state, epoch, error }) =>
      states.push(`${state} ${epoch}${error ? ` ${(error as Error).message}` : ''}`),
    )
    const hanging = proxy.hang()
    await proxy.die()
    await expect(hanging).rejects.toMatchObject({ code: 'DIED', outcome: 'unknown' })
    expect(await proxy.threadName()).toBe('mortal')
    await vi.waitFor(() => expect(seen).toEqual(['connecting', 0, 'live', 1, 'stale', 0, 'live']))
    expect(states).toEqual(['ready 1', "restarting 2 thread 'mortal' died", 'ready 2'])
    expect(thread.stats()).toMatchObject({ restarts: 1, pendingCalls: 0, subscriptions: 1 })
  })

  it('again and again is given up, and what waits rejects at once', async () => {
    const thread = startMortal({ restart: { max: 2 } })
    const { proxy } = thread
    for (let epoch = 1; epoch <= 3; epoch++) {
      await thread.ready
      expect(thread.status.get()).toMatchObject({ state: 'ready', epoch })
      const hanging = proxy.hang()
      void proxy.die().catch(() => {})
      await expect(hanging).rejects.toBeInstanceOf(ThreadDiedError)
    }
    expect(thread.status.get()).toMatchObject({ state: 'failed', epoch: 3 })
    await expect(proxy.threadName()).rejects.toMatchObject({ code: 'DIED', outcome: 'not-sent' })
    await thread.restart()
    expect(await proxy.threadName()).toBe('mortal')
  })

  it('is seen although another killed it', async () => {
    let worker: Worker | undefined
    const thread = startWorker(() => (worker = new HandWritten()))
    const hanging = thread.proxy.hang()
    await thread.ready
    worker?.terminate()
    await expect(hanging).rejects.toBeInstanceOf(ThreadDiedError)
    expect(await thread.proxy.threadName()).toBe('')
  })

  it('leaves no lock, nor does one that was terminated or replaced', async () => {
    const locks = async () => {
      const { held, pending } = await navigator.locks.query()
      return [...(held ?? []), ...(pending ?? [])].filter(({ name }) => name?.startsWith('bgthread:'))
    }
    for (let i = 0; i < 5; i++) {
      const thread = startMortal({ restart: false })
      await thread.ready
      if (i % 2) await thread.proxy.die()
      else thread.terminate()
    }
    const thread = startMortal()
    await thread.ready
    await thread.proxy.die().catch(() => {})
    await vi.waitFor(() => expect(thread.status.get()).toMatchObject({ state: 'ready', epoch: 2 }))
    await thread.restart()
    thread.terminate()
    await vi.waitFor(async () => expect(await locks()).toEqual([]))
  })
})

describe('a worker that does not answer', () => {
  const heartbeat = { interval: 20, limit: 3 }
  /** Its states from now on. */
  const statesOf = (thread: ReturnType<typeof startMortal>) => {
    const states: string[] = []
    thread.status.subscribe(({ state, epoch }) => states.push(`${state} ${epoch}`))
    return states
  }

  it('is reported, and goes on when it is done', async () => {
    const thread = startMortal({ heartbeat })
    await thread.ready
    const states = statesOf(thread)
    expect(await thread.proxy.loop(500)).toBe(500)
    await vi.waitFor(() => expect(states).toEqual(['ready 1', 'unresponsive 1', 'ready 1']))
  })

  it('is replaced where that is asked for', async () => {
    const thread = startMortal({ heartbeat, onHang: 'restart' })
    await thread.ready
    const states = statesOf(thread)
    const error = await thread.proxy.loop(60_000).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(ThreadHungError)
    expect(error).toMatchObject({ code: 'HUNG', outcome: 'unknown' })
    expect(await thread.proxy.threadName()).toBe('mortal')
    expect(states).toEqual(['ready 1', 'unresponsive 1', 'restarting 2', 'ready 2'])
  })

  it('is nobody that the page has not let answer', async () => {
    const thread = startMortal({ heartbeat, onHang: 'restart' })
    await thread.ready
    const states = statesOf(thread)
    const hanging = thread.proxy.hang()
    for (let round = 0; round < 5; round++) {
      // The page is blocked for many beats; then it is free for one task.
      const end = performance.now() + 300
      while (performance.now() < end);
      await new Promise((resolve) => setTimeout(resolve))
    }
    expect(await thread.proxy.threadName()).toBe('mortal')
    expect(states).toEqual(['ready 1'])
    hanging.catch(() => {})
  })

  it('is not asked where that is switched off', async () => {
    const thread = startMortal({ heartbeat: false })
    await thread.ready
    const { sent } = thread.stats()
    const hanging = thread.proxy.hang()
    expect(await thread.proxy.loop(200)).toBe(200)
    expect(thread.stats().sent).toBe(sent + 1)
    hanging.catch(() => {})
  })
})

describe('a real worker', () => {
  it('carries the name of the thread', async () => {
    expect(await startMortal().proxy.threadName()).toBe('mortal')
  })

  it('may be written by hand and typed by its class', async () => {
    const thread = track(bgThread<Mortal>(() => new HandWritten({ name: 'by hand' })))
    expect(await thread.proxy.threadName()).toBe('by hand')
  })

  it('runs onStop before it ends', async () => {
    const channel = new BroadcastChannel('mortal')
    const heard = new Promise((resolve) => channel.addEventListener('message', ({ data }) => resolve(data)))
    const thread = startMortal()
    await thread.ready
    await thread.close()
    expect(await heard).toBe('stopped')
    channel.close()
  })

  it('may post what is not ours: it is counted and ignored', async () => {
    const thread = startMortal()
    const hanging = vi.fn()
    thread.proxy.hang().then(hanging, () => {})
    await thread.ready
    const before = thread.stats().ignored
    expect(await thread.proxy.chatter()).toBe('said')
    expect(thread.stats().ignored).toBe(before + 7)
    expect(hanging).not.toHaveBeenCalled()
    expect(await thread.proxy.threadName()).toBe('mortal')
  })
})
