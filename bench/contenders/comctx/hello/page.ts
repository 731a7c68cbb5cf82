import { defineProxy } from 'comctx'
import { workerUrl } from '../../worker-url.js'
import type { Api } from './worker.js'

const [, inject] = defineProxy(() => ({}) as Api, { namespace: 'hello' })
const worker = new Worker(workerUrl(), { type: 'module' })
const api = inject({
  sendMessage: (message) => worker.postMessage(message),
  onMessage(callback) {
    const handler = (event: MessageEvent) => callback(event.data)
    worker.addEventListener('message', handler)
    return () => worker.removeEventListener('message', handler)
  },
})

void api.watchCount((count) => (document.title = String(count)))
document.body.textContent = await api.greet('Ada')
