/** Promise 4, order. */
import { describe, expect, it } from 'vitest'
import type { Contract } from './harness'
import type { Row } from './row'

export function describeOrder({ transport, start }: Contract): void {
  describe(`${transport}: promise 4, order`, () => {
    it('starts calls in the order they were made, whatever they hold', async () => {
      const { proxy } = start()
      const big = Array.from({ length: 500 }, (_, i) => i)
      for (let i = 0; i < 50; i++) {
        void proxy.log(`a${i}`)
        if (i % 3 === 0) void proxy.echo(big)
        if (i % 5 === 0) void proxy.echo({ small: true })
        if (i % 7 === 0) void proxy.work(2)
      }
      expect(await proxy.readLog()).toEqual(Array.from({ length: 50 }, (_, i) => `a${i}`))
    })

    it('a reply arrives after a snapshot at least as new as what was emitted before it', async () => {
      const { proxy } = start()
      const rows = proxy.watchRows()
      rows.subscribe(() => {})
      for (let i = 1; i <= 50; i++) {
        await proxy.add(`row ${i}`)
        expect(rows.get()).toHaveLength(i)
      }
    })

    it('keeps that when a thousand calls of one tick each bring a reply and a change', async () => {
      const { proxy } = start()
      const rows = proxy.watchRows()
      let snapshots = 0
      rows.subscribe(() => snapshots++)
      await Promise.all(
        Array.from({ length: 1_000 }, async (_, i) => {
          await proxy.add(`row ${i}`)
          expect((rows.get() as Row[]).length).toBeGreaterThan(i)
        }),
      )
      expect(snapshots).toBeLessThan(500)
    })

    it('the first of ten slow calls is not held back by the last', async () => {
      const { proxy, ready } = start()
      await ready
      const settled: number[] = []
      const calls = Array.from({ length: 10 }, (_, i) => proxy.work(5).then(() => settled.push(i)))
      const last = proxy.log('done').then(() => settled.length)
      await calls[0]
      expect(settled).toHaveLength(1)
      expect(await last).toBe(10)
    })
  })
}
