import { Observable } from 'threads/observable'
import { expose, Transfer } from 'threads/worker'
import type { Snapshot, Todo } from '../contender.js'
import { Logic } from '../logic.js'

const logic = new Logic()

const api = {
  add: (a: number, b: number) => logic.add(a, b),
  put: (todo: Todo) => logic.put(todo),
  work: (ms: number) => logic.work(ms),
  copy: (bytes: ArrayBuffer) => logic.touch(bytes),
  move: (bytes: ArrayBuffer) => Transfer(logic.touch(bytes), [bytes]),
  watch: (topic: string) =>
    new Observable<Snapshot>((observer) =>
      logic.watch(topic).subscribe((snapshot) => observer.next(snapshot)),
    ),
  burst: (count: number, perTask: number) => logic.burst(count, perTask),
  update: (rows: number, perSecond: number, count: number) => logic.update(rows, perSecond, count),
  listeners: () => logic.listeners(),
}

export type Api = typeof api

expose(api)
