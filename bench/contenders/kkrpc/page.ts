import { RPCChannel, WorkerParentIO } from 'kkrpc/browser'
import { callsOf } from '../calls.js'
import type { Contender, Session } from '../contender.js'
import { workerUrl } from '../worker-url.js'
import type { Api } from './worker.js'

const text = 'It sends text, which holds no ArrayBuffer.'

function start(): Session {
  const worker = new Worker(workerUrl(), { type: 'module' })
  const rpc = new RPCChannel<object, Api, WorkerParentIO>(new WorkerParentIO(worker))
  const api = rpc.getAPI()
  return {
    ...callsOf(api),
    copy: () => Promise.reject(new TypeError(text)),
    move: () => Promise.reject(new TypeError(text)),
    async watch(topic, next) {
      const id = await api.watch(topic, next)
      return () => api.unwatch(id)
    },
    end: () => worker.terminate(),
  }
}

export default { start, cannot: { copy: text, move: text } } satisfies Contender
