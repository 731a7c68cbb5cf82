import { describe, expect, it } from 'vitest'
import { Channel } from './channel'
import { rows } from './changes'

describe('very large and very deep values', () => {
  it('arrive, and so does what follows', () => {
    const deep = (depth: number) => {
      let value: unknown = { end: 1 }
      for (let level = 0; level < depth; level++) value = level % 2 ? [value] : { value }
      return value
    }
    const channel = new Channel()
    for (const depth of [10, 380, 420, 1_000, 380, 10]) {
      channel.check({ rows: rows(), deep: deep(depth) })
      channel.check({ rows: rows(), deep: deep(depth) })
    }
    const long = Array.from({ length: 50_000 }, (_, at) => at)
    channel.check({ rows: rows(), deep: long })
    channel.check({ rows: rows(), deep: [...long, 1] })
    expect(channel.how).toBe('patch')
    channel.send({ rows: rows(), deep: new Uint8Array(2 ** 26) })
    expect(channel.how).toBe('whole')
    expect(channel.send({ rows: rows(), deep: 1 })).toEqual({ rows: rows(), deep: 1 })
  })
})
