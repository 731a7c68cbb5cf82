/** A worker's own entry. */
import type { Endpoint } from './endpoint.js'
import { ownLock } from './lock.js'
import { isWorker } from './place.js'
import { Service } from './service.js'

/**
 * Makes `logic` answer the page that started this worker, or in a shared worker all pages that share it. The plugin
 * writes this call; write it yourself in a worker entry that you start with `bgThread<TodoApp>(() => new TodoWorker())`.
 *
 * It listens to the worker's messages from here on. If the logic imports a library that listens to them, too, load it
 * after that: `expose(import('./todo-app').then((module) => module.default))`.
 *
 * @param logic a class (made with the option `args`), a function `(context, ...args)` that returns the logic or a
 * promise of it, an instance, or a promise of one of these
 * @param endpoint what the logic is reached through, where that is not the worker itself: a port, an iframe's parent,
 * a socket; anything that is an {@link Endpoint}
 * @throws Error outside of a worker, where no endpoint is given
 * @example
 * // todo.worker.ts
 * import { expose } from 'bgthread/worker'
 * import TodoApp from './todo-app'
 * expose(TodoApp)
 */
export function expose(logic: unknown, endpoint?: Endpoint): void {
  if (endpoint) return new Service(logic).accept(endpoint, true)
  if (!isWorker())
    throw new Error('expose(logic) belongs into a worker; on the page start the thread with bgThread(...)')
  const worker = globalThis as unknown as Endpoint & SharedWorker & EventTarget & { close(): void }
  // A shared worker has no one to post to.
  const shared = 'onconnect' in worker
  const close = worker.close.bind(worker)
  const service = new Service(logic, { lock: ownLock(), ...(shared && { shared: close }) })
  worker.close = () => service.logic.closeWorker(close)

  // The page's `error` event would have neither the error nor its stack, and a rejection would not be seen at all.
  const forward = (event: Event, error: unknown) => service.tell(error) && event.preventDefault()
  worker.addEventListener('error', ((event: ErrorEvent) =>
    forward(event, event.error ?? new Error(event.message))) as EventListener)
  worker.addEventListener('unhandledrejection', ((event: PromiseRejectionEvent) =>
    forward(event, event.reason)) as EventListener)

  if (!shared) return service.accept(worker, true)
  worker.addEventListener('connect', (({ ports }: MessageEvent) =>
    service.accept(ports[0] as MessagePort)) as EventListener)
}
