/** Objects of the platform in snapshots: what did not change stays the same object on the page. */
import { describe, expect, it, vi } from 'vitest'
import { bgThread } from 'bgthread'
import { endAfterEach } from '../support/end-after-each'
import type { PlatformRow } from './fixtures/platform-rows'

const track = endAfterEach()
const COUNT = 50

function open() {
  const { proxy } = track(bgThread(() => import('./fixtures/platform-rows'), { name: 'rows', linger: 0 }))
  const stream = proxy.watch()
  const errors: Error[] = []
  stream.subscribe({ error: (error) => errors.push(error as Error) })
  const rows = () => stream.get() as PlatformRow[]
  return { proxy, rows, errors }
}

/** @returns how many rows, and how many of the objects that they hold, are the same as before */
const kept = (before: PlatformRow[], now: PlatformRow[]) => [
  now.filter((row) => before.includes(row)).length,
  now.filter(({ it }) => before.some((row) => row.it === it)).length,
]

const MUTABLE = /Image(Data)|DOM(Rect|Point|Matrix|Quad)|Error with|Aggregate/

describe('rows that hold objects of the platform', () => {
  it('stay the same objects where one of them is renamed, replaced, moved or changed in place', async () => {
    const { proxy, rows, errors } = open()
    for (const kind of await proxy.kinds()) {
      await proxy.fill(kind, COUNT)
      const first = rows()
      expect([kind, first.length]).toEqual([kind, COUNT])
      await proxy.rename(7, 'renamed')
      const renamed = rows()
      expect([kind, ...kept(first, renamed)]).toEqual([kind, COUNT - 1, COUNT])
      expect(renamed[7]).toMatchObject({ title: 'renamed' })
      await proxy.renameInPlace(8, 'renamed')
      expect([kind, ...kept(renamed, rows())]).toEqual([kind, COUNT - 1, COUNT])
      await proxy.reverse()
      expect([kind, ...kept(renamed, rows())]).toEqual([kind, COUNT - 1, COUNT])
      await proxy.reverse()
      const before = rows()
      await proxy.replace(kind, 9)
      expect([kind, ...kept(before, rows())]).toEqual([kind, COUNT - 1, COUNT - 1])
      if (MUTABLE.test(kind)) {
        const unchanged = rows()
        await proxy.change(3)
        // An engine may not clone the errors of an AggregateError: then there is no change to be seen.
        const [rowsKept] = kept(unchanged, rows())
        expect([kind, rowsKept]).toEqual([kind, COUNT - 1])
      }
    }
    expect(errors).toEqual([])
  })

  it('stay the same objects where all of them hold the same one', async () => {
    const { proxy, rows } = open()
    for (const kind of [
      'a CryptoKey',
      'a directory handle',
      'a WebAssembly.Module',
      'an ImageBitmap',
      'a Blob',
    ]) {
      await proxy.fill(kind, COUNT, true)
      const first = rows()
      expect(new Set(first.map(({ it }) => it)).size).toBe(1)
      await proxy.rename(7, 'renamed')
      expect([kind, ...kept(first, rows())]).toEqual([kind, COUNT - 1, COUNT])
      await proxy.replace(kind, 9)
      expect([kind, ...kept(first, rows())]).toEqual([kind, COUNT - 2, COUNT - 1])
      // In a new place it is the same object, too.
      await proxy.copy(1, 9)
      expect(new Set(rows().map(({ it }) => it)).size).toBe(1)
      const all = rows()
      await proxy.rename(3, 'renamed')
      expect([kind, ...kept(all, rows())]).toEqual([kind, COUNT - 1, COUNT])
    }
  })

  it('what is put into a second row is one object in both', async () => {
    const { proxy, rows } = open()
    await proxy.fill('an ImageBitmap', 5)
    await proxy.copy(1, 3)
    expect(rows()[3]?.it).toBe(rows()[1]?.it)
    await proxy.copy(2, 3)
    expect(rows()[3]?.it).toBe(rows()[2]?.it)
    expect(new Set(rows().map(({ it }) => it)).size).toBe(4)
  })

  it.each(['close', 'move'] as const)(
    'what cannot cross any more after a %s fails the stream, as ever',
    async (how) => {
      for (const kind of ['an ImageBitmap', 'a VideoFrame', 'an AudioData']) {
        const { proxy, rows, errors } = open()
        await proxy.fill(kind, 3)
        await proxy.rename(0, 'renamed')
        expect(rows()[0]?.title).toBe('renamed')
        await proxy.spend(1, how)
        await vi.waitFor(() => expect(errors).toHaveLength(1))
        expect([kind, errors[0]]).toMatchObject([kind, { code: 'NOT_CLONEABLE', path: 'snapshot[1].it' }])
      }
    },
  )
})
