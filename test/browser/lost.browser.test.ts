/** A real worker and a real page: not all that one can say, the other can read. */
import { expect, it, onTestFinished } from 'vitest'
import { server } from 'vitest/browser'
import { bgThread } from 'bgthread'
import { deep } from '../support/unreadable'
import { unknownToWorkers } from './fixtures/unknown'

/** Takes each value amid many calls that can be read. @returns the errors of those that cannot */
async function failuresOf(values: unknown[]): Promise<unknown[]> {
  const thread = bgThread(() => import('./fixtures/taker'), { name: 'taker' })
  onTestFinished(() => thread.terminate())
  const { proxy } = thread
  const failures: unknown[] = []
  for (const value of values) {
    const call = proxy.take(value).catch((error: unknown) => failures.push(error))
    const others = Array.from({ length: 300 }, (_, i) => proxy.take([new Date(i)]))
    expect(new Set(await Promise.all(others)).size).toBe(300)
    await call
  }
  expect(thread.stats().pendingCalls).toBe(0)
  return failures
}

const cannotRead: unknown = expect.objectContaining({
  code: 'NOT_CLONEABLE',
  message: expect.stringContaining('cannot read') as string,
})

it('a call that cannot be read fails, however many follow it, and takes none of them with it', async () => {
  const value = await unknownToWorkers()
  expect(await failuresOf([value, value, value])).toEqual([cannotRead, cannotRead, cannotRead])
})

it('so does one that is too deep for the stack of its reader, where reading needs one', async () => {
  const depths = Array.from({ length: 9 }, (_, i) => 1_000 + i * 500)
  const failures = await failuresOf(depths.map(deep))
  // Firefox writes and reads clones without its stack: nothing is too deep.
  if (server.browser === 'firefox') expect(failures).toEqual([])
  // The deepest are refused on this side already.
  else expect(failures).toContainEqual(cannotRead)
})
