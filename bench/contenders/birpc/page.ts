import { createBirpc } from 'birpc'
import { callsOf } from '../calls.js'
import type { Contender, Session, Snapshot } from '../contender.js'
import { workerUrl } from '../worker-url.js'
import type { PageFunctions, ThreadFunctions } from './functions.js'

function start(): Session {
  const worker = new Worker(workerUrl(), { type: 'module' })
  const watchers = new Map<number, (snapshot: Snapshot) => void>()
  let lastId = 0
  const rpc = createBirpc<ThreadFunctions, PageFunctions>(
    { next: (id, snapshot) => watchers.get(id)?.(snapshot) },
    {
      post: (data) => worker.postMessage(data),
      on: (listener) => worker.addEventListener('message', ({ data }) => listener(data)),
    },
  )
  return {
    ...callsOf(rpc),
    copy: (bytes) => rpc.copy(bytes),
    move: (bytes) => rpc.copy(bytes),
    async watch(topic, next) {
      const id = ++lastId
      watchers.set(id, next)
      await rpc.watch(topic, id)
      return () => {
        watchers.delete(id)
        return rpc.unwatch(id)
      }
    },
    end: () => worker.terminate(),
  }
}

export default { start, cannot: { move: 'It does not transfer.' } } satisfies Contender
