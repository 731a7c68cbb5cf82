/** What is led by ports, in a thread that is reached as elected tabs reach it: where no port can go. */
import 'bgthread/shared'
import { describe, expect, it, vi } from 'vitest'
import { attach, bgThread } from 'bgthread'
import type { Hub } from './fixtures/hub'
// oxlint-disable-next-line import/default -- Vite makes it
import HubWorker from './fixtures/shared-hub.worker?worker&inline'
import { endAfterEach } from '../support/end-after-each'
import { withoutSharedWorker } from '../support/without-shared-worker'

withoutSharedWorker()

const track = endAfterEach()

const host = {
  ask: (question: string) => `${question}: yes`,
  never: () => new Promise<void>(() => {}),
}

let started = 0

/** @param script tabs meet by it */
function start(name: string, script = `hub ${++started}`) {
  const load = ({ name }: { name: string }) => new HubWorker({ name })
  const thread = bgThread<typeof Hub>(Object.assign(load, { script }), {
    name,
    linger: 0,
    shared: true,
    host,
  })
  track(thread)
  return thread
}

describe('a thread of an elected tab', () => {
  it('is one for all who come, and outlasts each of them but the last', async () => {
    const [one, two] = [start('hub', 'the same'), start('hub', 'the same')]
    await one.proxy.add(1)
    expect(await two.proxy.clients()).toMatchObject({ clients: 2 })
    await one.close()
    await two.proxy.add(2)
    const read = vi.fn()
    two.proxy.watch().subscribe({ next: read })
    await vi.waitFor(() => expect(read).toHaveBeenLastCalledWith([1, 2]))
  })

  it('leaves no worker and no lock where it is ended while its worker is loaded', async () => {
    const thread = start('hub', 'ended early')
    const held = async () =>
      (await navigator.locks.query()).held?.filter(({ name }) => name?.includes('ended early'))
    await vi.waitFor(async () => expect(await held()).toHaveLength(2))
    thread.terminate()
    await vi.waitFor(async () => expect(await held()).toEqual([]))
  })

  it('calls the services of its page', async () => {
    const { proxy } = start('hub')
    expect(await proxy.ask('really')).toBe('really: yes')
  })

  it('has clients by ports that it never sees', async () => {
    const thread = start('hub')
    const guest = attach<Hub>(thread.connect(), { name: 'guest' })
    track(guest)
    await guest.proxy.add(1)
    expect(await thread.proxy.clients()).toMatchObject({ clients: 2 })
    await guest.close()
    await vi.waitFor(async () => expect(await thread.proxy.clients()).toMatchObject({ clients: 1 }))
  })

  it('has a line to a thread whose proxy it was given, and others to it', async () => {
    const [search, store] = [start('search'), start('store')]
    await search.proxy.use(store.proxy)
    for (let row = 0; row < 20; row++) await search.proxy.addThere(row)
    await vi.waitFor(async () => expect(await search.proxy.rowsThere()).toHaveLength(20))
    expect(await store.proxy.clients()).toMatchObject({ clients: 2, subscriptions: 1 })
    await search.close()
    await vi.waitFor(async () => expect(await store.proxy.clients()).toMatchObject({ clients: 1 }))
  })

  it('is not led astray by a thread whose name begins like its own, or by what is said in its hall', async () => {
    const other = start('hub~1', 'a script')
    await other.ready
    const { held = [] } = await navigator.locks.query()
    const hall = held.find(({ name }) => name?.startsWith('bgthread-hall'))?.name as string
    const junk = new BroadcastChannel(hall.replace('hub~1~', 'hub~'))
    const one = start('hub', 'a script')
    for (const message of [null, 1, {}, '', 'open', ['open'], new Map()]) junk.postMessage(message)
    await one.ready
    for (const message of [null, 1, {}, '', 'open', ['open'], new Map()]) junk.postMessage(message)
    junk.close()
    expect(await one.proxy.clients()).toMatchObject({ clients: 1 })
  })

  it('says why its page could not make the worker, and takes the fallback then', async () => {
    const load = () => {
      throw new TypeError('This document requires TrustedScriptURL assignment')
    }
    const refused = Object.assign(load, { script: 'refused' })
    const thread = bgThread(refused, { name: 'hub', shared: true })
    track(thread)
    await expect(thread.ready).rejects.toThrow(/TrustedScriptURL.*trustedTypesPolicy/)
    const onError = vi.fn()
    const fallback = () => import('./fixtures/hub').then(({ Hub }) => Hub)
    const other = bgThread<typeof Hub>(refused, { name: 'hub', shared: true, fallback, onError, host })
    track(other)
    await other.ready
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ code: 'START_FAILED' }))
    // It is this page's own from then on: nobody is met, and it may be started again.
    const inMeeting = async () => {
      const { held = [] } = await navigator.locks.query()
      return held.filter(({ name }) => name?.startsWith('bgthread refused'))
    }
    await vi.waitFor(async () => expect(await inMeeting()).toEqual([]))
    await other.restart()
    expect(other.status.get()).toMatchObject({ state: 'ready', epoch: 2 })
  })

  it('starts no worker and waits for none where locks are refused', async () => {
    const refusal = new DOMException('denied in this context', 'SecurityError')
    const request = vi.spyOn(navigator.locks, 'request').mockRejectedValue(refusal)
    const query = vi.spyOn(navigator.locks, 'query').mockRejectedValue(refusal)
    try {
      await expect(start('hub').ready).rejects.toThrow(/could not start: denied in this context/)
    } finally {
      request.mockRestore()
      query.mockRestore()
    }
  })
})
