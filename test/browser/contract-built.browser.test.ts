/** The contract in the inline worker of a build. */
import { describeContract } from '../contract/contract'
import { startBuilt } from './built/index'

describeContract('inline worker of a build', startBuilt, { worker: true })
