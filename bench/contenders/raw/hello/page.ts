import { workerUrl } from '../../worker-url.js'

const worker = new Worker(workerUrl(), { type: 'module' })
const pending = new Map<number, (result: unknown) => void>()
let lastId = 0

worker.onmessage = ({ data }) => {
  if ('count' in data) document.title = data.count
  else {
    pending.get(data.id)?.(data.result)
    pending.delete(data.id)
  }
}

const greet = (name: string) =>
  new Promise((resolve) => {
    pending.set(++lastId, resolve)
    worker.postMessage({ id: lastId, name })
  })

document.body.textContent = String(await greet('Ada'))
