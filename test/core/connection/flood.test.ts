import fc from 'fast-check'
import { onTestFinished, describe, expect, it, vi } from 'vitest'
import * as Wire from '../../../src/core/protocol.js'
import { connect, type Pair } from '../pair'
import { turn, watchReports } from '../watch'
import { App } from './app'
import { message } from './messages'

describe('hostile messages', () => {
  /** Nothing may get out of a connection: not as an exception, not as a rejection, not as a report. */
  function watchErrors(): unknown[] {
    const errors = watchReports()
    const listen = (error: unknown) => errors.push(error)
    process.on('uncaughtException', listen)
    process.on('unhandledRejection', listen)
    onTestFinished(() => {
      process.off('uncaughtException', listen)
      process.off('unhandledRejection', listen)
    })
    return errors
  }

  const prototypes = [Object.prototype, Array.prototype, Function.prototype, Error.prototype, Map.prototype]
  const ownKeys = () => prototypes.map((prototype) => Reflect.ownKeys(prototype).length)

  /** Calls both ways that wait, and a stream, before; then whether all of them are as they were. */
  async function withstand(to: 'thread' | 'page', messages: unknown[]) {
    const app = new App()
    const pair: Pair = await connect(app)
    const { page, proxy, forge } = pair
    // What is pending has numbers that no message below hits.
    for (const { asker } of [pair.page, pair.thread]) for (let i = 0; i < 123_456; i++) asker.nextId()
    for (let i = 0; i < 12_345; i++) {
      page.callbacks.add(() => {}, -1)
      page.callbacks.releaseOwner(-1)
    }
    const settled: string[] = []
    let open!: (value: string) => void
    const gate = new Promise<string>((resolve) => (open = resolve))
    const asked = vi.fn(() => gate)
    const call = page.asker.call('wait', [asked])
    call.then(
      () => settled.push('call'),
      () => settled.push('call failed'),
    )
    const seen: unknown[] = []
    page.asker.call('watch', []).subscribe({
      next: (value) => seen.push(value),
      error: () => settled.push('stream failed'),
      complete: () => settled.push('stream complete'),
    })
    await vi.waitFor(() => expect([asked.mock.calls.length, seen]).toEqual([1, [0]]))

    for (const message of messages) forge[to](message)
    await turn()
    expect(await proxy.alive?.()).toBe('alive')
    await turn()
    expect(settled).toEqual([])
    expect(asked).toHaveBeenCalledOnce()
    expect(app.reached).toEqual([])

    open('answer')
    expect(await call).toBe('answer')
    app.count.set(77)
    expect(await proxy.still?.()).toBe('still')
    expect(seen.at(-1)).toBe(77)
    expect(settled).toEqual(['call'])
    pair.close()
  }

  it.each<['thread' | 'page', number[]]>([
    // What the page may really ask, whatever the ids: to end the logic, and to rename or give up calls of its own.
    ['thread', [Wire.CLOSE]],
    ['page', []],
  ])(
    'more than 10,000 to the %s settle nothing, reach nothing, pollute nothing and raise nothing',
    async (to, without) => {
      const errors = watchErrors()
      const before = ownKeys()
      let sent = 0
      await fc.assert(
        fc.asyncProperty(fc.array(message(without), { maxLength: 400, size: 'max' }), async (messages) => {
          sent += messages.length
          await withstand(to, messages)
        }),
        { numRuns: 75 },
      )
      expect(sent).toBeGreaterThan(10_000)
      await turn()
      expect(errors).toEqual([])
      expect(ownKeys()).toEqual(before)
      expect('polluted' in {}).toBe(false)
    },
    60_000,
  )
})
