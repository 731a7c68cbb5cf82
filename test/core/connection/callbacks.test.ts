import { describe, expect, it } from 'vitest'
import { state } from '../../../src/core/state.js'
import { connect } from '../pair'

describe('callbacks', () => {
  it('in a Set and under an object key of a Map are called', async () => {
    class Caller {
      async call(set: Set<() => unknown>, map: Map<{ id: number }, (n: number) => unknown>) {
        const [[key, mapped]] = [...map] as [[{ id: number }, (n: number) => unknown]]
        return [...(await Promise.all([...set].map((one) => one()))), await mapped(key.id)]
      }
    }
    const { proxy } = await connect(new Caller())
    const map = new Map([[{ id: 5 }, (n: number) => n * 2]])
    expect(await proxy.call?.(new Set([() => 'a', () => 'b']), map)).toEqual(['a', 'b', 10])
  })

  it('that give a stream give none to a thread which does not read streams', async () => {
    class Reader {
      read(open: () => Promise<unknown>) {
        return open()
      }
    }
    const { proxy } = await connect(new Reader())
    await expect(proxy.read?.(() => state(1))).rejects.toMatchObject({ code: 'NOT_CLONEABLE' })
  })
})
