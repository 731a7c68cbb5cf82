/** Faults of a whole thread that only a worker can have, with a port in the place of one. */
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { bgThread, ThreadError, type ThreadSettings, type ThreadStatus } from 'bgthread'
import { state } from 'bgthread/worker'
import { mortals } from '../model/mortal'

class Counter {
  readonly #count = state(0)
  increment() {
    this.#count.update((count) => count + 1)
  }
  watch(_options?: { signal: AbortSignal }) {
    return this.#count
  }
}

class Hoarder extends Counter {
  saveState() {
    return new Promise<never>(() => {})
  }
}

const fakeTimers = () =>
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
afterEach(() => void vi.useRealTimers())

function start(
  make: () => Counter,
  { locks = true, ...settings }: { locks?: boolean } & ThreadSettings = {},
) {
  const { load, current } = mortals(make, { locks })
  const thread = bgThread<typeof Counter>(load, { name: 'counter', heartbeat: false, ...settings })
  onTestFinished(() => thread.terminate())
  return { thread, current }
}

it('a restart whose saveState() takes too long tells that the state is lost, and goes on', async () => {
  fakeTimers()
  const onError = vi.fn()
  const { thread } = start(() => new Hoarder(), { onError })
  await thread.ready
  const restarted = thread.restart({ timeout: 100 })
  vi.advanceTimersByTime(99)
  expect(thread.status.get()).toMatchObject({ state: 'restarting', epoch: 2 })
  vi.advanceTimersByTime(1)
  await restarted
  expect(thread.status.get()).toEqual({ state: 'ready', epoch: 2 })
  expect(onError).toHaveBeenCalledOnce()
  const error: unknown = onError.mock.calls[0]![0]
  expect(error).toBeInstanceOf(ThreadError)
  expect(error).toMatchObject({
    code: 'SAVE_TIMEOUT',
    message:
      "thread 'counter' starts again without its state: saveState() and onStop() were not done after 100 ms; " +
      'if they need longer, call restart({ timeout })',
  })
})

it('a restart in time tells nothing', async () => {
  const onError = vi.fn()
  const { thread } = start(() => new Counter(), { onError })
  await thread.ready
  await thread.restart({ timeout: 60_000 })
  expect(onError).not.toHaveBeenCalled()
})

describe('where there are no Web Locks', () => {
  it('the status says so as soon as the thread is ready, at each start', async () => {
    const { thread } = start(() => new Counter(), { locks: false })
    const told: ThreadStatus[] = []
    thread.status.subscribe((status) => told.push(status))
    await thread.ready
    await thread.restart()
    expect(told).toEqual([
      { state: 'starting', epoch: 1 },
      { state: 'ready', epoch: 1, locks: false },
      { state: 'restarting', epoch: 2 },
      { state: 'ready', epoch: 2, locks: false },
    ])
  })

  it('and says nothing of them where there are, or where none is needed', async () => {
    const { thread } = start(() => new Counter())
    await thread.ready
    expect(thread.status.get()).toEqual({ state: 'ready', epoch: 1 })
    const inProcess = bgThread(async () => Counter)
    onTestFinished(() => inProcess.terminate())
    await inProcess.ready
    expect(inProcess.status.get()).toEqual({ state: 'ready', epoch: 1 })
  })
})

it('a stream that a call has brought lingers once, like any other', async () => {
  fakeTimers()
  const { thread } = start(() => new Counter(), { linger: 1_000 })
  const { signal } = new AbortController()
  const shown = await new Promise<number>((shown) => {
    const leave = thread.proxy.watch({ signal }).subscribe((count) => {
      queueMicrotask(() => leave())
      shown(count)
    })
  })
  expect(shown).toBe(0)
  await thread.proxy.increment()
  expect(thread.stats().subscriptions).toBe(1)
  vi.advanceTimersByTime(1_000)
  expect(thread.stats().subscriptions).toBe(0)
})

it('a thread that has hung stays closed, whoever calls it afterwards', async () => {
  fakeTimers()
  const { thread, current } = start(() => new Counter(), { heartbeat: { interval: 1_000, limit: 1 } })
  await thread.ready
  current().hang()
  const call = thread.proxy.increment()
  vi.advanceTimersByTime(2_000)
  expect(thread.status.get()).toMatchObject({ state: 'unresponsive' })
  current().wake()
  await call
  thread.terminate()
  await expect(thread.proxy.increment()).rejects.toMatchObject({ code: 'CLOSED' })
  vi.advanceTimersByTime(1_000)
  expect(thread.status.get()).toMatchObject({ state: 'closed' })
  expect(vi.getTimerCount()).toBe(0)
})
