import { describe, expect, it } from 'vitest'
import { Outbox, takeBack } from '../../src/core/outbox.js'
import * as Wire from '../../src/core/protocol.js'

/** An outbox whose messages are cloned as any endpoint would. */
function makeOutbox(options: { open?: boolean; beforeFlush?: (outbox: Outbox) => void } = {}) {
  const messages: unknown[][] = []
  const outbox = new Outbox('token', (message, transfer) =>
    messages.push(structuredClone(message, { transfer })),
  )
  outbox.beforeFlush = () => options.beforeFlush?.(outbox)
  if (options.open !== false) outbox.open()
  return { outbox, messages }
}

const tick = () => Promise.resolve()

describe('Outbox', () => {
  it('all that is said in one tick leaves as one message', async () => {
    const { outbox, messages } = makeOutbox()
    outbox.put(Wire.NAME, 0, 'add', 0)
    outbox.ask(Wire.CALL, 1, 0, 2, ['milk', undefined])
    expect(messages).toEqual([])
    await tick()
    outbox.put(Wire.CANCEL, 1, 0, 0)
    await tick()
    expect(messages).toEqual([
      ['token', Wire.NAME, 0, 'add', 0, Wire.CALL, 1, 0, 2, 'milk', undefined],
      ['token', Wire.CANCEL, 1, 0, 0],
    ])
    expect(outbox.sent).toBe(2)
  })

  it('a tick in which nothing was said sends nothing', async () => {
    const { outbox, messages } = makeOutbox()
    outbox.schedule()
    await tick()
    outbox.flush()
    expect([messages, outbox.sent]).toEqual([[], 0])
  })

  it('a changeable value leaves at once as it is now, behind what waited before it', async () => {
    const { outbox, messages } = makeOutbox()
    const list = [1]
    outbox.put(Wire.CREDIT, 9, 32, 0)
    outbox.post([Wire.RETURN, 1, Wire.RAW, list], [])
    list.push(2)
    outbox.put(Wire.RETURN, 2, Wire.RAW, 5)
    await tick()
    expect(messages).toEqual([
      ['token', Wire.CREDIT, 9, 32, 0],
      ['token', Wire.RETURN, 1, Wire.RAW, [1]],
      ['token', Wire.RETURN, 2, Wire.RAW, 5],
    ])
  })

  it('a post that fails takes only itself back', async () => {
    const { outbox, messages } = makeOutbox()
    outbox.put(Wire.CREDIT, 9, 32, 0)
    expect(() => outbox.post([Wire.RETURN, 1, Wire.RAW, () => {}], [])).toThrow('could not be cloned')
    outbox.put(Wire.RETURN, 2, Wire.RAW, 5)
    await tick()
    expect(messages).toEqual([
      ['token', Wire.CREDIT, 9, 32, 0],
      ['token', Wire.RETURN, 2, Wire.RAW, 5],
    ])
  })

  it('tells what an unreadable message said: one op with a changeable value, and nothing else', () => {
    const { outbox } = makeOutbox()
    outbox.put(Wire.CREDIT, 9, 32, 0)
    outbox.post([Wire.RETURN, 1, Wire.RAW, [1]], [])
    expect(outbox.lost(1)).toEqual([])
    expect(outbox.lost(2)).toEqual([{ tag: Wire.RETURN, id: 1 }])
    expect(outbox.lost(2)).toEqual([])
  })

  it('remembers what was said until the other side has read it, however much that is', () => {
    const { outbox } = makeOutbox()
    for (let id = 1; id <= 1_000; id++) outbox.post([Wire.RETURN, id, Wire.RAW, [id]], [])
    expect(outbox.remembered).toBe(1_000)
    outbox.read(900)
    expect(outbox.remembered).toBeLessThan(110)
    outbox.read(outbox.sent)
    expect(outbox.remembered).toBe(0)
  })

  it('asks how far the other side has read, once for each answer, as long as there is much to remember', () => {
    const { outbox, messages } = makeOutbox()
    const asked = () => messages.filter(([, tag]) => tag === Wire.PING).length
    for (let id = 1; id <= 1_000; id++) outbox.post([Wire.RETURN, id, Wire.RAW, [id]], [])
    outbox.flush()
    expect(asked()).toBe(1)
    outbox.read(500)
    outbox.flush()
    expect(asked()).toBe(2)
    outbox.read(1_000)
    outbox.flush()
    expect(asked()).toBe(2)
  })

  it.each([[undefined], [NaN], [-1]])('nothing was read up to %s', (number) => {
    const { outbox } = makeOutbox()
    outbox.post([Wire.RETURN, 1, Wire.RAW, [1]], [])
    outbox.post([Wire.RETURN, 2, Wire.RAW, [1]], [])
    outbox.read(number)
    expect(outbox.lost(2)).toEqual([{ tag: Wire.RETURN, id: 2 }])
  })

  it('moves what is to be moved', () => {
    const { outbox, messages } = makeOutbox()
    const { buffer } = new Uint8Array([7])
    outbox.post([Wire.RETURN, 1, Wire.RAW, buffer], [buffer])
    expect(buffer.byteLength).toBe(0)
    expect(new Uint8Array(messages[0]?.at(-1) as ArrayBuffer)).toEqual(new Uint8Array([7]))
  })

  it('until the other side listens everything waits, as it was when it was said, and leaves in order', async () => {
    const { outbox, messages } = makeOutbox({ open: false })
    const list = [1]
    const { buffer } = new Uint8Array([7])
    outbox.put(Wire.NAME, 0, 'add', 0)
    outbox.post([Wire.RETURN, 1, Wire.RAW, list], [])
    list.push(2)
    outbox.post([Wire.RETURN, 2, Wire.RAW, buffer], [buffer])
    outbox.put(Wire.RETURN, 3, Wire.RAW, 5)
    expect(() => outbox.post([Wire.RETURN, 4, Wire.RAW, () => {}], [])).toThrow('could not be cloned')
    await tick()
    expect([messages, outbox.waiting, outbox.sent, buffer.byteLength]).toEqual([[], true, 0, 0])

    outbox.open()
    expect(messages.map((message) => message.slice(1))).toEqual([
      [Wire.NAME, 0, 'add', 0],
      [Wire.RETURN, 1, Wire.RAW, [1]],
      [Wire.RETURN, 2, Wire.RAW, new Uint8Array([7]).buffer],
      [Wire.RETURN, 3, Wire.RAW, 5],
    ])
    expect([outbox.waiting, outbox.sent]).toEqual([false, 4])
    outbox.open()
    expect(messages.length).toBe(4)
  })

  it('asks before each batch leaves what else has to leave with it', async () => {
    let more = 0
    const { outbox, messages } = makeOutbox({
      beforeFlush: (outbox) => more-- > 0 && outbox.put(Wire.SNAPSHOT, 1, Wire.RAW, more),
    })
    more = 2
    outbox.put(Wire.NAME, 0, 'add', 0)
    await tick()
    await tick()
    expect(messages).toEqual([
      ['token', Wire.NAME, 0, 'add', 0, Wire.SNAPSHOT, 1, Wire.RAW, 1],
      ['token', Wire.SNAPSHOT, 1, Wire.RAW, 0],
    ])
  })

  it.each([false, true])('nothing leaves a closed outbox (open before: %s)', async (open) => {
    const { outbox, messages } = makeOutbox({ open })
    outbox.put(Wire.NAME, 0, 'add', 0)
    outbox.close()
    outbox.put(Wire.NAME, 1, 'load', 0)
    outbox.post([Wire.RETURN, 1, Wire.RAW, [1]], [])
    await tick()
    outbox.flush()
    outbox.open()
    expect([messages, outbox.sent]).toEqual([[], 0])
    expect(outbox.batch.length).toBe(1)
  })
})

describe('takeBack', () => {
  it('makes nothing of an op, and keeps those behind it where they are', () => {
    const { outbox, messages } = makeOutbox()
    outbox.ask(Wire.CALL, 1, 0, 1, ['milk'])
    const at = outbox.batch.length
    outbox.ask(Wire.CALL, 2, 0, 2, ['bread', 'tea'])
    outbox.ask(Wire.CALL, 3, 0, 0, [])
    takeBack(outbox.batch, at)
    outbox.flush()
    const [message] = messages as [unknown[]]
    const ops: unknown[] = []
    for (let i = 1; i < message.length; i += Wire.opLength(message[i] as number, message[i + 3]))
      ops.push(message.slice(i, i + 2))
    expect(ops).toEqual([
      [Wire.CALL, 1],
      [Wire.NOTHING, 2],
      [Wire.CALL, 3],
    ])
  })
})

describe('opLength', () => {
  it('asking ops have their arguments behind them, all others four slots', () => {
    expect(Wire.opLength(Wire.CALL, 0)).toBe(4)
    expect(Wire.opLength(Wire.NOTHING, 3)).toBe(7)
    expect(Wire.opLength(Wire.CALL, Wire.JSON_ARGS)).toBe(5)
    expect(Wire.opLength(Wire.START, Wire.RICH_ARGS)).toBe(6)
    expect(Wire.opLength(Wire.RETURN, 3)).toBe(4)
  })

  it.each<[unknown]>([[-3], [1.5], [NaN], ['1'], [undefined], [{}], [Infinity]])(
    'no op is %s long',
    (count) => {
      expect(Wire.opLength(Wire.CALL, count)).toBeNaN()
    },
  )
})
