/** By hand: every change posts the whole rows as one JSON text. */
import { List } from '../list.js'
import type { Question } from '../raw/worker.js'

const list = new List()
let watched = false

addEventListener('message', ({ data }: MessageEvent<Question>) => {
  if (data[0] === 'load') list.load(data[2])
  else if (data[0] === 'apply') list.apply(data[2], data[3])
  else watched = true
  if (watched) postMessage({ rows: JSON.stringify(list.rows) })
  postMessage({ done: data[1] })
})
