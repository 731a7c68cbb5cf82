import { defineProxy, type Adapter } from 'comctx'
import { callsOf } from '../calls.js'
import type { Contender, Session } from '../contender.js'
import { workerUrl } from '../worker-url.js'
import type { Api, Mover } from './worker.js'

// A heartbeat before every call makes each five times dearer: without, as its README does in one place.
const [, inject] = defineProxy(() => ({}) as Api, { namespace: 'bench', heartbeatCheck: false })
// What transfers does so with everything it finds: a service of its own, for who needs it.
const [, injectMover] = defineProxy(() => ({}) as Mover, {
  namespace: 'mover',
  heartbeatCheck: false,
  transfer: true,
})

function start(): Session {
  const worker = new Worker(workerUrl(), { type: 'module' })
  const adapter: Adapter = {
    sendMessage: (message, transfer) => worker.postMessage(message, transfer),
    onMessage(callback) {
      const handler = (event: MessageEvent) => callback(event.data)
      worker.addEventListener('message', handler)
      return () => worker.removeEventListener('message', handler)
    },
  }
  const api = inject(adapter)
  let mover: Promise<Mover> | undefined
  const startMover = async () => {
    await api.provideMover()
    return { touch: injectMover(adapter).touch }
  }
  return {
    ...callsOf(api),
    copy: (bytes) => api.touch(bytes),
    move: async (bytes) => (await (mover ??= startMover())).touch(bytes),
    async watch(topic, next) {
      const id = await api.watch(topic, next)
      return () => api.unwatch(id)
    },
    end: () => worker.terminate(),
  }
}

export default { start } satisfies Contender
