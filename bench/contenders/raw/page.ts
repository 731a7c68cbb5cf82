// The floor: what one writes by hand. One message for each call, reply and snapshot.
import type { Contender, Session, Snapshot } from '../contender.js'
import { workerUrl } from '../worker-url.js'
import type { Reply, Request } from './protocol.js'

interface Pending {
  resolve(result: unknown): void
  reject(error: unknown): void
}

function start(): Session {
  const worker = new Worker(workerUrl(), { type: 'module' })
  const pending = new Map<number, Pending>()
  const watchers = new Map<number, (snapshot: Snapshot) => void>()
  let lastId = 0

  worker.onmessage = ({ data }: MessageEvent<Reply>) => {
    if ('snapshot' in data) {
      watchers.get(data.id)?.(data.snapshot)
      return
    }
    const call = pending.get(data.id)
    pending.delete(data.id)
    if ('error' in data) call?.reject(data.error)
    else call?.resolve(data.result)
  }

  const post = (request: Request, transfer: Transferable[] = []) => worker.postMessage(request, transfer)

  const call = <T>(method: string, args: unknown[], transfer?: Transferable[]) =>
    new Promise<T>((resolve, reject) => {
      const id = ++lastId
      pending.set(id, { resolve: resolve as (result: unknown) => void, reject })
      post({ type: 'call', id, method, args }, transfer)
    })

  return {
    add: (a, b) => call('add', [a, b]),
    put: (todo) => call('put', [todo]),
    work: (ms) => call('work', [ms]),
    copy: (bytes) => call('copy', [bytes]),
    move: (bytes) => call('move', [bytes], [bytes]),
    async watch(topic, next) {
      const id = ++lastId
      watchers.set(id, next)
      post({ type: 'watch', id, topic })
      return () => {
        watchers.delete(id)
        post({ type: 'unwatch', id })
      }
    },
    burst: (count, perTask) => call('burst', [count, perTask]),
    update: (rows, perSecond, count) => call('update', [rows, perSecond, count]),
    listeners: () => call('listeners', []),
    end: () => worker.terminate(),
  }
}

export default { start } satisfies Contender
