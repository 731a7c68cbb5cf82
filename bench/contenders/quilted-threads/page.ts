import { markAsTransferable, ThreadWebWorker } from '@quilted/threads'
import type { Contender, Session } from '../contender.js'
import { workerUrl } from '../worker-url.js'
import type { Api } from './worker.js'

function start(): Session {
  const worker = new Worker(workerUrl(), { type: 'module' })
  const api = ThreadWebWorker.import<Api>(worker)
  return {
    add: (a, b) => api.add(a, b),
    put: (todo) => api.put(todo),
    work: (ms) => api.work(ms),
    copy: (bytes) => api.copy(bytes),
    move: (bytes) => api.move(markAsTransferable(bytes)),
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

export default { start } satisfies Contender
