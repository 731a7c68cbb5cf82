import workerpool from 'workerpool'
import { Logic, methodsOf } from '../logic.js'

const logic = new Logic()

/** Emits a topic while a task runs. */
async function emitting<T>(topic: string, task: () => Promise<T>) {
  const stop = logic.watch(topic).subscribe((snapshot) => workerpool.workerEmit(snapshot))
  const result = await task()
  stop()
  return result
}

workerpool.worker({
  ...methodsOf(logic),
  move: (bytes: ArrayBuffer) => new workerpool.Transfer(logic.touch(bytes), [bytes]),
  burst: (count: number, perTask: number) => emitting('count', () => logic.burst(count, perTask)),
  update: (rows: number, perSecond: number, count: number) =>
    emitting('rows', () => logic.update(rows, perSecond, count)),
})
