/** What only browsers throw. */
import { describe, expect, it } from 'vitest'
import { bgThread } from 'bgthread'
import { endAfterEach } from '../support/end-after-each'
import { read } from './fixtures/thrower'

const track = endAfterEach()
const start = () => track(bgThread(() => import('./fixtures/thrower'), { name: 'thrower' })).proxy
const thrown = (call: Promise<unknown>) =>
  call.then(
    () => expect.unreachable(),
    (error: unknown) => error as Error & Record<string, unknown>,
  )

type Scope = Record<string, { prototype: object } | undefined>
const classOf = (name: string) =>
  (globalThis as unknown as Scope)[name] ?? (WebAssembly as unknown as Scope)[name]

describe('an error that a browser throws in a worker', () => {
  it('is the same class of the platform, with all of its fields', async () => {
    const proxy = start()
    const classes = await proxy.classes()
    for (const name of ['DOMException', 'CompileError', 'AggregateError', 'Error'])
      expect(classes).toContain(name)
    for (const name of classes) {
      const error = await thrown(proxy.throwOne(name))
      expect([name, Object.getPrototypeOf(error)]).toEqual([name, classOf(name)?.prototype])
      expect(read(error)).toMatchObject(await proxy.readOne(name))
    }
  })

  it('keeps what can cross of a Response, a request and its settings', async () => {
    const url = new URL('/nothing-here.json', location.href).href
    const error = await thrown(start().throwAnswer(url))
    const { response, config, bytes, cause } = error
    expect(response).toMatchObject({
      url,
      ok: expect.any(Boolean) as boolean,
      status: expect.any(Number) as number,
    })
    expect((response as { headers: object }).headers).not.toEqual({})
    expect(cause).toBe(response)
    expect(config).toEqual({ url })
    expect(await (bytes as Blob).text()).toBe('ab')
    expect(Object.keys(error)).toEqual(['response', 'config', 'bytes'])
  })

  it('is described where it is no error and cannot be cloned', async () => {
    const proxy = start()
    const event = await thrown(proxy.throwThing('event'))
    expect(event.message).toContain('thrower.throwThing(): an instance of ErrorEvent (no row) was thrown')
    expect((await thrown(proxy.throwThing('port'))).message).toContain(
      'an instance of MessagePort was thrown, and it cannot be cloned. Throw an Error, or plain data',
    )
    const response = await thrown(proxy.throwThing('response'))
    expect(response.message).toContain('an instance of Response was thrown')
    expect(response.cause).toMatchObject({ status: 418 })
  })

  it('a module that throws what cannot be cloned tells so', async () => {
    const thread = track(bgThread(() => import('./fixtures/throwing-oddly'), { name: 'odd' }))
    const error = await thrown(thread.ready)
    expect(error.message).toContain(
      "thread 'odd' could not start: odd: its module: an object (status, retry) was thrown, and thrown.retry cannot be cloned",
    )
    expect((error.cause as Error).cause).toEqual({ status: 500 })
  })
})
