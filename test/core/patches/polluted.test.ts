import { describe, expect, it } from 'vitest'
import { rows } from './changes'
import { Channel } from './channel'
import { randomFrom, STYLES, Walker } from './walk'

/** Does something while every object seems to have one more property. */
function polluted(target: object, key: string, attributes: PropertyDescriptor, during: () => void): void {
  Object.defineProperty(target, key, { configurable: true, writable: true, ...attributes })
  try {
    during()
  } finally {
    delete (target as Record<string, unknown>)[key]
  }
}

const cases: [name: string, target: object, key: string, attributes: PropertyDescriptor][] = [
  ['a property of all objects', Object.prototype, 'extra', { value: 3, enumerable: true }],
  ['an id of all objects', Object.prototype, 'id', { value: 7, enumerable: true }],
  ['a hidden id of all objects', Object.prototype, 'id', { value: 7, enumerable: false }],
  ['a way to JSON of all objects', Object.prototype, 'toJSON', { value: () => 'text', enumerable: false }],
  ['a way to JSON of all lists', Array.prototype, 'toJSON', { value: () => 'text', enumerable: false }],
  ['items of all lists', Array.prototype, '0', { value: 'item', enumerable: true }],
]

describe.each(cases)('%s', (_, target, key, attributes) => {
  it('is no part of what arrives', () => {
    const seen: unknown[] = []
    // Seen only afterwards: what tells of a difference would be misled, too.
    const send = (channel: Channel, value: unknown) =>
      seen.push([structuredClone(value), channel.send(value)])
    const clean = new Channel()
    const state = { rows: rows(), it: { a: 1, extra: 2 } as Record<string, unknown>, list: [] as unknown[] }
    send(clean, state)
    polluted(target, key, attributes, () => {
      const channel = new Channel()
      for (const channel of [clean, new Channel()]) {
        send(channel, state)
        delete state.it['extra']
        ;(state.rows[3] as Record<string, unknown>)['title'] = 'new'
        state.rows.reverse()
        state.rows.push({ a: 1 }, { id: 1 }, { extra: 1, a: 1 }, {})
        send(channel, state)
        state.rows.length = 15
        state.list.push({}, [])
        state.it = { extra: 2, a: 1 }
        send(channel, state)
      }
      for (const style of STYLES) {
        const walker = new Walker(randomFrom(7))
        for (let step = 0; step < 10; step++) {
          send(channel, walker.state)
          walker.step(style)
        }
      }
    })
    send(clean, state)
    for (const [expected, received] of seen as [unknown, unknown][]) expect(received).toStrictEqual(expected)
    expect(seen.length).toBe(48)
  })
})
