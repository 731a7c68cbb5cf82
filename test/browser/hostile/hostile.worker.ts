import { expose } from 'bgthread/worker'
import { HostileLogic } from '../../support/hostile/logic'

expose(HostileLogic)
