/** What cannot be read on the other side is told there: nothing waits for it, and nothing looks as if it had come. */
import { beforeAll, describe, expect, it, vi } from 'vitest'
import * as Wire from '../../../src/core/protocol.js'
import { sayThrown } from '../../../src/core/say.js'
import { state } from '../../../src/core/state.js'
import type { Observer, StreamStatus } from '../../../src/core/types.js'
import { connect, TOKEN, type Pair } from '../pair'
import { turn } from '../watch'
import { deep, findUnreadable } from '../../support/unreadable'

let unreadable: unknown
beforeAll(async () => {
  unreadable = deep(await findUnreadable())
})

const NOT_READ = { code: 'NOT_CLONEABLE', message: expect.stringContaining('cannot read') as string }

/** More than are remembered without asking. */
const MANY = 1_000
const many = Array.from({ length: MANY }, (_, i) => ({ i, at: new Date(i) }))

/** Writes down what a stream tells. */
function observe(to: { subscribe(observer: Observer<unknown>): unknown }) {
  const told: unknown[] = []
  let status: StreamStatus | undefined
  to.subscribe({
    next: (value) => told.push(value),
    error: (error) => told.push(error),
    complete: () => told.push('complete'),
    status: (now) => (status = now),
  })
  return { told, status: () => status }
}

/** What a loop over a stream gets, and how it ends. */
async function loop(over: AsyncIterable<unknown>): Promise<unknown[]> {
  const got: unknown[] = []
  try {
    for await (const value of over) got.push(value)
    return [...got, 'end']
  } catch (error) {
    return [...got, error]
  }
}

/** Emits more in the task in which the first snapshot has left: nothing is known of that yet. */
async function emitOnceItHasLeft({ thread }: Pair, emit: () => void): Promise<void> {
  const { sent } = thread.stats
  while (thread.stats.sent === sent) await undefined
  emit()
}

const stream = (pair: Pair, name: string) =>
  (pair.proxy[name] as () => unknown)() as {
    subscribe(observer: Observer<unknown>): unknown
  } & AsyncIterable<unknown>

describe('calls', () => {
  it('an argument that is not read fails its call, however many follow it', async () => {
    const pair = await connect({ take: (value: unknown) => value })
    const lost = pair.proxy.take!(unreadable)
    const others = many.map((value) => pair.proxy.take!(value))
    await expect(lost).rejects.toMatchObject(NOT_READ)
    expect(await Promise.all(others)).toEqual(many)
    expect(pair.page.stats.pendingCalls).toBe(0)
  })

  it('a result that is not read fails its call, however many follow it', async () => {
    const pair = await connect({ give: (at: number) => (at === 0 ? unreadable : many[at]) })
    const [lost, ...others] = many.map((_, at) => pair.proxy.give!(at))
    await expect(lost).rejects.toMatchObject(NOT_READ)
    expect(await Promise.all(others)).toEqual(many.slice(1))
  })

  it('every one of many that are not read is told', async () => {
    const pair = await connect({ take: (value: unknown) => value })
    const calls = many.map((value, at) => pair.proxy.take!(at % 3 === 0 ? unreadable : value))
    const settled = await Promise.allSettled(calls)
    expect(settled.filter(({ status }, at) => (status === 'rejected') !== (at % 3 === 0))).toEqual([])
  })

  it('what was read is forgotten, as soon as there is much of it', async () => {
    const pair = await connect({ take: (value: unknown) => value })
    const calls = many.map((value) => pair.proxy.take!(value))
    expect(pair.page.outbox.remembered).toBeGreaterThanOrEqual(MANY)
    await Promise.all(calls)
    for (const { outbox } of [pair.page, pair.thread])
      await vi.waitFor(() => expect(outbox.remembered).toBeLessThan(200))
  })

  it('a reason that is not read aborts all the same', async () => {
    let aborted: unknown
    const pair = await connect({
      wait: ({ signal }: { signal: AbortSignal }) =>
        new Promise(() => signal.addEventListener('abort', () => (aborted = signal.reason))),
    })
    const controller = new AbortController()
    const call = pair.proxy.wait!({ signal: controller.signal })
    await turn()
    controller.abort(unreadable)
    await call.catch(() => {})
    await vi.waitFor(() => expect(aborted).toMatchObject(NOT_READ))
  })

  it('what is thrown and not read rejects all the same', async () => {
    const pair = await connect({
      fail() {
        throw unreadable
      },
    })
    await expect(pair.proxy.fail!()).rejects.toMatchObject(NOT_READ)
  })
})

it('an error that nothing has caught and that is not read is told all the same', async () => {
  const { thread, uncaught } = await connect({})
  sayThrown(thread.outbox, Wire.UNCAUGHT, 0, Object.assign(new Error('e'), { unreadable }), 'uncaught')
  await vi.waitFor(() => expect(uncaught).toEqual([expect.objectContaining(NOT_READ)]))
})

describe('stores', () => {
  it('a snapshot that is not read fails its stream, also while a newer one waits', async () => {
    const cell = state(unreadable)
    const pair: Pair = await connect({
      watch() {
        void emitOnceItHasLeft(pair, () => cell.set('second'))
        return cell
      },
    })
    const { told, status } = observe(stream(pair, 'watch'))
    await vi.waitFor(() => expect(told).toEqual([expect.objectContaining(NOT_READ)]))
    expect(status()).toBe('error')
    // Who reads it again begins anew, and has the newest.
    const again = observe(stream(pair, 'watch'))
    await vi.waitFor(() => expect(again.told[0]).toBe('second'))
  })

  it('a last snapshot that is not read does not look like a good end', async () => {
    const pair = await connect({
      async *watch() {
        yield 'small'
        await turn()
        yield unreadable
      },
    })
    const { told } = observe(stream(pair, 'watch'))
    await vi.waitFor(() => expect(told.length).toBeGreaterThan(1))
    await turn()
    expect(told).toEqual(['small', expect.objectContaining(NOT_READ)])
  })

  it('a good end comes through while something else is missing', async () => {
    const pair = await connect({
      give: () => unreadable,
      async *watch() {
        yield 1
      },
    })
    const lost = pair.proxy.give!()
    const { told } = observe(stream(pair, 'watch'))
    await expect(lost).rejects.toMatchObject(NOT_READ)
    await vi.waitFor(() => expect(told).toEqual([1, 'complete']))
  })

  it('an end that comes while the whole is asked for is a failure', async () => {
    let end = () => {}
    const rows = Array.from({ length: 100 }, (_, id) => ({ id }))
    const pair = await connect({
      watch: () => ({
        pipe() {},
        subscribe(observer: Required<Observer<unknown>>) {
          observer.next(rows)
          end = () => observer.complete()
        },
      }),
    })
    const { told } = observe(stream(pair, 'watch'))
    await vi.waitFor(() => expect(told).toEqual([rows]))
    pair.forge.page([TOKEN, Wire.PATCH, 3, Wire.RAW, 'nonsense'])
    end()
    await vi.waitFor(() => expect(told).toHaveLength(2))
    expect(told[1]).toMatchObject({ code: 'NOT_CLONEABLE', path: 'snapshot' })
  })
})

describe('for await', () => {
  it('a last value that is not read does not look like a good end', async () => {
    const pair = await connect({
      async *watch() {
        yield 'small'
        yield unreadable
      },
    })
    expect(await loop(stream(pair, 'watch'))).toEqual(['small', expect.objectContaining(NOT_READ)])
  })

  it('a value that is not read fails the loop at once, also while others wait for credit', async () => {
    const cell = state<unknown>(unreadable)
    const pair: Pair = await connect({
      watch() {
        void emitOnceItHasLeft(pair, () => {
          for (let i = 0; i < 100; i++) cell.set(i)
        })
        return cell
      },
    })
    const got = await loop(stream(pair, 'watch'))
    expect(got.length).toBeLessThan(100)
    expect(got.at(-1)).toMatchObject(NOT_READ)
  })

  it('a failure that is not read is a failure', async () => {
    const pair = await connect({
      async *watch() {
        yield 1
        throw unreadable
      },
    })
    expect(await loop(stream(pair, 'watch'))).toEqual([1, expect.objectContaining(NOT_READ)])
  })
})
