import { spawn, Worker } from 'threads'
import { workerUrl } from '../../worker-url.js'
import type { Api } from './worker.js'

const api = await spawn<Api>(new Worker(workerUrl(), { type: 'module', CORSWorkaround: false }))

api.watchCount().subscribe((count) => (document.title = String(count)))
document.body.textContent = await api.greet('Ada')
