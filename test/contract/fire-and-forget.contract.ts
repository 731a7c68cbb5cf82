/** Fire and forget. */
import { describe, expect, it, vi } from 'vitest'
import type { Contract } from './harness'

export function describeFireAndForget({ transport, start }: Contract): void {
  describe(`${transport}: fire and forget`, () => {
    it('sends a call that nobody looks at', async () => {
      const { proxy } = start()
      void proxy.log('sent')
      expect(await proxy.readLog()).toEqual(['sent'])
    })

    it('cancels a call through the key of the adapters', async () => {
      const { proxy } = start()
      const cancel = Symbol.for('bgthread.cancel')
      const call = proxy.untilCancelled()
      await vi.waitFor(async () => expect(await proxy.readLog()).toEqual(['waiting']))
      const reason = new DOMException('enough', 'AbortError')
      ;(call as unknown as Record<symbol, (reason: unknown) => void>)[cancel]?.(reason)
      await expect(call).rejects.toBe(reason)
      await vi.waitFor(async () => expect(await proxy.readLog()).toContain('cancelled: AbortError'))
    })
  })
}
