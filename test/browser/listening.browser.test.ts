/** Libraries in a logic that listen to the messages of its worker. */
import { describe, expect, it, vi } from 'vitest'
import { bgThread, type Thread } from 'bgthread'
import { endAfterEach } from '../support/end-after-each'
import type Listening from './fixtures/listening'
// oxlint-disable-next-line import/default -- Vite makes it
import HandWritten from './fixtures/listening.worker?worker&inline'

const track = endAfterEach()
const onError = vi.fn()
const ways: [string, () => Thread<Listening>][] = [
  ['in an entry of the plugin', () => bgThread(() => import('./fixtures/listening'), { onError })],
  ['in an entry by hand', () => bgThread<Listening>(() => new HandWritten(), { onError })],
]

describe.each(ways)('a library that listens to the messages of its worker, %s,', (_way, start) => {
  it('gets none of the thread, whatever is said and whenever it begins to listen', async () => {
    onError.mockClear()
    const { proxy } = track(start())
    expect(await proxy.add(1, 2)).toBe(3)
    await proxy.listenLater()
    expect(await proxy.add(1, 2)).toBe(3)
    expect(await proxy.echo({ large: 'x'.repeat(10_000) }, () => {})).toEqual({ large: 'x'.repeat(10_000) })
    const seen: number[] = []
    for await (const n of proxy.count(3)) seen.push(n)
    expect(seen).toEqual([1, 2, 3])
    expect(await proxy.taken()).toEqual([])
    expect(onError.mock.calls).toEqual([])
  })

  it('gets its own, and its answers arrive', async () => {
    const { proxy } = track(start())
    const channel = new BroadcastChannel('listening')
    const answers = new Promise((resolve) => channel.addEventListener('message', ({ data }) => resolve(data)))
    await proxy.sendOwn()
    expect(await proxy.taken()).toEqual([{ library: true }, { library: true }])
    expect(await answers).toEqual({ library: 'answer' })
    channel.close()
  })
})
