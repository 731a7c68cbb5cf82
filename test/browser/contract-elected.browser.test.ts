/** The contract of a page that shares its thread where there is no `SharedWorker`: it is elected, and has the worker. */
import { afterAll } from 'vitest'
import { describeContract } from '../contract/contract'
import { startBuiltElected } from './built/index'

const descriptor = Object.getOwnPropertyDescriptor(window, 'SharedWorker')!
Reflect.deleteProperty(window, 'SharedWorker')
afterAll(() => void Object.defineProperty(window, 'SharedWorker', descriptor))

// One that hangs at its start is left for another, if it may be started again.
describeContract('elected tab', (options) => startBuiltElected({ restart: false, ...options }), {
  worker: true,
  without: { restart: 'other tabs would lose the state, so that restart() is refused' },
})
