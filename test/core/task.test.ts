import { afterEach, describe, expect, it, vi } from 'vitest'
import { afterTask } from '../../src/core/task.js'

/** As Node has it, and as a browser has it, where there is no setImmediate. */
describe.each(['Node', 'a browser'])('afterTask in %s', (place) => {
  async function load(): Promise<typeof afterTask> {
    vi.resetModules()
    if (place === 'a browser') vi.stubGlobal('setImmediate', undefined)
    const { afterTask } = await import('../../src/core/task.js')
    vi.unstubAllGlobals()
    return afterTask
  }
  afterEach(() => void vi.useRealTimers())

  it('runs work in order, each behind all microtasks', async () => {
    const afterTask = await load()
    const log: string[] = []
    await new Promise<void>((resolve) => {
      for (const name of ['a', 'b']) {
        afterTask(() => {
          log.push(name)
          queueMicrotask(() => log.push(`behind ${name}`))
        })
      }
      afterTask(resolve)
      queueMicrotask(() => log.push('microtask'))
      log.push('now')
    })
    expect(log).toEqual(['now', 'microtask', 'a', 'behind a', 'b', 'behind b'])
  })

  it('work that asks for more work of its own is run as well', async () => {
    const afterTask = await load()
    let left = 3_000
    await new Promise<void>((resolve) => {
      const next = () => (left-- > 0 ? afterTask(next) : resolve())
      next()
    })
    expect(left).toBe(-1)
  })

  it('goes on where a test has put fake timers in place', async () => {
    const afterTask = await load()
    vi.useFakeTimers()
    await new Promise<void>((resolve) => afterTask(resolve))
  })

  it('where work throws, the rest still comes', async () => {
    const afterTask = await load()
    const listeners = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    const thrown: unknown[] = []
    process.on('uncaughtException', (error) => thrown.push(error))
    try {
      afterTask(() => {
        throw new Error('work')
      })
      await new Promise<void>((resolve) => afterTask(resolve))
      await vi.waitFor(() => expect(thrown).toEqual([new Error('work')]))
    } finally {
      process.removeAllListeners('uncaughtException')
      for (const listener of listeners) process.on('uncaughtException', listener)
    }
  })
})

it('in Node a message and a timer come between two turns', async () => {
  const log: string[] = []
  const { port1, port2 } = new MessageChannel()
  port2.onmessage = () => log.push('message')
  port1.postMessage(0)
  setTimeout(() => log.push('timer'))
  await new Promise<void>((resolve) => {
    let left = 100_000
    const next = () => (left-- > 0 && log.length < 2 ? afterTask(next) : resolve())
    next()
  })
  port1.close()
  expect(log.sort()).toEqual(['message', 'timer'])
})
