import coincident from 'coincident/worker'
import { Logic, methodsOf } from '../logic.js'
import type { PageFunctions } from './functions.js'

const { proxy } = await coincident()
const page = proxy as PageFunctions

const logic = new Logic()
const watched = new Map<number, () => void>()

Object.assign(proxy, {
  ...methodsOf(logic),
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
})
