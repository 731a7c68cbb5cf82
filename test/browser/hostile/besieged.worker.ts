import { expose } from 'bgthread/worker'
import { Besieged } from '../../support/hostile/besieged'

expose(Besieged)
