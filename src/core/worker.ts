/** `bgthread/worker`: the thread's side. Importing it does nothing; logic imports it wherever it runs. */
export { expose } from './expose.js'
export { keep } from './keep.js'
export { callSignal } from './scope.js'
export { state } from './state.js'
export { stream } from './stream.js'
export { registerError } from './thrown.js'
export { transfer } from './transfer.js'
export type { Endpoint } from './endpoint.js'
export type {
  ContextStats,
  SnapshotStats,
  State,
  StreamOptions,
  StreamSource,
  ThreadClient,
  ThreadContext,
} from './types.js'
