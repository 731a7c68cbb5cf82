/** Without a plugin the function runs in process, behind the same asynchronous, cloning interface. */
import { expect, it, vi } from 'vitest'
import { bgCompute, transfer } from 'bgthread'
import { callSignal } from 'bgthread/worker'

it('gets copies of its arguments, and gives a copy of its result', async () => {
  const kept: unknown[] = []
  const keep = (list: number[]) => {
    kept.push(list)
    return list
  }
  const list = [1, 2]
  const call = bgCompute(async () => keep, list)
  list.push(3)
  const result = await call
  expect(kept).toEqual([[1, 2]])
  expect(result).toEqual([1, 2])
  expect(result).not.toBe(kept[0])
})

it('takes the default export of a module', async () => {
  const bytes = new ArrayBuffer(8)
  expect(await bgCompute(() => import('../browser/fixtures/heavy'), transfer(bytes, [bytes]))).toBe(8)
  expect(bytes.byteLength).toBe(0)
})

it('gets the arguments only, no context', async () => {
  expect(
    await bgCompute(
      async () =>
        (...args: number[]) =>
          args.length,
    ),
  ).toBe(0)
  expect(
    await bgCompute(
      async () =>
        (...args: number[]) =>
          args.length,
      1,
      2,
    ),
  ).toBe(2)
})

it('fails with what the function throws, and both stacks', async () => {
  const fail = (): never => {
    throw new RangeError('broken')
  }
  const error = await bgCompute(async () => fail).then(
    () => expect.unreachable(),
    (error: unknown) => error as Error,
  )
  expect(error).toBeInstanceOf(RangeError)
  const [thread, caller] = error.stack!.split('called by')
  expect(thread).toContain('compute.test.ts')
  expect(caller).toContain('compute.test.ts')
  expect(caller).not.toContain('compute.ts')
})

it('rejects at once when its signal aborts, and tells the function', async () => {
  let heard: AbortSignal | undefined
  const wait = (_options: { signal: AbortSignal }) => {
    heard = callSignal()
    return new Promise<never>(() => {})
  }
  const controller = new AbortController()
  const reason = new Error('enough')
  const call = bgCompute(async () => wait, { signal: controller.signal })
  await vi.waitFor(() => expect(heard).toBeDefined())
  controller.abort(reason)
  await expect(call).rejects.toBe(reason)
  await vi.waitFor(() => expect(heard?.aborted).toBe(true))
})

it('is a stream where the function gives one', async () => {
  async function* count(to: number) {
    for (let i = 1; i <= to; i++) yield i
  }
  const values: number[] = []
  for await (const value of bgCompute(async () => count, 3)) values.push(value)
  expect(values).toEqual([1, 2, 3])
})

it('says what is wrong with its load', async () => {
  expect(() => (bgCompute as (load: unknown) => unknown)('./heavy')).toThrow(
    "bgCompute(load): load must be a function, as in bgCompute(() => import('./logic'))",
  )
  const missing = bgCompute(async () => undefined as unknown as () => void)
  await expect(missing).rejects.toThrow("the logic's module has no such export")
})

it('leaves no thread in process when it is done', async () => {
  const { port1 } = new MessageChannel()
  const closed = vi.spyOn(Object.getPrototypeOf(port1) as MessagePort, 'close')
  await bgCompute(async () => () => 1)
  await vi.waitFor(() => expect(closed).toHaveBeenCalled())
  closed.mockRestore()
})
