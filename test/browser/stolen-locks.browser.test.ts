/** Any script of the origin can steal the locks by which deaths are noticed. */
import { describe, expect, it, vi } from 'vitest'
import { attach, bgThread, type ThreadSettings } from 'bgthread'
import { endAfterEach } from '../support/end-after-each'

const track = endAfterEach()

const startDoomed = (settings: ThreadSettings = {}) =>
  track(bgThread(() => import('./fixtures/doomed'), { name: 'robbed', args: ['call'], ...settings }))

const ours = async (): Promise<string[]> => {
  const { held = [] } = await navigator.locks.query()
  return [...new Set(held.map(({ name }) => name ?? ''))].filter((name) => name.startsWith('bgthread'))
}

/** @returns whether all that is held now is other than what was stolen */
async function steal(hold?: Promise<void>): Promise<void> {
  const names = await ours()
  expect(names.length).toBeGreaterThan(0)
  const stolen = names.map((name) => {
    const thieving = navigator.locks.request(name, { steal: true }, () => hold)
    thieving.catch(() => {})
    return thieving
  })
  if (!hold) await Promise.all(stolen)
}

/** Longer than a lock that is free is doubted. */
const aWhile = () => new Promise((resolve) => setTimeout(resolve, 300))

const thieves = [
  ['once', () => steal()],
  [
    'three times, one right after the other',
    async () => {
      for (let i = 0; i < 3; i++) await steal()
    },
  ],
  [
    'and never given back',
    async () => {
      await steal(new Promise(() => {}))
    },
  ],
] as const

describe.each(thieves)('if all locks are stolen %s', (_title, rob) => {
  it('a thread and its clients go on, and its death is noticed after that', async () => {
    const thread = startDoomed({ restart: false })
    const client = track(attach<{ answer(): number }>(thread.connect()))
    const ends: string[] = []
    for (const { status } of [thread, client])
      status.subscribe(({ state, epoch }) => ends.push(`${state} ${epoch}`))
    expect(await client.proxy.answer()).toBe(42)
    ends.length = 0
    await rob()
    await aWhile()
    expect([await thread.proxy.answer(), await client.proxy.answer()]).toEqual([42, 42])
    expect(ends).toEqual([])
    expect(thread.stats().pendingCalls).toBe(0)
    const dies = thread.proxy.die().catch((error: unknown) => error)
    expect(await dies).toMatchObject({ code: 'DIED' })
    await vi.waitFor(() => expect(client.status.get()?.state).toBe('failed'))
  })

  it('a client that is attached has the next start of the thread, too', async () => {
    const thread = startDoomed()
    const client = track(attach<{ answer(): number }>(thread.connect()))
    await client.ready
    await rob()
    await aWhile()
    await thread.restart()
    await rob()
    expect(await client.proxy.answer()).toBe(42)
    await vi.waitFor(() => expect(client.status.get()).toMatchObject({ state: 'ready' }))
  })
})

it('a thread that computes meanwhile is not taken for dead', async () => {
  const thread = startDoomed()
  await thread.ready
  const busy = thread.proxy.busy(1_000)
  await steal()
  expect(await busy).toBe('done')
  expect(thread.status.get()).toEqual({ state: 'ready', epoch: 1 })
})

it('a thread whose lock is stolen while it starts becomes ready', async () => {
  const thread = track(bgThread(() => import('./fixtures/busy-module'), { name: 'robbed' }))
  await vi.waitFor(async () => expect(await ours()).not.toEqual([]))
  await steal()
  expect(await thread.proxy.answer()).toBe(42)
  expect(thread.status.get()).toEqual({ state: 'ready', epoch: 1 })
})
