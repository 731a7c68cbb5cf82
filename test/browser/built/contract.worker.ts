/** Shared by whoever starts it. */
import { expose } from 'bgthread/worker'
import ContractLogic from '../../contract/logic'

expose(ContractLogic)
