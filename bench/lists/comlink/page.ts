import * as Comlink from 'comlink'
import { drive } from '../driver.js'
import type { Api } from './worker.js'

drive(() => {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  const remote = Comlink.wrap<Api>(worker)
  return {
    load: (count) => remote.load(count),
    apply: (operation, manner) => remote.apply(operation, manner),
    watch: (show) => void remote.watch(Comlink.proxy(show)),
    close: () => worker.terminate(),
  }
})
