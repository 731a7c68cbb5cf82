/** `bgthread`: the page's side. */
export { attach, type AttachOptions } from './attach.js'
export { bgThread } from './bg-thread.js'
export { bgPool } from './pool.js'
export { bgCompute } from './compute.js'
export {
  ActionNotFoundError,
  LimitError,
  NotCloneableError,
  ThreadClosedError,
  ThreadDiedError,
  ThreadError,
  ThreadHungError,
  ThreadTimeoutError,
  ThreadStartError,
  type ThreadErrorCode,
} from './errors.js'
export { registerError } from './thrown.js'
export { transfer } from './transfer.js'
export type { Endpoint } from './endpoint.js'
export type * from './pool-types.js'
export type * from './types.js'
