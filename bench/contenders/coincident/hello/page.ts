import coincident from 'coincident/main'
import { workerUrl } from '../../worker-url.js'

interface Proxy {
  greet(name: string): Promise<string>
  show(count: number): void
}

const { Worker } = coincident()
const proxy = new Worker(workerUrl()).proxy as Proxy

proxy.show = (count) => (document.title = String(count))
document.body.textContent = await proxy.greet('Ada')
