/** The contract of a pool whose thread is the inline worker of a build. */
import { describePoolContract } from '../contract/pool'
import { startBuiltPool } from './built/index'

describePoolContract('pool of one worker', startBuiltPool, { worker: true })
