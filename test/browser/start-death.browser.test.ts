/** Workers that end while they start, and workers that only take long. */
import { expect, describe, it, vi } from 'vitest'
import { bgPool, bgThread, ThreadDiedError, ThreadStartError, type Thread } from 'bgthread'
import * as Wire from '../../src/core/protocol.js'
import { endAfterEach } from '../support/end-after-each'
import type Doomed from './fixtures/doomed'

const track = endAfterEach()

/** Far from the time that the start may take, whatever a busy machine adds. */
const SOON = { timeout: 10_000, interval: 5 }
const settings = { name: 'doomed', startTimeout: 60_000 }

/** The workers that the page has made, in order, each with the moment at which it has named its lock. */
function watchWorkers(): { worker: Worker; named: Promise<void> }[] {
  const workers: ReturnType<typeof watchWorkers> = []
  vi.stubGlobal(
    'Worker',
    class extends Worker {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        super(...args)
        const named = new Promise<void>((resolve) =>
          this.addEventListener('message', ({ data }) => data[1] === Wire.LOCKED && resolve()),
        )
        workers.push({ worker: this, named })
      }
    },
  )
  return workers
}

const startDoomed = (fate: ConstructorParameters<typeof Doomed>[0]) =>
  track(bgThread(() => import('./fixtures/doomed'), { ...settings, args: [fate] }))

/** The start fails at once, and so does what waits for it. */
async function failsSoon(thread: Thread<{ answer(): number }>) {
  const call = thread.proxy.answer().catch((error: unknown) => error)
  await vi.waitFor(() => expect(thread.status.get()?.state).toBe('failed'), SOON)
  const error = await thread.ready.catch((error: unknown) => error)
  expect(error).toBeInstanceOf(ThreadStartError)
  expect(error).toMatchObject({ code: 'START_FAILED' })
  expect(String(error)).toContain("thread 'doomed' died while it started")
  expect(await call).toBe(error)
}

const worker = new URL('../../src/core/worker.ts', import.meta.url).href
const wayward = [
  ['a factory', 'expose(async () => { self.close(); await new Promise(() => {}) })'],
  ['a class', 'expose(class { constructor() { self.close() }; onStart() { return new Promise(() => {}) } })'],
  ['onStart', 'expose({ async onStart() { self.close(); await new Promise(() => {}) } })'],
] as const

describe('a worker that dies while it starts is noticed at once, however long a start may take:', () => {
  it.each([
    ['onStart', 'onStart'],
    ['onStart, later', 'late'],
    ['the constructor, which computes before', 'dead constructor'],
  ] as const)('it closes itself in %s', async (_where, fate) => {
    await failsSoon(startDoomed(fate))
  })

  it.each(wayward)('it closes itself at once in %s', async (_where, logic) => {
    // Nothing has to be loaded: the logic begins as early as it can.
    const entry = `import { expose } from ${JSON.stringify(worker)}\n${logic}`
    const url = URL.createObjectURL(new Blob([entry], { type: 'text/javascript' }))
    await failsSoon(
      track(bgThread<{ answer(): number }>(() => new Worker(url, { type: 'module' }), settings)),
    )
  })

  it('it closes itself in a top-level await of its module', async () => {
    await failsSoon(track(bgThread(() => import('./fixtures/doomed-module'), settings)))
  })

  it('it is ended from outside in a top-level await of its module', async () => {
    const workers = watchWorkers()
    const thread = track(bgThread(() => import('./fixtures/waiting-module'), settings))
    vi.unstubAllGlobals()
    await workers[0]?.named
    workers[0]?.worker.terminate()
    await failsSoon(thread)
  })

  it('its next start', async () => {
    const thread = startDoomed('slow')
    await thread.ready
    const workers = watchWorkers()
    const restarted = thread.restart()
    await vi.waitFor(() => expect(workers).toHaveLength(1))
    vi.unstubAllGlobals()
    await workers[0]?.named
    workers[0]?.worker.terminate()
    await restarted
    expect(await thread.proxy.answer()).toBe(42)
    expect(thread.status.get()).toMatchObject({ state: 'ready' })
  })

  it('of a pool', async () => {
    const pool = track(bgPool(() => import('./fixtures/doomed'), { ...settings, size: 2, args: ['onStart'] }))
    await expect(pool.proxy.answer()).rejects.toMatchObject({ code: 'START_FAILED' })
  })
})

describe('a module that closes its worker fails the start at once:', () => {
  const message = "thread 'doomed' died while it started: its logic has closed the worker"

  it('before it awaits', async () => {
    const thread = track(bgThread(() => import('./fixtures/closing-at-once'), settings))
    const error = await thread.ready.catch((error: unknown) => error)
    expect(error).toBeInstanceOf(ThreadStartError)
    expect(error).toMatchObject({ code: 'START_FAILED', message })
    expect(thread.status.get()).toEqual({ state: 'failed', epoch: 1, error })
  })

  it('in each thread of a pool', async () => {
    const pool = track(bgPool(() => import('./fixtures/closing-at-once'), { ...settings, size: 2 }))
    const error = await pool.proxy.answer().catch((error: unknown) => error)
    expect(error).toMatchObject({ code: 'START_FAILED' })
    expect(String(error)).toContain('its logic has closed the worker')
  })

  it('when it starts again, until it does not', async () => {
    const thread = track(bgThread(() => import('./fixtures/closing-module'), settings))
    await thread.ready
    await navigator.locks.request('close-the-worker', async () => {
      await expect(thread.restart()).rejects.toMatchObject({ code: 'START_FAILED', message })
      expect(thread.status.get()).toMatchObject({ state: 'failed' })
    })
    await thread.restart()
    expect(await thread.proxy.answer()).toBe(42)
  })
})

it('a worker that closes itself in the constructor, which is done first, is noticed at once', async () => {
  const thread = startDoomed('constructor')
  const call = thread.proxy.answer().catch((error: unknown) => error)
  await expect(
    Promise.race([call, new Promise((resolve) => setTimeout(resolve, SOON.timeout))]),
  ).resolves.toMatchObject({
    code: 'DIED',
  })
})

it('a worker that dies in its very first call is noticed at once', async () => {
  const thread = track(
    bgThread(() => import('./fixtures/doomed'), { ...settings, args: ['call'], restart: false }),
  )
  const error = thread.proxy.die().catch((error: unknown) => error)
  await vi.waitFor(() => expect(thread.status.get()?.state).toBe('failed'), SOON)
  expect(await error).toBeInstanceOf(ThreadDiedError)
})

describe('a worker that computes while it starts is not taken for dead:', () => {
  it('in its module', async () => {
    const threads = Array.from({ length: 4 }, () =>
      track(bgThread(() => import('./fixtures/busy-module'), settings)),
    )
    expect(await Promise.all(threads.map(({ proxy }) => proxy.answer()))).toEqual([42, 42, 42, 42])
    for (const { status } of threads) expect(status.get()).toEqual({ state: 'ready', epoch: 1 })
  })

  it('in its constructor', async () => {
    const thread = startDoomed('busy constructor')
    expect(await thread.proxy.answer()).toBe(42)
    expect(thread.status.get()).toEqual({ state: 'ready', epoch: 1 })
  })
})
