/** A real worker and a real page, whose stacks are of different sizes: not all that one can say, the other can read. */
import { expect, it, onTestFinished } from 'vitest'
import { bgThread } from 'bgthread'

function deep(levels: number): unknown {
  let value: unknown = 'bottom'
  for (let i = 0; i < levels; i++) value = { value }
  return value
}

it('a call that cannot be read fails, however many follow it, and takes none of them with it', async () => {
  const thread = bgThread(() => import('./fixtures/taker'), { name: 'taker' })
  onTestFinished(() => thread.terminate())
  const { proxy } = thread
  const failures: unknown[] = []
  for (let levels = 1_000; levels <= 5_000; levels += 500) {
    const call = proxy.take(deep(levels)).catch((error: unknown) => failures.push(error))
    const others = Array.from({ length: 300 }, (_, i) => proxy.take([new Date(i)]))
    expect(new Set(await Promise.all(others)).size).toBe(300)
    await call
  }
  // The deepest are refused on this side already.
  expect(failures).toContainEqual(
    expect.objectContaining({
      code: 'NOT_CLONEABLE',
      message: expect.stringContaining('cannot read') as string,
    }),
  )
  expect(thread.stats().pendingCalls).toBe(0)
})
