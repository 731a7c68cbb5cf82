import { describe, expect, it } from 'vitest'
import { Channel } from './channel'
import { changes, rows, values, type Row } from './changes'

describe('sharing', () => {
  const state = () => ({ rows: rows(), other: rows(), selected: null as unknown })

  it('comes and goes within a list, between lists, and beside them', () => {
    changes(
      state(),
      (s) => s.rows.push(s.rows[0] as Row),
      (s) => s.rows.pop(),
      (s) => (s.selected = s.rows[3]),
      (s) => (s.selected = { ...s.rows[3] }),
      (s) => (s.selected = null),
      (s) => s.other.push(s.rows.shift() as Row),
      (s) => s.other.push(s.rows[5] as Row),
      (s) => s.rows.splice(5, 1),
      (s) => (s.other = s.rows),
      (s) => (s.other = [...s.rows]),
      (s) => (s.other = structuredClone(s.rows)),
      (s) => ((s.rows[1] as Row)['meta'] = (s.rows[2] as Row)['meta']),
      (s) => ((s.rows[1] as Row)['meta'] = { done: true }),
    )
  })

  it('of what was elsewhere and is replaced by an equal copy', () => {
    const s = state()
    changes(
      s,
      () => ([s.rows[0], s.rows[1]] = [s.rows[1] as Row, s.rows[1] as Row]),
      () => (s.rows[0] = { ...s.rows[1] }),
      () => (s.selected = s.rows),
      () => (s.selected = structuredClone(s.rows)),
      () => (s.rows = s.selected as Row[]),
    )
  })

  it('of frozen parts', () => {
    const row = Object.freeze({ id: 1, title: 'title', tags: Object.freeze(['a']) })
    const frozen = Object.freeze([
      row,
      ...rows().map((row) => Object.freeze({ id: `f${String(row['id'])}` })),
    ])
    values(
      { frozen, list: rows() },
      { frozen, list: rows(), again: row },
      { frozen, list: rows(), again: row.tags },
      { frozen, list: rows() },
      { frozen, list: rows(), again: frozen },
    )
  })

  it('cycles come and go', () => {
    changes(
      state() as Row,
      (s) => (s['self'] = s),
      (s) => delete s['self'],
      (s) => (((s['rows'] as Row[])[7] as Row)['list'] = s['rows']),
      (s) => (((s['rows'] as Row[])[7] as Row)['list'] = null),
    )
  })

  it('the cause of an error is somewhere else, too', () => {
    const cause = { id: 1 }
    const error = new Error('with a cause')
    changes(
      { rows: rows(), error, known: null as unknown },
      (s) => (s.error.cause = cause),
      (s) => (s.known = cause),
      (s) => (s.error.cause = undefined),
    )
  })

  it('in what calls itself something else', () => {
    class Tagged {
      held: unknown = null
      get [Symbol.toStringTag]() {
        return 'Tagged'
      }
    }
    class Registry extends Map<string, unknown> {
      override get [Symbol.toStringTag]() {
        return 'Registry'
      }
    }
    const state = { rows: rows(), tagged: new Tagged(), registry: new Registry() }
    changes(
      state,
      (s) => (s.tagged.held = s.rows[0]),
      (s) => (s.tagged.held = {}),
      (s) => s.registry.set('first', s.rows[0]),
      (s) => s.registry.set('first', { id: 1 }),
      (s) => s.registry.set('first', { id: 2 }),
    )
  })

  it('two views of one buffer share it', () => {
    const buffer = new ArrayBuffer(16)
    changes(
      { rows: rows(), a: new Uint8Array(buffer, 0, 8), b: null as unknown },
      (s) => (s.b = new Uint16Array(buffer, 8)),
      (s) => (s.a[0] = 5),
      (s) => (s.b = new Uint16Array(4)),
      (s) => (s.b = buffer),
      (s) => (s.a = new Uint8Array(8)),
    )
    const both = { rows: rows(), a: new Uint8Array(buffer, 0, 8), b: null as unknown }
    const page = new Channel()
    page.send(both)
    both.b = new Uint16Array(buffer, 8)
    const arrived = page.send(both) as { a: Uint8Array; b: Uint16Array }
    expect(arrived.b.buffer).toBe(arrived.a.buffer)
    const shared = new SharedArrayBuffer(8)
    const s = { rows: rows(), a: new Uint8Array(shared), b: shared as unknown }
    const channel = new Channel()
    channel.send(s)
    ;(s.rows[0] as Row)['title'] = 'new'
    const { a, b } = channel.send(s) as typeof s
    expect(a.buffer).toBe(b)
  })
})
