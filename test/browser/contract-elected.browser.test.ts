/** The contract of a page that shares its thread where there is no `SharedWorker`: it is elected, and has the worker. */
import { describeContract } from '../contract/contract'
import { startBuiltElected } from './built/index'
import { withoutSharedWorker } from '../support/without-shared-worker'

withoutSharedWorker()

// One that hangs at its start is left for another, if it may be started again.
describeContract('elected tab', (options) => startBuiltElected({ restart: false, ...options }), {
  worker: true,
  without: { restart: 'other tabs would lose the state, so that restart() is refused' },
})
