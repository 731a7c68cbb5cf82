import './errors.js'
import { state } from 'bgthread/worker'
import { FaultLogic } from '../../logic.js'

export default class extends FaultLogic {
  constructor() {
    super(state)
  }
}
