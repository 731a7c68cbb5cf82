import { createBirpc } from 'birpc'
import { hello } from '../../../pages/hello/hello.js'

const rpc = createBirpc<{ show(count: number): void }>(
  { greet: hello.greet },
  {
    post: (data) => postMessage(data),
    on: (listener) => addEventListener('message', ({ data }) => listener(data)),
  },
)

hello.watchCount((count) => void rpc.show.asEvent(count))
