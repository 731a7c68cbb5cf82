import { describe, expect, it } from 'vitest'
import { connect } from '../pair'

/** Says and takes what is hard to say and to take. */
class Awkward {
  async giveHostile() {
    return {
      get subscribe() {
        throw new RangeError('hostile')
      },
    }
  }
  fail() {
    throw Object.defineProperty(new RangeError('e'), 'code', {
      enumerable: true,
      get: () => {
        throw new Error('hostile')
      },
    })
  }
  echo(...args: unknown[]) {
    return args
  }
  take(options: { signal: AbortSignal; on?: () => void }) {
    return options.signal.aborted
  }
}

describe('every call is settled', () => {
  it('where an error has a getter that throws', async () => {
    const { proxy } = await connect(new Awkward())
    await expect(proxy.fail?.()).rejects.toMatchObject({ name: 'RangeError', message: 'e' })
  })

  it('where a result cannot even be looked at', async () => {
    const { proxy } = await connect(new Awkward())
    await expect(proxy.giveHostile?.()).rejects.toThrow('hostile')
  })

  it('where an argument cannot even be looked at', async () => {
    const { proxy, page } = await connect(new Awkward())
    const revocable = Proxy.revocable({}, {})
    revocable.revoke()
    await expect(proxy.echo?.(1, { a: revocable.proxy })).rejects.toMatchObject({ code: 'NOT_CLONEABLE' })
    expect(page.stats.pendingCalls).toBe(0)
  })

  it('and a signal that has aborted before leaves nothing behind', async () => {
    const { proxy, page } = await connect(new Awkward())
    const late = new AbortController()
    const call = proxy.take?.({
      signal: AbortSignal.abort(new Error('early')),
      on: () => {},
      late: late.signal,
    })
    await expect(call).rejects.toThrow('early')
    expect(page.stats).toMatchObject({ pendingCalls: 0, callbacks: 0, signals: 0 })
  })
})
