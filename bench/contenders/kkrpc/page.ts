import { RPCChannel, WorkerParentIO } from 'kkrpc/browser'
import type { Contender, Session } from '../contender.js'
import { workerUrl } from '../worker-url.js'
import type { Api } from './worker.js'

const text = 'It sends text, which holds no ArrayBuffer.'

function start(): Session {
  const worker = new Worker(workerUrl(), { type: 'module' })
  const rpc = new RPCChannel<object, Api, WorkerParentIO>(new WorkerParentIO(worker))
  const api = rpc.getAPI()
  return {
    add: (a, b) => api.add(a, b),
    put: (todo) => api.put(todo),
    work: (ms) => api.work(ms),
    copy: () => Promise.reject(new TypeError(text)),
    move: () => Promise.reject(new TypeError(text)),
    async watch(topic, next) {
      const id = await api.watch(topic, next)
      return () => api.unwatch(id)
    },
    burst: (count, perTask) => api.burst(count, perTask),
    update: (rows, perSecond, count) => api.update(rows, perSecond, count),
    listeners: () => api.listeners(),
    end: () => worker.terminate(),
  }
}

export default { start, cannot: { copy: text, move: text } } satisfies Contender
