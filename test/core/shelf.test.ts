import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it, vi } from 'vitest'
import { Shelf } from '../../src/core/shelf.js'
import { Snapshots } from '../../src/core/snapshot.js'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const makeStream = () =>
  new Snapshots<unknown>({ linger: 0, open: () => () => {}, iterate: () => expect.unreachable() })
const refuse = () => expect.unreachable()

describe('Shelf', () => {
  it('equal arguments are one stream', () => {
    const shelf = new Shelf()
    const stream = shelf.take('watch', [1, { a: [1, { b: 2, c: 3 }], d: null }], makeStream)
    expect(shelf.take('watch', [1, { d: null, a: [1, { c: 3, b: 2 }] }], refuse)).toBe(stream)
    expect(shelf.take('watch', [1, { a: [1, { b: 2, c: 3 }], d: null }], refuse)).toBe(stream)
  })

  it.each<[unknown[], unknown[]]>([
    [[], [null]],
    [[1], ['1']],
    [[1, 2], [[1, 2]]],
    [[[1, 2]], [[2, 1]]],
    [[{ a: 1 }], [{ a: 1, b: null }]],
    [[{}], [[]]],
    [[true], ['true']],
    [[JSON.parse('{"__proto__":1}')], [{}]],
    [[{ 0: 'a' }], [['a']]],
  ])('%j and %j are two', (a, b) => {
    const shelf = new Shelf()
    expect(shelf.take('watch', a, makeStream)).not.toBe(shelf.take('watch', b, makeStream))
  })

  it('the same arguments of two methods are two', () => {
    const shelf = new Shelf()
    expect(shelf.take('watch', [], makeStream)).not.toBe(shelf.take('watchAll', [], makeStream))
  })

  it('keeps the 64 streams with arguments that were used last, and lets go of the others', async () => {
    const shelf = new Shelf()
    const streams = Array.from({ length: 70 }, (_, i) => new WeakRef(shelf.take('watch', [i], makeStream)))
    shelf.take('watch', [6], makeStream)
    shelf.take('watch', ['new'], makeStream)
    // 0 to 5 were too many; then 'new' pushed 7 out, since 6 had just been used.
    await collected(streams[7])
    const alive = streams.map((stream) => stream.deref() !== undefined)
    expect(alive.filter(Boolean).length).toBe(63)
    expect([alive[5], alive[6], alive[7], alive[8], alive[69]]).toEqual([false, true, false, true, true])
  })

  it('a stream that somebody holds is found again, however many came after it', async () => {
    const shelf = new Shelf()
    const held = shelf.take('watch', [0], makeStream)
    const other = new WeakRef(shelf.take('watch', [1], makeStream))
    for (let i = 2; i < 100; i++) shelf.take('watch', [i], makeStream)
    await collected(other)
    expect(shelf.take('watch', [0], refuse)).toBe(held)
  })

  it('a collected stream makes room for a new one', async () => {
    const shelf = new Shelf()
    const old = new WeakRef(shelf.take('watch', [0], makeStream))
    for (let i = 1; i < 100; i++) shelf.take('watch', [i], makeStream)
    await collected(old)
    const made = vi.fn(makeStream)
    const stream = shelf.take('watch', [0], made)
    await collected(new WeakRef(makeStream()))
    expect(shelf.take('watch', [0], refuse)).toBe(stream)
    expect(made).toHaveBeenCalledOnce()
  })

  it('a stream without arguments is kept for good', async () => {
    const shelf = new Shelf()
    const pinned = new WeakRef(shelf.take('watchTodos', [], makeStream))
    const other = new WeakRef(shelf.take('watch', [0], makeStream))
    for (let i = 1; i < 100; i++) shelf.take('watch', [i], makeStream)
    await collected(other)
    expect(pinned.deref()).toBeDefined()
  })
})

/** Waits until this is gone, and with it whatever else nobody holds. */
async function collected(reference: WeakRef<object> | undefined): Promise<void> {
  await vi.waitFor(() => {
    collectGarbage()
    // Not the stream itself: the error would hold it.
    expect(reference?.deref() === undefined).toBe(true)
  })
}
