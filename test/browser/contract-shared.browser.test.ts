/** The contract of a page that shares its thread: each is the only client of its own. */
import { describeContract } from '../contract/contract'
import { startBuiltShared } from './built/index'

// One that hangs at its start is left for another, if it may be started again.
describeContract('shared worker', (options) => startBuiltShared({ restart: false, ...options }), {
  worker: true,
  without: { restart: 'other tabs would lose the state, so that restart() is refused' },
})
