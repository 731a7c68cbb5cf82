import { describe, expect, it } from 'vitest'
import * as Wire from '../../../src/core/protocol.js'
import { state } from '../../../src/core/state.js'
import { StoreReader } from '../../../src/core/readers.js'
import { makeClient, tick, range } from './client'

describe('Replies', () => {
  it('a reply leaves after the snapshot that was emitted before it', async () => {
    const { said, read, replies } = makeClient()
    const cell = state(0)
    read(StoreReader, cell)
    cell.set(1)
    replies.put(Wire.RETURN, 1, Wire.RAW, 'primitive')
    cell.set(2)
    replies.post([Wire.RETURN, 2, Wire.RAW, ['list']], [])
    cell.set(3)
    await tick()
    expect(said).toEqual([
      ['SNAPSHOT', 2],
      ['RETURN', 'primitive'],
      ['RETURN', ['list']],
    ])
  })

  it('pulls at most four snapshots ahead; then replies wait, as they were said, for one acknowledgement', async () => {
    const { said, read, replies, outbox } = makeClient()
    const cell = state(0)
    const reader = read(StoreReader, cell)
    const list: number[] = []
    for (let i = 1; i <= 7; i++) {
      cell.set(i)
      list.push(i)
      replies.post([Wire.RETURN, i, Wire.RAW, list], [])
    }
    list.push(99)
    replies.put(Wire.RETURN, 8, Wire.RAW, 'last')
    await tick()
    const four = [1, 2, 3, 4].flatMap((i) => [
      ['SNAPSHOT', i],
      ['RETURN', range(1, i + 1)],
    ])
    expect(said).toEqual(four)
    expect(replies.held).toBe(true)

    reader.flow.acknowledged()
    outbox.schedule()
    await tick()
    const rest = [5, 6, 7].map((i) => ['RETURN', range(1, i + 1)])
    expect(said.slice(four.length)).toEqual([['SNAPSHOT', 7], ...rest, ['RETURN', 'last']])
    expect(replies.held).toBe(false)
  })

  it('what is moved with a reply that waits is moved when it was said', async () => {
    const { said, read, replies, outbox } = makeClient()
    const cell = state(0)
    const reader = read(StoreReader, cell)
    const { buffer } = new Uint8Array([7])
    for (let i = 1; i <= 4; i++) {
      cell.set(i)
      replies.post([Wire.RETURN, i, Wire.RAW, [i]], [])
    }
    cell.set(5)
    replies.post([Wire.RETURN, 5, Wire.RAW, buffer], [buffer])
    expect(buffer.byteLength).toBe(0)
    reader.flow.acknowledged()
    outbox.flush()
    expect(said.at(-1)).toEqual(['RETURN', new Uint8Array([7]).buffer])
  })

  it('a reply that cannot be cloned throws and leaves the others be, held or not', async () => {
    const { said, read, replies } = makeClient()
    const cell = state(0)
    read(StoreReader, cell)
    for (let i = 1; i <= 6; i++) {
      cell.set(i)
      replies.put(Wire.RETURN, i, Wire.RAW, i)
      expect(() => replies.post([Wire.RETURN, i, Wire.RAW, () => {}], [])).toThrow('could not be cloned')
    }
    await tick()
    expect(said.filter(([tag]) => tag === 'RETURN')).toEqual([1, 2, 3, 4].map((i) => ['RETURN', i]))
  })
})
