export { FaultLogic as default } from '../logic.js'

throw new RangeError('thrown at the top of the module')
