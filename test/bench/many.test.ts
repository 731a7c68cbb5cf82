/** What the measures of many threads are made of: calls by hand, and drivers that check what they are given. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { drive as driveCompute } from '../../bench/many/compute/driver'
import { total } from '../../bench/many/compute/total'
import { answerOn, callerOf } from '../../bench/many/hand'
import { drive as drivePools, type PoolClient } from '../../bench/many/pools/driver'
import { atOnce, middleAtOnce, oneByOne } from '../../bench/many/trips'

describe('calls by hand', () => {
  let channel: MessageChannel
  beforeEach(() => {
    channel = new MessageChannel()
  })
  afterEach(() => channel.port1.close())

  it('are answered with what the function gives, whichever is done first', async () => {
    let finish = (_value: string) => {}
    answerOn(channel.port2, {
      slow: () => new Promise<string>((resolve) => (finish = resolve)),
      fast(value: string) {
        finish('slow')
        return value
      },
    })
    const call = callerOf(channel.port1)
    expect(await Promise.all([call('slow', []), call('fast', ['fast'])])).toEqual(['slow', 'fast'])
  })

  it('reject with what the function throws', async () => {
    answerOn(channel.port2, {
      fail() {
        throw new RangeError('no such row')
      },
    })
    await expect(callerOf(channel.port1)('fail', [])).rejects.toThrow(new RangeError('no such row'))
  })

  it('go both ways over one channel', async () => {
    const there = callerOf(channel.port1)
    const back = callerOf(channel.port2)
    answerOn(channel.port1, { double: (value: number) => 2 * value })
    answerOn(channel.port2, {
      quadruple: async (value: number) => 2 * (await back<number>('double', [value])),
    })
    expect(await there('quadruple', [4])).toBe(16)
  })

  it('move what they are told to', async () => {
    answerOn(channel.port2, { length: (bytes: ArrayBuffer) => bytes.byteLength })
    const bytes = new ArrayBuffer(8)
    expect(await callerOf(channel.port1)('length', [bytes], [bytes])).toBe(8)
    expect(bytes.byteLength).toBe(0)
  })
})

describe('ways there and back', () => {
  const add = async (a: number, b: number) => a + b

  it('have a time', async () => {
    expect(await oneByOne(add, 10)).toBeGreaterThanOrEqual(0)
    expect(await atOnce(add, 10)).toBeGreaterThanOrEqual(0)
    expect(await middleAtOnce(add, 10)).toBeGreaterThanOrEqual(0)
  })

  it('have none where a sum is wrong', async () => {
    await expect(oneByOne(async (a) => a, 4)).rejects.toThrow('4 sums make 6 and not 10')
    await expect(atOnce(async (a) => 4 - a, 4)).rejects.toThrow('a sum is that of another call')
  })
})

describe('in a page', () => {
  beforeEach(() => {
    vi.stubEnv('PROD', true)
    vi.stubGlobal('navigator', { hardwareConcurrency: 3 })
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    vi.unstubAllGlobals()
  })

  it('that was built for development nothing is measured', () => {
    vi.stubEnv('PROD', false)
    expect(() => driveCompute(async () => 0)).toThrow('this page was built for development')
  })

  it('a pool counts only where each task has its own result', async () => {
    drivePools(() => poolOf((task) => ({ task: 0, thread: task % 2 })))
    await expect(pools.start()).rejects.toThrow('a result is that of another task')
  })

  it('a pool counts only where all of its threads have done something', async () => {
    drivePools(() => poolOf((task) => ({ task, thread: 1 })))
    await expect(pools.start()).rejects.toThrow('1 of 3 threads have done something')
  })

  it('a pool is started with a thread for each core, given its tasks, and ended', async () => {
    const done: string[] = []
    drivePools((size) => ({
      async work(task, ms) {
        done.push(`${task} of ${ms} ms`)
        return { task, thread: task % size }
      },
      end: () => done.push('end'),
    }))
    await pools.start()
    expect(done.splice(0)).toEqual(['0 of 0 ms', '1 of 0 ms', '2 of 0 ms'])
    await pools.run(100, 7)
    pools.end()
    expect(done).toEqual([...Array.from({ length: 100 }, (_, task) => `${task} of 7 ms`), 'end'])
  })

  it('a computation counts only where its total is right', async () => {
    driveCompute(async (text) => total(text))
    expect(await compute.times(19)).toHaveLength(19)
    driveCompute(async () => 4950)
    await expect(compute.times(2)).rejects.toThrow('the total is 4950 and not 9900')
  })
})

const poolOf = (work: (task: number) => { task: number; thread: number }): PoolClient => ({
  work: async (task) => work(task),
  end: () => {},
})
