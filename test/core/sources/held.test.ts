import { describe, expect, it, vi } from 'vitest'
import { count, hubOf, settled, Taker } from './taker'

describe('a source that is held', () => {
  it('only waits when its last reader leaves, and goes on for the next', async () => {
    const hub = hubOf(count(10))
    hub.hold()
    const first = new Taker(2)
    hub.add(first)
    await vi.waitFor(() => expect(first.told).toEqual([1, 2]))
    hub.remove(first)
    const second = new Taker()
    hub.add(second)
    await settled(second)
    expect(second.told.slice(-3)).toEqual([9, 10, 'complete'])
  })

  it('is ended when it is let go, also where nobody has read it', async () => {
    const cancelled = vi.fn()
    const hub = hubOf(new ReadableStream({ cancel: cancelled }))
    hub.hold()
    hub.letGo()
    await vi.waitFor(() => expect(cancelled).toHaveBeenCalledOnce())
  })

  it('is not ended by another client that does not want it', async () => {
    const hub = hubOf(count(3))
    hub.hold()
    hub.discard()
    const taker = new Taker()
    hub.add(taker)
    await settled(taker)
    expect(taker.told).toEqual([1, 2, 3, 'complete'])
  })
})
