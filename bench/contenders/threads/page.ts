import { spawn, Thread, Transfer, Worker } from 'threads'
import type { Contender, Session } from '../contender.js'
import { workerUrl } from '../worker-url.js'
import type { Api } from './worker.js'

async function start(): Promise<Session> {
  // Its workaround for workers of another origin starts a worker that imports the worker.
  const worker = new Worker(workerUrl(), { type: 'module', CORSWorkaround: false })
  const api = await spawn<Api>(worker)
  return {
    add: (a, b) => api.add(a, b),
    put: (todo) => api.put(todo),
    work: (ms) => api.work(ms),
    copy: (bytes) => api.copy(bytes),
    move: (bytes) => api.move(Transfer(bytes)),
    async watch(topic, next) {
      const subscription = api.watch(topic).subscribe(next)
      return () => subscription.unsubscribe()
    },
    burst: (count, perTask) => api.burst(count, perTask),
    update: (rows, perSecond, count) => api.update(rows, perSecond, count),
    listeners: () => api.listeners(),
    end: () => void Thread.terminate(api),
  }
}

export default { start } satisfies Contender
