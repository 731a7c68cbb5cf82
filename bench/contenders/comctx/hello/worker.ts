import { defineProxy } from 'comctx'
import { hello } from '../../../pages/hello/hello.js'

const api = {
  greet: async (name: string) => hello.greet(name),
  watchCount: async (next: (count: number) => void) => hello.watchCount(next),
}

export type Api = typeof api

const [provide] = defineProxy(() => api, { namespace: 'hello' })
provide({
  sendMessage: (message) => postMessage(message),
  onMessage(callback) {
    const handler = (event: MessageEvent) => callback(event.data)
    addEventListener('message', handler)
    return () => removeEventListener('message', handler)
  },
})
