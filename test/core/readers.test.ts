import { describe, expect, it } from 'vitest'
import { LimitError } from '../../src/core/errors.js'
import { WINDOW } from '../../src/core/flow.js'
import { Outbox } from '../../src/core/outbox.js'
import * as Wire from '../../src/core/protocol.js'
import { type Reader, type ReaderClient, StoreReader, ValueReader } from '../../src/core/readers.js'
import { Replies } from '../../src/core/replies.js'
import { Scope } from '../../src/core/scope.js'
import { Hubs } from '../../src/core/sources.js'
import { state } from '../../src/core/state.js'
import { decode } from '../../src/core/thrown.js'
import { transfer } from '../../src/core/transfer.js'

const NAMES = new Map<unknown, string>(
  Object.entries({
    RETURN: Wire.RETURN,
    SNAPSHOT: Wire.SNAPSHOT,
    VALUE: Wire.VALUE,
    COMPLETE: Wire.COMPLETE,
    FAIL: Wire.FAIL,
  }).map(([name, tag]) => [tag, name]),
)

/** One client with an outbox whose messages are cloned, and what it was told: `[tag, value]`. */
function makeClient(buffer = 65_536) {
  const said: [string | undefined, unknown][] = []
  const ended: Reader[] = []
  const dirty = new Set<StoreReader>()
  const send = (reader: StoreReader) => (dirty.delete(reader), reader.send())
  const outbox = new Outbox('token', (message, transfer) => {
    const slots = structuredClone(message, { transfer })
    for (let at = 1; at < slots.length; at += 4)
      said.push([NAMES.get(slots[at]), decode(slots[at + 2], slots[at + 3])])
  })
  outbox.beforeFlush = () => {
    replies.move()
    for (const reader of [...dirty]) if (reader.flow.ready) send(reader)
  }
  const replies = new Replies(outbox, {
    get idle() {
      return dirty.size === 0
    },
    pull() {
      let caughtUp = true
      for (const reader of [...dirty]) {
        if (reader.flow.pullable) send(reader)
        else if (reader.flow.waiting) caughtUp = false
      }
      return caughtUp
    },
  })
  outbox.open()
  const client: ReaderClient = {
    outbox,
    buffer,
    where: 'todos.watchTodos()',
    ended: (reader) => ended.push(reader),
    offered: (reader) => (dirty.add(reader), outbox.schedule()),
  }
  const hubs = new Hubs()
  const read = <R extends Reader>(
    Kind: new (...args: ConstructorParameters<typeof StoreReader>) => R,
    source: object,
    scope = new Scope(),
    owns = true,
  ) => {
    const hub = hubs.of(source)
    const reader = new Kind(1, hub, scope, owns, client)
    hub.add(reader)
    return reader
  }
  return { said, ended, outbox, replies, hubs, read }
}

/** A push source that tells nothing at first. */
function makeSubject() {
  let observer: { next(v: unknown): void; error(e: unknown): void; complete(): void } | undefined
  return {
    pipe() {},
    subscribe(to: typeof observer) {
      observer = to
      return { unsubscribe: () => (observer = undefined) }
    },
    get observer() {
      return observer
    },
    next: (value: unknown) => observer?.next(value),
    error: (error: unknown) => observer?.error(error),
    complete: () => observer?.complete(),
  }
}

const tick = () => Promise.resolve()

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

describe('ValueReader', () => {
  it('sends every value as it was emitted', async () => {
    const { said, read } = makeClient()
    const subject = makeSubject()
    read(ValueReader, subject)
    const list = [1]
    subject.next(list)
    list.push(2)
    subject.next(list)
    subject.next(undefined)
    subject.complete()
    await tick()
    expect(said).toEqual([
      ['VALUE', [1]],
      ['VALUE', [1, 2]],
      ['VALUE', undefined],
      ['COMPLETE', 0],
    ])
  })

  it('values without credit wait as they were emitted, and leave in order as it is granted', async () => {
    const { said, read } = makeClient()
    const subject = makeSubject()
    const reader = read(ValueReader, subject)
    const date = new Date(0)
    for (let i = 0; i < WINDOW + 40; i++) {
      date.setTime(i)
      subject.next(date)
    }
    date.setTime(-1)
    subject.complete()
    await tick()
    expect(said).toEqual(range(0, WINDOW).map((i) => ['VALUE', new Date(i)]))
    reader.grant(32)
    expect(said.length).toBe(WINDOW + 32)
    reader.grant(32)
    await tick()
    expect(said.slice(WINDOW)).toEqual([
      ...range(WINDOW, WINDOW + 40).map((i) => ['VALUE', new Date(i)]),
      ['COMPLETE', 0],
    ])
  })

  it('what waits and is to be moved is moved when it was emitted', () => {
    const { said, read } = makeClient()
    const subject = makeSubject()
    const reader = read(ValueReader, subject)
    for (let i = 0; i < WINDOW; i++) subject.next(i)
    const bytes = new Uint8Array([7])
    subject.next(transfer(bytes, [bytes.buffer]))
    expect(bytes.length).toBe(0)
    reader.grant(1)
    expect(said.at(-1)).toEqual(['VALUE', new Uint8Array([7])])
  })

  it('a reader for whom too many values wait gets a LimitError, and the source is let go', async () => {
    const { said, ended, read } = makeClient(10)
    const subject = makeSubject()
    const reader = read(ValueReader, subject)
    for (let i = 0; i < WINDOW + 10; i++) subject.next(i)
    await tick()
    expect(said.length).toBe(WINDOW)
    subject.next('one too many')
    await tick()
    expect(said.length).toBe(WINDOW + 1)
    expect(said.at(-1)?.[0]).toBe('FAIL')
    expect(said.at(-1)?.[1]).toBeInstanceOf(LimitError)
    expect(String(said.at(-1)?.[1])).toContain('todos.watchTodos(): more than 10 values wait')
    expect([ended, subject.observer]).toEqual([[reader], undefined])
  })

  it('one that is full does not harm another reader of the same source', async () => {
    const { said, read } = makeClient(0)
    const subject = makeSubject()
    read(ValueReader, subject)
    read(StoreReader, subject)
    for (let i = 0; i <= WINDOW + 1; i++) subject.next(i)
    await tick()
    expect(said.at(-1)).toEqual(['SNAPSHOT', WINDOW + 1])
  })

  it('a value that cannot be cloned fails this stream, with its path', async () => {
    for (const before of [0, WINDOW]) {
      const { said, read, ended } = makeClient()
      const subject = makeSubject()
      read(ValueReader, subject)
      for (let i = 0; i < before; i++) subject.next(i)
      subject.next([() => {}])
      await tick()
      await tick()
      expect(said.at(-1)).toMatchObject(['FAIL', { path: 'value[0]' }])
      expect([said.length, ended.length]).toEqual([before + 1, 1])
    }
  })
})

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

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}
