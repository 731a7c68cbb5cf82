/** By hand: every change posts the whole rows. */
import { List } from '../list.js'
import type { Manner, OperationId } from '../operations.js'

export type Question =
  | ['load', id: number, count: number]
  | ['apply', id: number, operation: OperationId, manner: Manner]
  | ['watch', id: number]

const list = new List()
let watched = false

addEventListener('message', ({ data }: MessageEvent<Question>) => {
  if (data[0] === 'load') list.load(data[2])
  else if (data[0] === 'apply') list.apply(data[2], data[3])
  else watched = true
  if (watched) postMessage({ rows: list.rows })
  postMessage({ done: data[1] })
})
