import { createBirpc } from 'birpc'
import type { hello } from '../../../pages/hello/hello.js'
import { workerUrl } from '../../worker-url.js'

const worker = new Worker(workerUrl(), { type: 'module' })
const rpc = createBirpc<Pick<typeof hello, 'greet'>>(
  { show: (count: number) => (document.title = String(count)) },
  {
    post: (data) => worker.postMessage(data),
    on: (listener) => worker.addEventListener('message', ({ data }) => listener(data)),
  },
)

document.body.textContent = await rpc.greet('Ada')
