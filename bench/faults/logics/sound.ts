export { FaultLogic as default } from '../logic.js'
