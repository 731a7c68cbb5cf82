import { FaultLogic } from '../logic.js'

export default class extends FaultLogic {
  constructor() {
    super()
    throw new RangeError('thrown in the constructor')
  }
}
