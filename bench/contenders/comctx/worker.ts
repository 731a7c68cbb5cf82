import { defineProxy, type Adapter } from 'comctx'
import { CallbackLogic } from '../callback-logic.js'
import type { Snapshot, Todo } from '../contender.js'

const logic = new CallbackLogic()
const adapter: Adapter = {
  sendMessage: (message, transfer) => postMessage(message, { transfer }),
  onMessage(callback) {
    const handler = (event: MessageEvent) => callback(event.data)
    addEventListener('message', handler)
    return () => removeEventListener('message', handler)
  },
}

const mover = { touch: async (bytes: ArrayBuffer) => logic.touch(bytes) }
const [provideMover] = defineProxy(() => mover, { namespace: 'mover', heartbeatCheck: false, transfer: true })

const api = {
  add: async (a: number, b: number) => logic.add(a, b),
  put: async (todo: Todo) => logic.put(todo),
  work: async (ms: number) => logic.work(ms),
  touch: async (bytes: ArrayBuffer) => logic.touch(bytes),
  watch: async (topic: string, next: (snapshot: Snapshot) => void) => logic.watchWith(topic, next),
  unwatch: async (id: number) => logic.unwatch(id),
  burst: async (count: number, perTask: number) => logic.burst(count, perTask),
  update: async (rows: number, perSecond: number, count: number) => logic.update(rows, perSecond, count),
  listeners: async () => logic.listeners(),
  provideMover: async () => void provideMover(adapter),
}

export type Api = typeof api
export type Mover = typeof mover

const [provide] = defineProxy(() => api, { namespace: 'bench', heartbeatCheck: false })
provide(adapter)
