/** What became of snapshots: each that was emitted was sent, whole or as a patch, or was not, and is counted once. */
import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import * as Wire from '../../src/core/protocol.js'
import { state } from '../../src/core/state.js'
import type { SnapshotStats, ThreadContext, Unsubscribe } from '../../src/core/types.js'
import { connect, TOKEN } from './pair'

const rows = (title = '') => Array.from({ length: 100 }, (_, id) => ({ id, title: `${title} ${id}` }))

const changeRow = (all: readonly { id: number; title: string }[], at: number) =>
  all.map((row) => (row.id === at ? { id: at, title: `changed ${at}` } : row))

async function start() {
  const cell = state(rows())
  let stats: () => SnapshotStats = () => expect.unreachable()
  const pair = await connect((context: ThreadContext) => {
    stats = context.stats
    return { watch: () => cell, ping: () => 'pong' }
  })
  const call = (name: string) => pair.proxy[name]!()
  return {
    ...pair,
    cell,
    subscribe: () => call('watch').subscribe({ next() {}, error() {} }),
    /** All that was emitted has arrived, and was acknowledged. */
    settle: async () => {
      for (let i = 0; i < 5; i++) await call('ping')
    },
    counts: () => stats(),
  }
}

function expectExact({ emitted, skipped, wholes, patches }: SnapshotStats): void {
  expect({ emitted, sum: skipped + wholes + patches }).toEqual({ emitted, sum: emitted })
}

it('a snapshot that waits when its reader leaves was skipped', async () => {
  const { cell, subscribe, settle, counts, thread } = await start()
  for (let i = 0; i < 50; i++) {
    const leave = subscribe()
    await settle()
    const { sent } = thread.stats
    cell.set(rows('in flight'))
    while (thread.stats.sent === sent) await undefined
    cell.set(rows('waits'))
    leave()
    await settle()
  }
  expectExact(counts())
  expect(counts()).toMatchObject({ emitted: 150, skipped: 50 })
})

it('the whole that is sent again counts in place of the patch that did not fit', async () => {
  const { cell, subscribe, settle, counts, forge, page } = await start()
  subscribe()
  await settle()
  cell.set(changeRow(rows(), 5))
  await settle()
  expect(counts()).toMatchObject({ emitted: 2, skipped: 0, wholes: 1, patches: 1 })
  forge.page([TOKEN, Wire.PATCH, 3, Wire.RAW, 'nonsense'])
  await vi.waitFor(() => expect(page.stats.snapshots).toBe(3))
  expect(counts()).toMatchObject({ emitted: 2, skipped: 0, wholes: 2, patches: 0 })
  forge.page([TOKEN, Wire.PATCH, 3, Wire.RAW, 'nonsense'])
  await vi.waitFor(() => expect(page.stats.snapshots).toBe(4))
  expect(counts()).toMatchObject({ emitted: 2, skipped: 0, wholes: 2, patches: 0 })
})

it('a snapshot that cannot be cloned was skipped', async () => {
  const { cell, subscribe, settle, counts } = await start()
  subscribe()
  await settle()
  cell.set([{ id: 1, title: (() => {}) as never }])
  await settle()
  expect(counts()).toMatchObject({ emitted: 2, skipped: 1, wholes: 1, patches: 0 })
})

it('whatever readers, sources and faults do, nothing is counted twice or not at all', async () => {
  const step = fc.constantFrom('join', 'leave', 'set', 'change', 'same', 'nonsense', 'whole', 'turn')
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { cell, subscribe, settle, counts, forge, close, page } = await start()
      const leaves: Unsubscribe[] = []
      for (const [i, step] of steps.entries()) {
        if (step === 'join') leaves.push(subscribe())
        if (step === 'leave') leaves.pop()?.()
        if (step === 'set') cell.set(rows(`set ${i}`))
        if (step === 'change') cell.set(changeRow(cell.get(), i))
        if (step === 'same') cell.set(cell.get())
        // For the newest subscription, whichever it is.
        const id = page.asker.nextId() - 1
        if (step === 'nonsense') forge.page([TOKEN, Wire.PATCH, id, Wire.RAW, 'nonsense'])
        if (step === 'whole') forge.thread([TOKEN, Wire.WHOLE, id, 0, 0])
        if (step === 'turn') await settle()
      }
      await settle()
      expectExact(counts())
      close()
    }),
    { numRuns: 100 },
  )
})
