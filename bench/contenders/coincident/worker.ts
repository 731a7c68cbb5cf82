import coincident from 'coincident/worker'
import { Logic } from '../logic.js'
import type { PageFunctions } from './functions.js'

const { proxy } = await coincident()
const page = proxy as PageFunctions

const logic = new Logic()
const watched = new Map<number, () => void>()

Object.assign(proxy, {
  add: logic.add,
  put: logic.put,
  work: logic.work,
  copy: logic.touch,
  watch(topic: string, id: number) {
    watched.set(
      id,
      logic.watch(topic).subscribe((snapshot) => page.next(id, snapshot)),
    )
  },
  unwatch(id: number) {
    watched.get(id)?.()
    watched.delete(id)
  },
  burst: logic.burst.bind(logic),
  update: logic.update.bind(logic),
  listeners: logic.listeners.bind(logic),
})
