import { createBirpc } from 'birpc'
import { Logic } from '../logic.js'
import type { PageFunctions, ThreadFunctions } from './functions.js'

const logic = new Logic()
const watched = new Map<number, () => void>()

const functions: ThreadFunctions = {
  add: logic.add,
  put: logic.put,
  work: logic.work,
  copy: logic.touch,
  watch(topic, id) {
    watched.set(
      id,
      logic.watch(topic).subscribe((snapshot) => void rpc.next.asEvent(id, snapshot)),
    )
  },
  unwatch(id) {
    watched.get(id)?.()
    watched.delete(id)
  },
  burst: (count, perTask) => logic.burst(count, perTask),
  update: (rows, perSecond, count) => logic.update(rows, perSecond, count),
  listeners: () => logic.listeners(),
}

const rpc = createBirpc<PageFunctions, ThreadFunctions>(functions, {
  post: (data) => postMessage(data),
  on: (listener) => addEventListener('message', ({ data }) => listener(data)),
})
