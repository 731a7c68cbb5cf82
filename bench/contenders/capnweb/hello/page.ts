import { newMessagePortRpcSession } from 'capnweb'
import { workerUrl } from '../../worker-url.js'
import type { Api } from './worker.js'

const worker = new Worker(workerUrl(), { type: 'module' })
const { port1, port2 } = new MessageChannel()
worker.postMessage(port2, [port2])
const api = newMessagePortRpcSession<Api>(port1)

void api.watchCount((count: number) => void (document.title = String(count)))
document.body.textContent = await api.greet('Ada')
