import { FaultLogic } from '../logic.js'

export default class extends FaultLogic {
  override async onStart() {
    await Promise.resolve()
    throw new RangeError('thrown in onStart')
  }
}
