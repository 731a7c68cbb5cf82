import coincident from 'coincident/worker'
import { hello } from '../../../pages/hello/hello.js'

interface Proxy {
  greet: typeof hello.greet
  show(count: number): void
}

const proxy = (await coincident()).proxy as Proxy

proxy.greet = hello.greet
hello.watchCount((count) => proxy.show(count))
