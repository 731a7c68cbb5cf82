/** What elected tabs reach one another by, with a real `BroadcastChannel`. */
import { afterEach, describe, expect, it } from 'vitest'
import { Channel } from '../../src/core/channel'
import { makeToken } from '../../src/core/token'

const open: { close(): void }[] = []
afterEach(() => {
  for (const one of open.splice(0)) one.close()
})

/** Two sides of one channel, which also ends by a port of its own. */
function pair() {
  const name = makeToken()
  const [one, other] = [new Channel(name), new Channel(name)]
  const raw = new BroadcastChannel(name)
  open.push(one, other, raw)
  return { one, other, raw }
}

/** What comes next. */
const next = (side: EventTarget, type = 'message') =>
  new Promise<MessageEvent>((resolve) => {
    side.addEventListener(type, (event) => resolve(event as MessageEvent), { once: true })
    if (side instanceof MessagePort) side.start()
  })

/** A few arrays of which the text would have a billion letters. */
function nested(): unknown {
  let value: unknown = 1
  for (let level = 0; level < 30; level++) value = [value, value]
  return value
}

function ports(): [MessagePort, MessagePort] {
  const { port1, port2 } = new MessageChannel()
  open.push(port1, port2)
  return [port1, port2]
}

describe('a channel between tabs', () => {
  it('carries clones both ways, in order', async () => {
    const { one, other } = pair()
    const all: unknown[] = []
    other.addEventListener('message', (event) => all.push((event as MessageEvent).data))
    for (let n = 0; n < 100; n++) one.postMessage([n, new Map([[n, new Date(n)]])], [])
    const answer = next(one)
    other.postMessage('seen', [])
    expect((await answer).data).toBe('seen')
    await expect.poll(() => all.length).toBe(100)
    expect(all).toEqual(Array.from({ length: 100 }, (_, n) => [n, new Map([[n, new Date(n)]])]))
  })

  it('moves buffers: the sender has them no more', async () => {
    const { one, other } = pair()
    const bytes = new Uint8Array([1, 2, 3])
    const come = next(other)
    one.postMessage({ bytes }, [bytes.buffer])
    expect(bytes.byteLength).toBe(0)
    expect((await come).data).toEqual({ bytes: new Uint8Array([1, 2, 3]) })
  })

  it('leads ports from wherever they are, in both directions, with ports of their own', async () => {
    const { one, other } = pair()
    const [mine, theirs] = ports()
    const come = next(other)
    one.postMessage(['token', { deep: [{ theirs }] }], [theirs])
    // Sent before the other side has its port.
    mine.postMessage('early')
    const { data, ports: list } = await come
    const port = (data as [string, { deep: [{ theirs: MessagePort }] }])[1].deep[0].theirs
    expect(list).toEqual([port])
    expect((await next(port)).data).toBe('early')

    const [inner, innerTheirs] = ports()
    const back = next(mine)
    port.postMessage({ innerTheirs, bytes: new Uint8Array([4]) }, [innerTheirs])
    const { data: second } = await back
    expect(second).toEqual({
      innerTheirs: expect.any(MessagePort) as MessagePort,
      bytes: new Uint8Array([4]),
    })
    const heard = next((second as { innerTheirs: MessagePort }).innerTheirs)
    inner.postMessage('through both')
    expect((await heard).data).toBe('through both')
  })

  it.each([
    ['a stream', () => new ReadableStream() as unknown as Transferable],
    ['a canvas', () => new OffscreenCanvas(1, 1)],
  ])('refuses to move %s, and nothing has moved then', (_, make) => {
    const { one } = pair()
    const value = make()
    const bytes = new Uint8Array([1])
    expect(() => one.postMessage([bytes, value], [bytes.buffer, value])).toThrow(
      expect.objectContaining({
        name: 'DataCloneError',
        message: expect.stringMatching(/^a value of the type \w+ cannot be moved to another tab/) as string,
      }),
    )
    expect(bytes.byteLength).toBe(1)
    expect(() => structuredClone(value, { transfer: [value] })).not.toThrow()
  })

  it('refuses to move a port that is not where it can be put again', () => {
    const { one } = pair()
    const [, theirs] = ports()
    expect(() => one.postMessage(new Map([[1, theirs]]), [theirs])).toThrow(/MessagePort cannot be moved/)
    expect(() => structuredClone(theirs, { transfer: [theirs] })).not.toThrow()
  })

  it('throws what cannot be cloned, with or without a port beside it', () => {
    const { one } = pair()
    const [, theirs] = ports()
    expect(() => one.postMessage([() => {}], [])).toThrow(/could not be cloned/)
    expect(() => one.postMessage([() => {}, theirs], [theirs])).toThrow(/could not be cloned/)
    expect(() => structuredClone(theirs, { transfer: [theirs] })).not.toThrow()
  })

  it.each([
    ['nothing', null],
    ['a text', 'hello'],
    ['a path through a prototype', [{}, [[['constructor', 'prototype', 'polluted'], 'bgthread:x']]]],
    ['a path to nothing', [{}, [[['a', 'b'], 'bgthread:x']]]],
    ['no path', [{}, [[[], 'bgthread:x']]]],
    ['an own __proto__', [JSON.parse('{"a":{}}'), [[['a', '__proto__'], 'bgthread:x']]]],
    ['a port whose path is a long text', [{}, [[[nested()], makeToken()]]]],
    ['a port whose channel is a long text', [{ port: null }, [[['port'], nested()]]]],
    ['a port whose channel is not of ours', [{ port: null }, [[['port'], 'theirs']]]],
    ['a list of ports that is long and empty', [{}, new Array<unknown>(1e9)]],
    [
      'more ports than any message has',
      [{ port: null }, Array.from({ length: 2_000 }, () => [['port'], makeToken()])],
    ],
  ])('does not take %s for a message', async (_, packet) => {
    const { raw, other } = pair()
    const come = next(other, 'messageerror')
    raw.postMessage(packet)
    await come
    expect(({} as Record<string, unknown>)['polluted']).toBe(undefined)
  })
})
