import { describe, expect, it, vi } from 'vitest'
import * as Wire from '../../../src/core/protocol.js'
import { connect, TOKEN } from '../pair'
import { turn } from '../watch'
import { App } from './app'

describe('hostile messages', () => {
  it('a second start is none: the logic and its state stay', async () => {
    const made = vi.fn()
    class Once {
      n = 0
      constructor() {
        made()
      }
      add() {
        return ++this.n
      }
    }
    const { proxy, forge } = await connect(Once)
    expect(await proxy.add?.()).toBe(1)
    forge.thread([TOKEN, Wire.START, 99, { name: 'x', epoch: 1, buffer: 1 }, 0])
    expect(await proxy.add?.()).toBe(2)
    expect(made).toHaveBeenCalledOnce()
  })

  it('a malformed end of a stream does not leave its reader waiting for ever', async () => {
    const app = new App()
    const { page, forge, proxy } = await connect(app)
    const seen: unknown[] = []
    page.asker.call('watch', []).subscribe({ next: (value) => seen.push(value), error: () => {} })
    await vi.waitFor(() => expect(seen).toEqual([0]))
    for (let id = 0; id < 10; id++) forge.page([TOKEN, Wire.FAIL, id, Wire.ERROR, null])
    await turn()
    await proxy.add?.(5)
    expect(seen).toEqual([0, 5])
  })

  it('are counted', async () => {
    const { page, forge } = await connect(new App())
    for (const hostile of [
      'text',
      null,
      ['token', Wire.RETURN, 2, 0, 0],
      [TOKEN, 99, 0, 0, 0],
      [TOKEN, Wire.RETURN, 99, 0, 0],
    ])
      forge.page(hostile)
    await vi.waitFor(() => expect(page.stats.ignored).toBe(5))
  })

  it('without the token nothing is called', async () => {
    const app = new App()
    const { forge, proxy } = await connect(app)
    const add = [Wire.NAME, 7, 'add', 0, Wire.CALL, 50, 7, 1, 5]
    for (const token of ['bgthread:', `${TOKEN} `, null, [TOKEN], undefined]) forge.thread([token, ...add])
    forge.thread(add)
    await proxy.alive?.()
    expect(app.count.get()).toBe(0)
    forge.thread([TOKEN, ...add])
    await proxy.alive?.()
    expect(app.count.get()).toBe(5)
  })

  it.each<[string, unknown[]]>([
    ['an object that has a length', [Wire.JSON_ARGS, '{"length":1}']],
    ['a number', [Wire.JSON_ARGS, '5']],
    ['no text', [Wire.JSON_ARGS, {}]],
    ['rich, and no list', [Wire.RICH_ARGS, { length: 1 }, []]],
  ])('arguments that are %s call nothing', async (_, args) => {
    const app = new App()
    const { forge, proxy } = await connect(app)
    forge.thread([TOKEN, Wire.NAME, 7, 'add', 0, Wire.CALL, 50, 7, ...args])
    await proxy.alive?.()
    expect(app.count.get()).toBe(0)
  })

  it('a message is dropped from its first malformed op on, and taken up to it', async () => {
    const app = new App()
    const { forge, proxy } = await connect(app)
    forge.thread([
      TOKEN,
      Wire.NAME,
      0,
      'add',
      0,
      Wire.CALL,
      50,
      0,
      1,
      5,
      Wire.CALL,
      51,
      0,
      99,
      7,
      Wire.CALL,
      52,
      0,
      1,
      7,
    ])
    await proxy.alive?.()
    expect(app.count.get()).toBe(5)
  })
})
