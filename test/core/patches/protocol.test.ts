import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { apply } from '../../../src/core/apply'
import { Channel } from './channel'

const protocol = readFileSync('docs/protocol.md', 'utf8')

/** A patch that the protocol shows, as it is written there. */
function shown(text: string): unknown {
  expect(protocol).toContain(`\`${text}\``)
  return JSON.parse(text)
}

it('the protocol shows what crosses when one of ten thousand rows changes, and when two change places', () => {
  const rows = Array.from({ length: 10_000 }, (_, id) => ({ id, done: false }))
  const channel = new Channel()
  channel.send(rows)
  ;(rows[500] as { done: boolean }).done = true
  channel.send(rows)
  expect([1, channel.crossed]).toEqual(shown('[1,[[0,10000],[],[[["done"],[500],[true]]]]]'))
  ;[rows[3], rows[7]] = [rows[7] as { id: number; done: boolean }, rows[3] as { id: number; done: boolean }]
  channel.send(rows)
  expect([2, channel.crossed]).toEqual(shown('[2,[[0,3,7,1,4,3,3,1,8,9992]]]'))
})

it('the protocol shows how runs are read', () => {
  const patch = shown('[[0,1,-1,1,2,2],["x"]]')
  expect((apply(['a', 'b', 'c', 'd'], patch) as string[]).join(' ')).toBe('a x c d')
})
