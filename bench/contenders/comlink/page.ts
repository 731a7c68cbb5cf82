import { proxy, transfer, wrap } from 'comlink'
import { callsOf } from '../calls.js'
import type { Contender, Session } from '../contender.js'
import { workerUrl } from '../worker-url.js'
import type { Api } from './worker.js'

function start(): Session {
  const worker = new Worker(workerUrl(), { type: 'module' })
  const api = wrap<Api>(worker)
  return {
    ...callsOf(api),
    copy: (bytes) => api.touch(bytes),
    move: (bytes) => api.move(transfer(bytes, [bytes])),
    watch: async (topic, next) => {
      const id = await api.watchProxy(topic, proxy(next))
      return () => api.unwatch(id)
    },
    end: () => worker.terminate(),
  }
}

export default { start } satisfies Contender
