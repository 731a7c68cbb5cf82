import { defineProxy, type Adapter } from 'comctx'
import { callbackFunctions, CallbackLogic } from '../callback-logic.js'

const logic = new CallbackLogic()
const adapter: Adapter = {
  sendMessage: (message, transfer) => postMessage(message, { transfer }),
  onMessage(callback) {
    const handler = (event: MessageEvent) => callback(event.data)
    addEventListener('message', handler)
    return () => removeEventListener('message', handler)
  },
}

const mover = { touch: async (bytes: ArrayBuffer) => logic.touch(bytes) }
const [provideMover] = defineProxy(() => mover, { namespace: 'mover', heartbeatCheck: false, transfer: true })

const api = {
  ...callbackFunctions(logic),
  touch: async (bytes: ArrayBuffer) => logic.touch(bytes),
  provideMover: async () => void provideMover(adapter),
}

export type Api = typeof api
export type Mover = typeof mover

const [provide] = defineProxy(() => api, { namespace: 'bench', heartbeatCheck: false })
provide(adapter)
