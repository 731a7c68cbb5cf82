// By hand: a worker for each call, which is ended when it has answered.
import { workerUrl } from '../../../contenders/worker-url.js'
import { drive } from '../driver.js'

const url = workerUrl()

drive(
  (text) =>
    new Promise<number>((resolve) => {
      const worker = new Worker(url, { type: 'module' })
      worker.onmessage = ({ data }: MessageEvent<number>) => {
        worker.terminate()
        resolve(data)
      }
      worker.postMessage(text)
    }),
)
