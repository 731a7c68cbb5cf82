import { describe, it } from 'vitest'
import { reactive } from 'vue'
import { changes, rows, type Row } from './changes'

describe('what cannot cross', () => {
  it('fails as it does alone, and later values arrive', () => {
    const odd: unknown[] = [
      () => {},
      Symbol('s'),
      new WeakMap(),
      Promise.resolve(),
      reactive({ date: new Date() }),
    ]
    for (const it of odd)
      changes(
        { rows: rows(), it: 1 as unknown },
        (s) => (s.it = it),
        (s) => (s.it = [it]),
        (s) => (s.it = new Map([[it, 1]])),
        (s) => (s.it = new Map([[1, it]])),
        (s) => (s.it = 2),
        (s) => ((s.rows[0] as Row)['title'] = it),
        (s) => ((s.rows[0] as Row)['title'] = 'text'),
      )
  })

  it('a buffer that was moved away fails, and its successor arrives', () => {
    const s = { rows: rows(), buffer: new ArrayBuffer(8) }
    changes(
      s,
      () => structuredClone(s.buffer, { transfer: [s.buffer] }),
      () => (s.buffer = new ArrayBuffer(8)),
    )
  })
})
