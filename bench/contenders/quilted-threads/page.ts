import { markAsTransferable, ThreadWebWorker } from '@quilted/threads'
import { callsOf } from '../calls.js'
import type { Contender, Session } from '../contender.js'
import { workerUrl } from '../worker-url.js'
import type { Api } from './worker.js'

function start(): Session {
  const worker = new Worker(workerUrl(), { type: 'module' })
  const api = ThreadWebWorker.import<Api>(worker)
  return {
    ...callsOf(api),
    copy: (bytes) => api.copy(bytes),
    move: (bytes) => api.move(markAsTransferable(bytes)),
    async watch(topic, next) {
      const id = await api.watch(topic, next)
      return () => api.unwatch(id)
    },
    end: () => worker.terminate(),
  }
}

export default { start } satisfies Contender
