import { state } from 'bgthread/worker'
import { hello } from '../../../pages/hello/hello.js'

export default class Hello {
  #count = state(0)

  constructor() {
    hello.watchCount(this.#count.set)
  }
  greet(name: string) {
    return hello.greet(name)
  }
  watchCount() {
    return this.#count
  }
}
