import { spawn, Thread, Transfer, Worker } from 'threads'
import { callsOf } from '../calls.js'
import type { Contender, Session } from '../contender.js'
import { workerUrl } from '../worker-url.js'
import type { Api } from './worker.js'

async function start(): Promise<Session> {
  // Its workaround for workers of another origin starts a worker that imports the worker.
  const worker = new Worker(workerUrl(), { type: 'module', CORSWorkaround: false })
  const api = await spawn<Api>(worker)
  return {
    ...callsOf(api),
    copy: (bytes) => api.copy(bytes),
    move: (bytes) => api.move(Transfer(bytes)),
    async watch(topic, next) {
      const subscription = api.watch(topic).subscribe(next)
      return () => subscription.unsubscribe()
    },
    end: () => void Thread.terminate(api),
  }
}

export default { start } satisfies Contender
