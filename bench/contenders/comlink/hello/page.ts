import { proxy, wrap } from 'comlink'
import type { hello } from '../../../pages/hello/hello.js'
import { workerUrl } from '../../worker-url.js'

const api = wrap<typeof hello>(new Worker(workerUrl(), { type: 'module' }))

void api.watchCount(proxy((count) => (document.title = String(count))))
document.body.textContent = await api.greet('Ada')
