import { expose } from 'comlink'
import Logic from 'virtual:logic'
import type { FaultLogic } from '../../logic.js'

const logic = new Logic() as FaultLogic
if (logic.onStart) await logic.onStart()
expose(logic)
