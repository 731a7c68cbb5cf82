/** Clients in other workers, real ones: they come, go, and die. */
import { describe, expect, it, vi } from 'vitest'
import { bgThread, ThreadDiedError, type Thread } from 'bgthread'
import { describeClientContract } from '../contract/client'
import { startBuilt } from './built/index'
import type { Hub } from './fixtures/hub'
// oxlint-disable-next-line import/default -- Vite makes it
import HubWorker from './fixtures/hub.worker?worker&inline'
// oxlint-disable-next-line import/default -- Vite makes it
import GuestWorker from './fixtures/guest.worker?worker&inline'
import { endAfterEach } from '../support/end-after-each'

const track = endAfterEach()

const host = {
  ask: (question: string) => `${question}: yes`,
  never: () => new Promise<void>(() => {}),
}
function start(name: string) {
  const workers: Worker[] = []
  const thread = bgThread<typeof Hub>(
    () => {
      workers.push(new HubWorker({ name }))
      return workers.at(-1)!
    },
    { name, linger: 0, host },
  )
  track(thread)
  return { ...thread, thread, proxy: thread.proxy, worker: () => workers.at(-1)! }
}

describe('a client in a worker', () => {
  async function startGuest(hub: Thread<Hub>) {
    const guest = new GuestWorker()
    track(guest)
    const heard: unknown[] = []
    guest.addEventListener('message', ({ data }) => heard.push(data))
    const port = hub.connect()
    guest.postMessage(port, [port])
    await vi.waitFor(() => expect(heard).toHaveLength(1), 10_000)
    return { guest, heard }
  }

  it('reads what others write', async () => {
    const { thread, proxy } = start('hub')
    const { heard } = await startGuest(thread)
    await proxy.add(1)
    await vi.waitFor(() => expect(heard).toEqual([[], [1]]))
  })

  it('F10: that is terminated is noticed, and what was its own is freed; the others notice nothing', async () => {
    const { thread, proxy } = start('hub')
    const { guest } = await startGuest(thread)
    const other = await startGuest(thread)
    await vi.waitFor(async () =>
      expect(await proxy.clients()).toEqual({ clients: 3, subscriptions: 2, pendingCalls: 2 }),
    )
    guest.terminate()
    await vi.waitFor(async () =>
      expect(await proxy.clients()).toEqual({ clients: 2, subscriptions: 1, pendingCalls: 1 }),
    )
    await proxy.add(1)
    await vi.waitFor(() => expect(other.heard).toEqual([[], [1]]))
  })

  it('goes on with the next start when the thread has died', async () => {
    const { thread, proxy, worker } = start('hub')
    const { heard } = await startGuest(thread)
    worker().terminate()
    await vi.waitFor(() => expect(thread.status.get()).toMatchObject({ state: 'ready', epoch: 2 }))
    await proxy.add(2)
    await vi.waitFor(() => expect(heard.at(-1)).toEqual([2]))
  })
})

describe('a thread that was given the proxy of another', () => {
  it('speaks to it directly: nothing passes through the page', async () => {
    const store = start('store')
    const search = start('search')
    await search.proxy.use(store.proxy)
    await search.proxy.addThere(0)
    const passed = () => store.thread.stats().sent + store.thread.stats().received
    const before = passed()
    for (let row = 1; row <= 20; row++) await search.proxy.addThere(row)
    await vi.waitFor(async () => expect(await search.proxy.rowsThere()).toHaveLength(21))
    expect(passed()).toBe(before)
  })

  it('is told when that dies, and goes on with its next start', async () => {
    const store = start('store')
    const search = start('search')
    await search.proxy.use(store.proxy)
    await search.proxy.addThere(1)
    const lost = search.proxy.foreverThere()
    store.worker().terminate()
    await expect(lost).rejects.toBeInstanceOf(ThreadDiedError)
    expect(await search.proxy.addThere(2)).toBe(2)
    await vi.waitFor(async () => expect(await search.proxy.rowsThere()).toEqual([2]))
  })

  it('F10: is no client any more when it dies itself', async () => {
    const store = start('store')
    const search = start('search')
    await search.proxy.use(store.proxy)
    await search.proxy.addThere(1)
    expect(await store.proxy.clients()).toMatchObject({ clients: 2, subscriptions: 1 })
    search.thread.terminate()
    await vi.waitFor(async () =>
      expect(await store.proxy.clients()).toMatchObject({ clients: 1, subscriptions: 0 }),
    )
  })
})

describe('host services', () => {
  it('are called from a worker, and again from the next', async () => {
    const { thread, proxy } = start('hub')
    expect(await proxy.ask('really')).toBe('really: yes')
    await thread.restart()
    expect(await proxy.ask('again')).toBe('again: yes')
  })
})

describeClientContract('client of a worker, over a port', startBuilt)
