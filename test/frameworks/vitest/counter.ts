import { state } from 'bgthread/worker'

export default class Counter {
  #count = state(0)

  add(by: number) {
    this.#count.update((count) => count + by)
  }
  watchCount() {
    return this.#count
  }
  place() {
    return typeof WorkerGlobalScope === 'undefined' ? 'page' : 'worker'
  }
}

declare const WorkerGlobalScope: unknown
