import { proxy, transfer, wrap } from 'comlink'
import type { Contender, Session } from '../contender.js'
import { workerUrl } from '../worker-url.js'
import type { Api } from './worker.js'

function start(): Session {
  const worker = new Worker(workerUrl(), { type: 'module' })
  const api = wrap<Api>(worker)
  return {
    add: (a, b) => api.add(a, b),
    put: (todo) => api.put(todo),
    work: (ms) => api.work(ms),
    copy: (bytes) => api.touch(bytes),
    move: (bytes) => api.move(transfer(bytes, [bytes])),
    watch: async (topic, next) => {
      const id = await api.watchProxy(topic, proxy(next))
      return () => api.unwatch(id)
    },
    burst: (count, perTask) => api.burst(count, perTask),
    update: (rows, perSecond, count) => api.update(rows, perSecond, count),
    listeners: () => api.listeners(),
    end: () => worker.terminate(),
  }
}

export default { start } satisfies Contender
