import { describe, expect, it, vi } from 'vitest'
import { keep } from '../../src/core/keep.js'
import { connect } from './pair'
import { turn } from './watch'

type Listener = (text: string) => Promise<unknown>

class Feed {
  listener: Listener | undefined
  release = () => {}
  listen(listener: Listener) {
    this.listener = listener
  }
  listenOn(listener: Listener) {
    this.listener = listener
    this.release = keep(listener)
  }
  say(text: string) {
    return this.listener?.(text)
  }
  ignore(text: string) {
    void this.listener?.(text)
  }
  end() {
    this.release()
    this.release()
  }
}

describe('keep', () => {
  it('a callback is released with its call: used later it rejects, and is not called', async () => {
    const { proxy, page } = await connect(new Feed())
    const heard = vi.fn()
    await proxy.listen?.(heard)
    expect(page.stats.callbacks).toBe(0)
    await expect(proxy.say?.('late')).rejects.toMatchObject({ code: 'CALLBACK_RELEASED' })
    expect(heard).not.toHaveBeenCalled()
  })

  it('a late call that nobody awaits raises nothing', async () => {
    const raised: unknown[] = []
    const listen = (reason: unknown) => raised.push(reason)
    process.on('unhandledRejection', listen)
    const { proxy } = await connect(new Feed())
    await proxy.listen?.(() => {})
    await proxy.ignore?.('late')
    await turn()
    process.off('unhandledRejection', listen)
    expect(raised).toEqual([])
  })

  it('one that is kept is called until it is released', async () => {
    const { proxy, page } = await connect(new Feed())
    const heard = vi.fn((text: string) => text.toUpperCase())
    await proxy.listenOn?.(heard)
    expect(await proxy.say?.('a')).toBe('A')
    expect(page.stats.callbacks).toBe(1)
    await proxy.end?.()
    expect(page.stats.callbacks).toBe(0)
    await expect(proxy.say?.('b')).rejects.toMatchObject({ code: 'CALLBACK_RELEASED' })
    expect(heard).toHaveBeenCalledOnce()
  })

  it("a function of the thread's own is kept by holding it", () => {
    const feed = new Feed()
    feed.listenOn(async (text) => text)
    feed.end()
    expect(feed.listener).toBeDefined()
  })
})
