import { RPCChannel, WorkerParentIO } from 'kkrpc/browser'
import { workerUrl } from '../../worker-url.js'
import type { Api } from './worker.js'

const worker = new Worker(workerUrl(), { type: 'module' })
const api = new RPCChannel<object, Api, WorkerParentIO>(new WorkerParentIO(worker)).getAPI()

void api.watchCount((count) => (document.title = String(count)))
document.body.textContent = await api.greet('Ada')
