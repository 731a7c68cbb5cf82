import { newMessagePortRpcSession } from 'capnweb'
import workers from 'virtual:workers'
import type { Started, StartOptions, Subject } from '../../subject.js'
import { scriptUrl } from '../../workers.js'
import type { Api } from './worker.js'

function start(options: StartOptions, tell: (what: string) => void): Started {
  const { logic = 'sound', script = scriptUrl(workers[logic]) } = options
  const worker = new Worker(script, { type: 'module' })
  const { port1, port2 } = new MessageChannel()
  worker.postMessage(port2, [port2])
  const api = newMessagePortRpcSession<Api>(port1)
  api.onRpcBroken(() => tell('`onRpcBroken`'))
  return {
    calls: api,
    hold: (callback) => api.hold(callback),
    watch: (next) => api.watchStub(next),
    loose: api,
    endpoint: () => port1,
    restart() {
      api[Symbol.dispose]()
      worker.terminate()
      return start(options, tell)
    },
  }
}

export default { start } satisfies Subject
