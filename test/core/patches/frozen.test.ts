import { describe, it } from 'vitest'
import { changes, rows, type Row } from './changes'

describe('frozen data', () => {
  it('may be replaced by equal data that is not', () => {
    const frozen = {
      rows: Object.freeze(
        rows().map((row) => Object.freeze({ ...row, meta: Object.freeze({ done: false }) })),
      ),
    }
    const s = { rows: frozen.rows as readonly Row[] }
    changes(
      s,
      () => (s.rows = structuredClone(s.rows)),
      () => ((s.rows[3] as Row)['title'] = 'changed'),
      () => (s.rows = Object.freeze(s.rows.map((row) => Object.freeze({ ...row, meta: { done: false } })))),
      () => (((s.rows[3] as Row)['meta'] as Row)['done'] = true),
      () => (s.rows = structuredClone(s.rows)),
      () => s.rows.forEach(Object.freeze),
      () => (((s.rows[4] as Row)['meta'] as Row)['done'] = true),
    )
  })

  it('may hold what is never frozen', () => {
    const it = Object.freeze({
      map: new Map([[1, 1]]),
      date: new Date(1),
      list: [1],
      bytes: new Uint8Array(3),
    })
    changes(
      { rows: rows(), it },
      () => it.map.set(1, 2),
      () => it.date.setTime(2),
      () => it.list.push(1),
      () => (it.bytes[1] = 1),
    )
  })
})
