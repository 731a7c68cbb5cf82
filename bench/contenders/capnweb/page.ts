import { newMessagePortRpcSession } from 'capnweb'
import { callsOf } from '../calls.js'
import type { Contender, Session } from '../contender.js'
import { workerUrl } from '../worker-url.js'
import type { Api } from './worker.js'

function start(): Session {
  const worker = new Worker(workerUrl(), { type: 'module' })
  const { port1, port2 } = new MessageChannel()
  worker.postMessage(port2, [port2])
  const api = newMessagePortRpcSession<Api>(port1)
  return {
    ...callsOf(api),
    copy: (bytes) => api.touch(bytes),
    move: (bytes) => api.touch(bytes),
    async watch(topic, next) {
      const id = await api.watchStub(topic, next)
      return () => api.unwatch(id)
    },
    end: () => worker.terminate(),
  }
}

export default {
  start,
  cannot: {
    copy: 'It sends text of at most 32 MB.',
    move: 'It sends text, and does not transfer.',
  },
} satisfies Contender
