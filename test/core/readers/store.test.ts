import { describe, expect, it } from 'vitest'
import { Scope } from '../../../src/core/scope.js'
import { state } from '../../../src/core/state.js'
import { StoreReader } from '../../../src/core/readers.js'
import { makeClient, makeSubject, tick } from './client'

describe('StoreReader', () => {
  it('sends the newest of what was emitted in one tick', async () => {
    const { said, read } = makeClient()
    const cell = state(0)
    read(StoreReader, cell)
    for (let i = 1; i <= 100; i++) cell.set(i)
    await tick()
    expect(said).toEqual([['SNAPSHOT', 100]])
  })

  it('sends nothing more until the snapshot in flight is acknowledged, then the newest', async () => {
    const { said, read, outbox } = makeClient()
    const cell = state(0)
    const reader = read(StoreReader, cell)
    await tick()
    cell.set(1)
    await tick()
    cell.set(2)
    await tick()
    expect(said).toEqual([['SNAPSHOT', 0]])
    reader.flow.acknowledged()
    outbox.schedule()
    await tick()
    expect(said).toEqual([
      ['SNAPSHOT', 0],
      ['SNAPSHOT', 2],
    ])
  })

  it('a snapshot is taken when it is sent: what was changed in place after the emission is in it', async () => {
    const { said, read } = makeClient()
    const cell = state([1])
    read(StoreReader, cell)
    cell.get().push(2)
    await tick()
    cell.get().push(3)
    expect(said).toEqual([['SNAPSHOT', [1, 2]]])
  })

  it.each([[undefined], [null], [0], [''], [false]])('%s is a snapshot', async (value) => {
    const { said, read } = makeClient()
    read(StoreReader, state<unknown>(value))
    await tick()
    expect(said).toEqual([['SNAPSHOT', value]])
  })

  it('says the end after the last snapshot, even if that has to wait', async () => {
    const { said, ended, read, outbox } = makeClient()
    const subject = makeSubject()
    const reader = read(StoreReader, subject)
    subject.next(1)
    await tick()
    subject.next(2)
    subject.complete()
    await tick()
    expect([said, ended]).toEqual([[['SNAPSHOT', 1]], []])
    reader.flow.acknowledged()
    outbox.schedule()
    await tick()
    await tick()
    expect(said).toEqual([
      ['SNAPSHOT', 1],
      ['SNAPSHOT', 2],
      ['COMPLETE', 0],
    ])
    expect(ended).toEqual([reader])
  })

  it('a snapshot that cannot be cloned fails this stream, also where looking at it has emitted a newer one', async () => {
    const { said, ended, read } = makeClient()
    const subject = makeSubject()
    read(StoreReader, subject)
    subject.next({
      get emits() {
        subject.next(2)
        return 1
      },
      view: () => {},
    })
    await tick()
    await tick()
    expect(said).toMatchObject([['FAIL', { code: 'NOT_CLONEABLE', path: 'snapshot.view' }]])
    expect(ended.length).toBe(1)
  })

  it('a snapshot that cannot be cloned fails this stream, with its path, and ends the subscription', async () => {
    const { said, ended, read } = makeClient()
    const subject = makeSubject()
    read(StoreReader, subject)
    subject.next({ view: () => {} })
    await tick()
    await tick()
    expect(said).toMatchObject([['FAIL', { code: 'NOT_CLONEABLE', path: 'snapshot.view' }]])
    expect(ended.length).toBe(1)
    expect(subject.observer).toBeUndefined()
  })

  it('a failure tells what was thrown', async () => {
    for (const thrown of [new RangeError('e'), 0, undefined]) {
      const { said, read } = makeClient()
      const subject = makeSubject()
      read(StoreReader, subject)
      subject.error(thrown)
      await tick()
      expect(said).toEqual([['FAIL', thrown]])
    }
  })

  it('one that leaves ends the subscription and aborts the scope that it owns', () => {
    const { read } = makeClient()
    const subject = makeSubject()
    const own = new Scope()
    read(StoreReader, subject, own).leave()
    expect([subject.observer, own.aborted, own.released]).toEqual([undefined, true, true])
    const shared = new Scope()
    read(StoreReader, makeSubject(), shared, false).leave()
    expect([shared.aborted, shared.released]).toEqual([false, false])
  })

  it('a stream that ends by itself releases its scope and aborts nothing', () => {
    const { read } = makeClient()
    const subject = makeSubject()
    const own = new Scope()
    read(StoreReader, subject, own)
    subject.complete()
    expect([own.aborted, own.released]).toEqual([false, true])
  })
})

describe('memory for pictures', () => {
  const rows = (title: string) => Array.from({ length: 1_000 }, (_, id) => ({ id: `${title} ${id}`, title }))

  it('is counted once where two readers have the same, and twice where one has nothing of the newest', async () => {
    const { read, hubs, outbox } = makeClient()
    const cell = state(rows('old'))
    const fast = read(StoreReader, cell)
    const slow = read(StoreReader, cell)
    const change = async (to: ReturnType<typeof rows>) => {
      cell.set(to)
      fast.flow.acknowledged()
      outbox.schedule()
      await tick()
      return hubs.stats.slots
    }
    await tick()
    const { slots } = hubs.stats
    expect(slots).toBeGreaterThan(1_000)

    // The list itself, and one row.
    const two = await change(cell.get().map((row, at) => (at === 5 ? { ...row, title: 'new' } : row)))
    expect(two - slots).toBeGreaterThan(1_000)
    expect(two - slots).toBeLessThan(1_020)

    expect(await change(rows('new'))).toBe(2 * slots)
    slow.leave()
    expect(hubs.stats.slots).toBe(slots)
    fast.leave()
    expect(hubs.stats.slots).toBe(0)
  })
})
