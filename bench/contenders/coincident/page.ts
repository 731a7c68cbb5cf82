import coincident from 'coincident/main'
import { callsOf } from '../calls.js'
import type { Contender, Session, Snapshot } from '../contender.js'
import { workerUrl } from '../worker-url.js'
import type { PageFunctions, ThreadFunctions } from './functions.js'

const { Worker } = coincident()

function start(): Session {
  const worker = new Worker(workerUrl())
  const proxy = worker.proxy as ThreadFunctions & PageFunctions
  const watchers = new Map<number, (snapshot: Snapshot) => void>()
  let lastId = 0
  proxy.next = (id, snapshot) => watchers.get(id)?.(snapshot)
  return {
    ...callsOf(proxy),
    copy: (bytes) => proxy.copy(bytes),
    move: (bytes) => proxy.copy(bytes),
    async watch(topic, next) {
      const id = ++lastId
      watchers.set(id, next)
      await proxy.watch(topic, id)
      return () => {
        watchers.delete(id)
        return proxy.unwatch(id)
      }
    },
    end: () => worker.terminate(),
  }
}

export default { start, cannot: { move: 'It transfers arguments, but no results.' } } satisfies Contender
