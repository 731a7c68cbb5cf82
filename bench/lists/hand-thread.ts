/** The thread's half of the two hand-written contenders. */
import { List } from './list.js'
import type { Manner, OperationId } from './operations.js'
import type { Row } from './rows.js'

/** What the page asks for. `{ done: id }` is the answer. */
export type Question =
  | ['load', id: number, count: number]
  | ['apply', id: number, operation: OperationId, manner: Manner]
  | ['watch', id: number]

/** Answers the page's questions. Once it watches, each posts `{ rows }` before: the whole rows, as `write` makes them. */
export function answer(write: (rows: readonly Row[]) => unknown): void {
  const list = new List()
  let watched = false
  addEventListener('message', ({ data }: MessageEvent<Question>) => {
    if (data[0] === 'load') list.load(data[2])
    else if (data[0] === 'apply') list.apply(data[2], data[3])
    else watched = true
    if (watched) postMessage({ rows: write(list.rows) })
    postMessage({ done: data[1] })
  })
}
