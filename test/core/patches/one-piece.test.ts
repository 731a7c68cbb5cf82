import { describe, expect, it } from 'vitest'
import { Channel } from './channel'
import { changes, rows, values } from './changes'

describe('values of one piece', () => {
  it('change in place', () => {
    const s = {
      rows: rows(),
      bytes: new Uint8Array(8),
      view: new DataView(new ArrayBuffer(8)),
      buffer: new ArrayBuffer(8),
      date: new Date(1),
      error: new Error('before'),
      pattern: /a/g,
    }
    const channel = changes(
      s,
      () => (s.bytes[3] = 1),
      () => s.view.setFloat64(0, Math.PI),
      () => (new Uint8Array(s.buffer)[7] = 1),
      () => s.date.setTime(NaN),
      () => (s.error.message = 'after'),
      () => (s.error.name = 'TypeError'),
      () => (s.error.cause = 'why'),
      () => (s.error.cause = 'therefore'),
      () => s.pattern.compile('b', 'i'),
    )
    // One for each change; what stays as it is sends nothing.
    expect(channel.patches).toBe(9)
  })

  it('are told apart by all that structured clone keeps', () => {
    const buffer = new Uint8Array([1, 2, 3, 4]).buffer
    const error = new Error('message')
    const also = new Error('message')
    also.stack = error.stack
    const named = (name: string, message: string) =>
      Object.assign(new Error(), { name, message, stack: 'stack' })
    const list: unknown[] = [
      new Uint8Array(buffer),
      new Int8Array(buffer),
      new Uint8ClampedArray(buffer),
      new Uint8Array(buffer, 1),
      new Uint8Array(buffer, 0, 3),
      new DataView(buffer),
      buffer,
      new Date(0),
      new Number(0),
      new Number(-0),
      new String('0'),
      new Boolean(false),
      Object(0n),
      /0/,
      /0/i,
      error,
      also,
      Object.assign(error, { name: 'TypeError' }),
      named('TypeError', 'RangeError message'),
      named('TypeError RangeError', 'message'),
      new TypeError('message'),
      new Error('message', { cause: 1 }),
      new Error('message', { cause: '1' }),
      new Blob(['text']),
      new Blob(['texts']),
      new Map(),
      new Set(),
      {},
      [],
    ]
    const channel = new Channel()
    for (const it of list) {
      channel.check({ rows: rows(), it })
      channel.check({ rows: rows(), it })
    }
  })

  it('that no one changed cross once, where that can be told', () => {
    const bytes = new Uint8Array([1, 2])
    for (const it of [bytes, new Date(5), /a/, new Error('e'), new Number(1), Object(1n), new Blob(['a'])]) {
      const channel = values({ rows: rows(), it }, { rows: rows(), it })
      expect(channel.how).toBe('nothing')
    }
  })

  it('do not say themselves what they are worth', () => {
    class Money {
      constructor(
        readonly amount: number,
        readonly currency: string,
      ) {}
      valueOf() {
        return this.amount
      }
      get [Symbol.toStringTag]() {
        return 'Money'
      }
    }
    class Day extends Date {
      override valueOf() {
        return 1
      }
    }
    values(
      { rows: rows(), it: new Money(1, 'EUR') },
      { rows: rows(), it: new Money(1, 'USD') },
      { rows: rows(), it: new Day(1) },
      { rows: rows(), it: new Day(2) },
    )
  })

  it('are compared to the last byte, however many there are', () => {
    for (const length of [0, 1, 3, 4, 5, 4_099]) {
      const bytes = new Uint8Array(length)
      const channel = new Channel()
      channel.check({ rows: rows(), bytes })
      channel.check({ rows: rows(), bytes })
      expect(channel.how).toBe('nothing')
      for (const at of new Set([0, length >> 1, length - 1])) {
        if (at < 0 || at >= length) continue
        bytes[at] = 255 - at
        channel.check({ rows: rows(), bytes })
        expect([length, at, channel.how]).not.toEqual([length, at, 'nothing'])
      }
    }
  })

  it('that can grow are sent as they are', () => {
    const Growing = ArrayBuffer as unknown as new (
      length: number,
      options: { maxByteLength: number },
    ) => ArrayBuffer
    const channel = new Channel()
    channel.send({ rows: rows(), bytes: new Uint8Array(8) })
    const bytes = new Uint8Array(new Growing(8, { maxByteLength: 16 }))
    channel.send({ rows: rows(), bytes })
    expect((channel.received as { bytes: { buffer: { resizable?: boolean } } }).bytes.buffer.resizable).toBe(
      true,
    )
  })

  it('are what they are without their class, too', () => {
    const error: Error = Object.setPrototypeOf(new Error('before'), null)
    const date: Date = Object.setPrototypeOf(new Date(1), null)
    changes(
      { rows: rows(), error, date },
      () => (error.message = 'after'),
      () => Date.prototype.setTime.call(date, 2),
    )
  })
})
