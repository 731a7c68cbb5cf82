import { expose } from 'bgthread/worker'
import { Chaotic } from './chaotic'

expose(Chaotic)
