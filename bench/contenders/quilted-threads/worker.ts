import { markAsTransferable, ThreadWebWorker } from '@quilted/threads'
import { CallbackLogic } from '../callback-logic.js'
import type { Snapshot, Todo } from '../contender.js'

const logic = new CallbackLogic()

const api = {
  add: async (a: number, b: number) => logic.add(a, b),
  put: async (todo: Todo) => logic.put(todo),
  work: async (ms: number) => logic.work(ms),
  copy: async (bytes: ArrayBuffer) => logic.touch(bytes),
  move: async (bytes: ArrayBuffer) => markAsTransferable(logic.touch(bytes)),
  watch: async (topic: string, next: (snapshot: Snapshot) => unknown) => logic.watchWith(topic, next),
  unwatch: async (id: number) => logic.unwatch(id),
  burst: async (count: number, perTask: number) => logic.burst(count, perTask),
  update: async (rows: number, perSecond: number, count: number) => logic.update(rows, perSecond, count),
  listeners: async () => logic.listeners(),
}

export type Api = typeof api

ThreadWebWorker.self.export(api)
