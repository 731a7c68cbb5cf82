/** One call in a real worker of its own. */
import { expect, it, vi } from 'vitest'
import { bgCompute, ThreadDiedError, transfer } from 'bgthread'

it('runs a function of a module off the page', async () => {
  const { isOnPage } = await bgCompute(() => import('./fixtures/heavy').then((m) => m.count))
  expect(isOnPage).toBe(false)
})

it('runs the function that is a default export, with its arguments moved and its callbacks', async () => {
  const bytes = new ArrayBuffer(1_000)
  const told: number[] = []
  const length = await bgCompute(
    () => import('./fixtures/heavy'),
    transfer(bytes, [bytes]),
    (done) => void told.push(done),
  )
  expect({ length, left: bytes.byteLength }).toEqual({ length: 1_000, left: 0 })
  expect(told).toEqual([1_000])
})

it('keeps its thread warm: one after the other runs in the same', async () => {
  const load = () => import('./fixtures/heavy').then((m) => m.count)
  const calls: number[] = []
  for (let i = 0; i < 10; i++) calls.push((await bgCompute(load)).call)
  const [first = 0] = calls
  expect(calls).toEqual(calls.map((_, i) => first + i))
})

it('gives a result that moves', async () => {
  const bytes = await bgCompute(() => import('./fixtures/heavy').then((m) => m.makeBytes), 5_000_000)
  expect(bytes.byteLength).toBe(5_000_000)
})

it('fails with both stacks', async () => {
  const error = await bgCompute(() => import('./fixtures/heavy').then((m) => m.fail), 'broken').then(
    () => expect.unreachable(),
    (error: unknown) => error as Error,
  )
  expect(error).toBeInstanceOf(RangeError)
  expect(error.stack).toMatch(/heavy\.ts[^]*bgcompute \d+\.run\(\), called by[^]*compute\.browser\.test\.ts/)
})

it('ends its thread at once when its signal aborts, whatever that is at', async () => {
  const load = () => import('./fixtures/heavy').then((m) => m.loop)
  const ended = vi.spyOn(Worker.prototype, 'terminate')
  const controller = new AbortController()
  const reason = new Error('enough')
  const call = bgCompute(load, 60_000, controller.signal)
  await bgCompute(load, 1)
  // Those of other tests end by themselves when they have had nothing to do for long.
  ended.mockClear()
  controller.abort(reason)
  expect(ended).toHaveBeenCalledOnce()
  await expect(call).rejects.toBe(reason)
  ended.mockRestore()
  expect(await bgCompute(load, 2)).toBe(2)
})

it('does not start where its signal has aborted before', async () => {
  const reason = new Error('no')
  const call = bgCompute(
    () => import('./fixtures/heavy').then((m) => m.loop),
    60_000,
    AbortSignal.abort(reason),
  )
  await expect(call).rejects.toBe(reason)
})

it('fails alone when its thread dies, and the next has another', async () => {
  const load = () => import('./fixtures/heavy').then((m) => m.die)
  await expect(bgCompute(load)).rejects.toBeInstanceOf(ThreadDiedError)
  await expect(bgCompute(load)).rejects.toBeInstanceOf(ThreadDiedError)
})

it('is a stream where the function is a generator', async () => {
  const found: number[] = []
  for await (const prime of bgCompute(() => import('./fixtures/heavy').then((m) => m.primes), 20))
    found.push(prime)
  expect(found).toEqual([2, 3, 5, 7, 11, 13, 17, 19])
})

it('has as many threads for one function as there are cores, and no more', async () => {
  const load = () => import('./fixtures/heavy').then((m) => m.loop)
  const cores = navigator.hardwareConcurrency
  expect(await Promise.all(Array.from({ length: cores + 3 }, () => bgCompute(load, 20)))).toEqual(
    Array.from({ length: cores + 3 }, () => 20),
  )
})
