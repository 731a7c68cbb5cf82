/** A worker's own entry. */
import * as Wire from './protocol.js'
import type { Endpoint } from './endpoint.js'
import type { Outbox } from './outbox.js'
import { isWorker } from './place.js'
import { sayThrown } from './say.js'
import { serve } from './serve.js'
import { makeToken } from './token.js'

/**
 * Makes `logic` answer the page that started this worker. The plugin writes this call; write it yourself in a worker
 * entry that you start with `bgThread<TodoApp>(() => new TodoWorker())`.
 *
 * @param logic a class (made with the option `args`), a function `(context, ...args)` that returns the logic or a
 * promise of it, an instance, or a promise of one of these
 * @throws Error outside of a worker
 * @example
 * // todo.worker.ts
 * import { expose } from 'bgthread/worker'
 * import TodoApp from './todo-app'
 * expose(TodoApp)
 */
export function expose(logic: unknown): void {
  if (!isWorker())
    throw new Error('expose(logic) belongs into a worker; on the page start the thread with bgThread(...)')
  const worker = globalThis as unknown as Endpoint & EventTarget
  let outbox: Outbox | undefined

  // The page's `error` event would have neither the error nor its stack, and a rejection would not be seen at all.
  const forward = (event: Event, error: unknown) => {
    if (!outbox) return
    event.preventDefault()
    sayThrown(outbox, Wire.UNCAUGHT, 0, error, 'uncaught')
    outbox.flush()
  }
  worker.addEventListener('error', ((event: ErrorEvent) =>
    forward(event, event.error ?? new Error(event.message))) as EventListener)
  worker.addEventListener('unhandledrejection', ((event: PromiseRejectionEvent) =>
    forward(event, event.reason)) as EventListener)

  serve(worker, logic, { lock: holdLock(), onStart: (connection) => (outbox = connection.outbox) })
}

/** Held for life: no event tells a page that a worker is dead, but its locks are released. */
function holdLock(): Promise<string | undefined> {
  const { locks } = navigator as { locks?: LockManager }
  const name = makeToken()
  return new Promise((resolve) => {
    const forever = () => {
      resolve(name)
      return new Promise<never>(() => {})
    }
    // None outside of secure contexts, and refused to opaque origins.
    if (locks) locks.request(name, forever).catch(() => resolve(undefined))
    else resolve(undefined)
  })
}
