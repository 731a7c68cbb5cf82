import { proxy, releaseProxy, wrap, type Remote } from 'comlink'
import workers from 'virtual:workers'
import type { FaultLogic } from '../../logic.js'
import type { Started, StartOptions, Subject } from '../../subject.js'
import { scriptUrl } from '../../workers.js'

function start(options: StartOptions): Started {
  const { logic = 'sound', script = scriptUrl(workers[logic]) } = options
  const worker = new Worker(script, { type: 'module' })
  const api: Remote<FaultLogic> = wrap<FaultLogic>(worker)
  return {
    calls: api,
    hold: (callback) => api.hold(proxy(callback)),
    watch: (next) => api.watchWith('count', proxy(next)),
    loose: api,
    endpoint: () => worker,
    restart() {
      api[releaseProxy]()
      worker.terminate()
      return start(options)
    },
  }
}

export default { start } satisfies Subject
