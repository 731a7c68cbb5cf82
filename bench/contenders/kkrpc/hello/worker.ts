import { RPCChannel, WorkerChildIO } from 'kkrpc/browser'
import { hello } from '../../../pages/hello/hello.js'

const api = {
  greet: async (name: string) => hello.greet(name),
  watchCount: async (next: (count: number) => void) => hello.watchCount(next),
}

export type Api = typeof api

export const channel = new RPCChannel<Api, object>(new WorkerChildIO(), { expose: api })
