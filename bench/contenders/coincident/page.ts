import coincident from 'coincident/main'
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
    add: (a, b) => proxy.add(a, b),
    put: (todo) => proxy.put(todo),
    work: (ms) => proxy.work(ms),
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
    burst: (count, perTask) => proxy.burst(count, perTask),
    update: (rows, perSecond, count) => proxy.update(rows, perSecond, count),
    listeners: () => proxy.listeners(),
    end: () => worker.terminate(),
  }
}

export default { start, cannot: { move: 'It transfers arguments, but no results.' } } satisfies Contender
