/** Shared by whoever starts it. */
import 'bgthread/shared-worker'
import { expose } from 'bgthread/worker'
import ContractLogic from '../../contract/logic'

expose(ContractLogic)
