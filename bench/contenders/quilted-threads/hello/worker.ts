import { ThreadWebWorker } from '@quilted/threads'
import { hello } from '../../../pages/hello/hello.js'

const api = {
  greet: async (name: string) => hello.greet(name),
  watchCount: async (next: (count: number) => unknown) => hello.watchCount(next),
}

export type Api = typeof api

ThreadWebWorker.self.export(api)
