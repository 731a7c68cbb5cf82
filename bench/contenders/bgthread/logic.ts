import { state, transfer } from 'bgthread/worker'
import { Logic } from '../logic.js'

export default class BenchLogic extends Logic {
  constructor() {
    super(state)
  }

  move(bytes: ArrayBuffer) {
    return transfer(this.touch(bytes), [bytes])
  }
}
