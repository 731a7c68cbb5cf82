import { RPCChannel, WorkerChildIO } from 'kkrpc/browser'
import { CallbackLogic } from '../callback-logic.js'
import type { Snapshot, Todo } from '../contender.js'

const logic = new CallbackLogic()

const api = {
  add: async (a: number, b: number) => logic.add(a, b),
  put: async (todo: Todo) => logic.put(todo),
  work: async (ms: number) => logic.work(ms),
  watch: async (topic: string, next: (snapshot: Snapshot) => void) => logic.watchWith(topic, next),
  unwatch: async (id: number) => logic.unwatch(id),
  burst: async (count: number, perTask: number) => logic.burst(count, perTask),
  update: async (rows: number, perSecond: number, count: number) => logic.update(rows, perSecond, count),
  listeners: async () => logic.listeners(),
}

export type Api = typeof api

const channel = new RPCChannel<Api, object>(new WorkerChildIO(), { expose: api })
Object.assign(globalThis, { channel })
