import { checkLoad } from './load.js'
import { realm } from './realm.js'
import { DEVELOPMENT } from './report.js'
import { BackgroundThread } from './thread.js'
import type { Load, LogicOf, Thread, ThreadRest } from './types.js'

/**
 * Starts a thread that runs a logic, and returns the connection to it.
 *
 * In a browser it starts at once, on a server it stays inert. Calls may be made at once; they wait until the thread
 * is ready, and reject with a `ThreadStartError` where it could not be started. Without the Vite plugin, as in a unit
 * test, the logic runs in the same thread, behind the same asynchronous, cloning interface.
 *
 * @param load `() => import('./logic')`, `() => import('./logic').then((m) => m.Logic)`, or
 * `() => new LogicWorker()` with Vite's `?worker&inline` import of an entry that calls `expose`
 * @param optionsWithArgs the options, with `args` where the logic is made with arguments: see {@link ThreadSettings}
 * @example
 * export const thread = bgThread(() => import('./todo-app'), { name: 'todos', args: ['ada'] })
 * export const { proxy } = thread
 */
export function bgThread<M = never>(load: Load<M>, ...optionsWithArgs: ThreadRest<M>): Thread<LogicOf<M>> {
  checkLoad('bgThread', load)
  const settings = optionsWithArgs[0] ?? {}
  if (DEVELOPMENT && realm.hot)
    return realm.hot.take(
      load as Load<unknown>,
      settings,
      (load) => new BackgroundThread(load, settings),
    ) as never
  return new BackgroundThread(load as Load<unknown>, settings) as unknown as Thread<LogicOf<M>>
}
