/** The page's half of the two hand-written contenders. */
import type { ListClient } from './client.js'
import type { Question } from './hand-thread.js'
import type { Row } from './rows.js'

/** A client over a worker that posts `{ rows }` on every change and `{ done: id }` for each question. */
export function connect<Posted>(worker: Worker, read: (rows: Posted) => readonly Row[]): ListClient {
  const waiting = new Map<number, () => void>()
  let id = 0
  let show = (_rows: readonly Row[]) => {}
  worker.addEventListener('message', ({ data }: MessageEvent<{ rows: Posted } | { done: number }>) => {
    if ('rows' in data) return show(read(data.rows))
    waiting.get(data.done)?.()
    waiting.delete(data.done)
  })
  const ask = (question: Question) =>
    new Promise<void>((resolve) => {
      waiting.set(question[1], resolve)
      worker.postMessage(question)
    })
  return {
    load: (count) => ask(['load', id++, count]),
    apply: (operation, manner) => ask(['apply', id++, operation, manner]),
    watch(next) {
      show = next
      void ask(['watch', id++])
    },
    close: () => worker.terminate(),
  }
}
