import { runWorker, type DoTransferableWork } from 'observable-webworker'
import { EMPTY, from, map, mergeMap, Observable } from 'rxjs'
import { Logic, methodsOf } from '../logic.js'
import type { Input, Output } from './protocol.js'

const logic = new Logic()
const methods: Record<string, (...args: never[]) => unknown> = methodsOf(logic)
const watched = new Map<number, () => void>()
const moving = new Set<number>()

class BenchWorker implements DoTransferableWork<Input, Output> {
  work(inputs: Observable<Input>): Observable<Output> {
    return inputs.pipe(mergeMap((input) => answer(input)))
  }

  selectTransferables({ id, result }: Output): Transferable[] {
    return moving.delete(id) ? [result as ArrayBuffer] : []
  }
}

function answer(input: Input): Observable<Output> {
  const { id } = input
  if (input.type === 'watch') return watch(id, input.topic)
  if (input.type === 'unwatch') {
    watched.get(id)?.()
    watched.delete(id)
    return EMPTY
  }
  if (input.method === 'move') moving.add(id)
  const result = Promise.resolve(methods[input.method]?.(...(input.args as never[])))
  return from(result).pipe(map((result) => ({ id, result })))
}

const watch = (id: number, topic: string) =>
  new Observable<Output>((observer) => {
    const stop = logic.watch(topic).subscribe((snapshot) => observer.next({ id, snapshot }))
    watched.set(id, () => {
      stop()
      observer.complete()
    })
  })

runWorker(BenchWorker)
