import { Observable } from 'threads/observable'
import { expose, Transfer } from 'threads/worker'
import type { Snapshot } from '../contender.js'
import { Logic, methodsOf } from '../logic.js'

const logic = new Logic()

const api = {
  ...methodsOf(logic),
  move: (bytes: ArrayBuffer) => Transfer(logic.touch(bytes), [bytes]),
  watch: (topic: string) =>
    new Observable<Snapshot>((observer) =>
      logic.watch(topic).subscribe((snapshot) => observer.next(snapshot)),
    ),
}

export type Api = typeof api

expose(api)
