/** The option `callTimeout`: how long a call may take. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { attach, bgPool, bgThread, ThreadTimeoutError, type Remote, type ThreadOptions } from 'bgthread'
import { bgAction } from 'bgthread/svelte'
import { useBgAction } from 'bgthread/vue'
import { callSignal } from 'bgthread/worker'

const log: string[] = []
class Logic {
  never() {
    const signal = callSignal()
    return new Promise<never>(() =>
      signal.addEventListener('abort', () =>
        log.push(`${String(signal.reason.code)} ${signal.reason.outcome}`),
      ),
    )
  }
  echo(value: unknown) {
    return value
  }
  async ask(question: () => Promise<unknown>) {
    return question()
  }
  async *watch() {
    yield 1
    await new Promise(() => {})
  }
}

let open: { terminate(): void }[] = []
afterEach(() => {
  for (const thread of open) thread.terminate()
  open = []
  log.length = 0
})
const track = <T extends { terminate(): void }>(thread: T): T => {
  open.push(thread)
  return thread
}
const start = (options?: ThreadOptions<[]>, load: () => Promise<typeof Logic> = async () => Logic) =>
  track(bgThread(load, { name: 'slow', ...options }))

const ways: [string, (callTimeout: number | undefined) => { proxy: Remote<Logic> }][] = [
  ['a thread', (callTimeout) => start({ callTimeout })],
  ['a client', (callTimeout) => track(attach<Logic>(start().connect(), { name: 'slow', callTimeout }))],
  ['a pool', (callTimeout) => track(bgPool(async () => Logic, { name: 'slow', size: 1, callTimeout }))],
]

describe.each(ways)('a call of %s', (_, make) => {
  it('that is not done in its time rejects, and is cancelled in the thread with that error', async () => {
    const { proxy } = make(30)
    const error = await proxy.never().catch((error: unknown) => error)
    expect(error).toBeInstanceOf(ThreadTimeoutError)
    expect(error).toMatchObject({ name: 'ThreadTimeoutError', code: 'CALL_TIMEOUT', outcome: 'unknown' })
    expect((error as Error).message).toMatch(/^thread 'slow': never\(\) was not done after 30 ms/)
    await vi.waitFor(() => expect(log).toEqual(['CALL_TIMEOUT unknown']))
    expect(await proxy.echo(1)).toBe(1)
  })

  it('waits for a callback of the page, however long that takes', async () => {
    const { proxy } = make(30)
    const clock = start({ callTimeout: 30 })
    const question = async () => {
      for (let i = 0; i < 3; i++) await clock.proxy.never().catch(() => {})
      return 'answer'
    }
    expect(await proxy.ask(question)).toBe('answer')
  })

  it('is as long as it likes where nothing bounds it', async () => {
    const { proxy } = make(undefined)
    const settled = vi.fn()
    proxy.never().then(settled, settled)
    await expect(start({ callTimeout: 50 }).proxy.never()).rejects.toMatchObject({ code: 'CALL_TIMEOUT' })
    expect(settled).not.toHaveBeenCalled()
  })
})

it('a thread of a pool that is given up by its timeout gets no other call before it answers', async () => {
  const pool = track(bgPool(async () => Logic, { size: 1, callTimeout: 20 }))
  await expect(pool.proxy.never()).rejects.toMatchObject({ code: 'CALL_TIMEOUT' })
  expect(await pool.proxy.echo(1)).toBe(1)
})

it('streams are not bounded', async () => {
  const { proxy } = start({ callTimeout: 20 })
  const errors: unknown[] = []
  const stream = proxy.watch()
  stream.subscribe({ error: (error) => errors.push(error) })
  await vi.waitFor(() => expect(stream.get()).toBe(1))
  await expect(proxy.never()).rejects.toMatchObject({ code: 'CALL_TIMEOUT' })
  expect(errors).toEqual([])
})

it('time counts from when the thread is ready', async () => {
  let load = (_: typeof Logic) => {}
  const { proxy } = start({ callTimeout: 20 }, () => new Promise((resolve) => (load = resolve)))
  const settled = vi.fn()
  const call = proxy.never()
  call.catch(settled)
  await expect(start({ callTimeout: 60 }).proxy.never()).rejects.toMatchObject({ code: 'CALL_TIMEOUT' })
  expect(settled).not.toHaveBeenCalled()
  load(Logic)
  await expect(call).rejects.toMatchObject({ code: 'CALL_TIMEOUT' })
})

it('no time passes while the page is blocked', async () => {
  const { proxy, ready } = start({ callTimeout: 50 })
  await ready
  const call = proxy.echo(1)
  const until = performance.now() + 300
  while (performance.now() < until);
  expect(await call).toBe(1)
})

it('10,000 calls have one timer, which goes with the last of them; without the option there is none', async () => {
  const setting = vi.spyOn(globalThis, 'setInterval')
  const clearing = vi.spyOn(globalThis, 'clearInterval')
  try {
    const thread = start({ callTimeout: 1_000, heartbeat: false })
    await thread.ready
    const calls = Array.from({ length: 10_000 }, (_, i) => thread.proxy.echo(i))
    expect(setting).toHaveBeenCalledOnce()
    await Promise.all(calls)
    const { value: timer } = setting.mock.results[0] as { value: unknown }
    await vi.waitFor(() => expect(clearing).toHaveBeenCalledWith(timer))
    setting.mockClear()
    const free = start({ heartbeat: false })
    await free.ready
    await free.proxy.echo(1)
    expect(setting).not.toHaveBeenCalled()
  } finally {
    setting.mockRestore()
    clearing.mockRestore()
  }
})

it('an action of an adapter has a time of its own', async () => {
  const { proxy } = start({ callTimeout: 100_000 })
  const svelte = bgAction(proxy.never, { callTimeout: 20 })
  await expect(svelte()).rejects.toMatchObject({ code: 'CALL_TIMEOUT' })
  expect(svelte.current).toMatchObject({ pending: false, error: { code: 'CALL_TIMEOUT' } })
  const vue = useBgAction(proxy.never, { callTimeout: 20 })
  await expect(vue.run()).rejects.toMatchObject({ code: 'CALL_TIMEOUT' })
  expect([vue.pending.value, vue.error.value]).toEqual([false, expect.any(ThreadTimeoutError)])
})
