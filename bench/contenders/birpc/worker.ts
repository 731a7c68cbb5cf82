import { createBirpc } from 'birpc'
import { Logic, methodsOf } from '../logic.js'
import type { PageFunctions, ThreadFunctions } from './functions.js'

const logic = new Logic()
const watched = new Map<number, () => void>()

const functions: ThreadFunctions = {
  ...methodsOf(logic),
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
}

const rpc = createBirpc<PageFunctions, ThreadFunctions>(functions, {
  post: (data) => postMessage(data),
  on: (listener) => addEventListener('message', ({ data }) => listener(data)),
})
