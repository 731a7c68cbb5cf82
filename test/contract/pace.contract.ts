/** Promise 6, a slow UI thread never builds a queue. */
import { describe, expect, it, vi } from 'vitest'
import { LimitError } from 'bgthread'
import type { Contract } from './harness'

export function describePace({ transport, start }: Contract): void {
  describe(`${transport}: promise 6, a slow UI thread never builds a queue`, () => {
    it('turns a burst of 10,000 snapshots into a few', async () => {
      const { proxy } = start()
      const seen: unknown[] = []
      proxy.watchCounter().subscribe((value) => seen.push(value))
      await vi.waitFor(() => expect(seen).toEqual([0]))
      await proxy.setMany(10_000)
      expect(seen.at(-1)).toBe(10_000)
      expect(seen.length).toBeLessThanOrEqual(3)
    })

    it('gives a for await every value, as it was emitted', async () => {
      const { proxy } = start()
      const iterator = proxy.watchObservable()[Symbol.asyncIterator]()
      expect(await iterator.next()).toEqual({ done: false, value: 0 })
      await proxy.emitChanging(300)
      for (let i = 1; i <= 300; i++)
        expect(((await iterator.next()).value as unknown as { n: number }).n).toBe(i)
      await iterator.return?.()
      await vi.waitFor(async () => expect(await proxy.countClosed()).toBe(1))
    })

    it('pulls no further than the credit goes', async () => {
      const { proxy } = start()
      const iterator = proxy.countPulled(1_000)[Symbol.asyncIterator]()
      await iterator.next()
      await vi.waitFor(async () => expect(await proxy.readLog()).toHaveLength(64))
      for (let i = 1; i < 1_000; i++) expect((await iterator.next()).value).toBe(i)
      expect(await iterator.next()).toEqual({ done: true, value: undefined })
    })

    it('ends a reader that lets too much wait, and only that', async () => {
      const { proxy } = start({ buffer: 100 })
      const iterator = proxy.watchObservable()[Symbol.asyncIterator]()
      await iterator.next()
      await proxy.emitMany(1_000)
      const drain = async () => {
        while (!(await iterator.next()).done);
      }
      await expect(drain()).rejects.toBeInstanceOf(LimitError)
      expect(await proxy.echo('alive')).toBe('alive')
    })
  })
}
