import { ThreadWebWorker } from '@quilted/threads'
import { workerUrl } from '../../worker-url.js'
import type { Api } from './worker.js'

const api = ThreadWebWorker.import<Api>(new Worker(workerUrl(), { type: 'module' }))

void api.watchCount((count) => (document.title = String(count)))
document.body.textContent = await api.greet('Ada')
