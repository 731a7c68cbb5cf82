/**
 * `bgthread/hot`: replaces threads after an edit. The plugin's development server adds it where threads are started, and
 * to their workers. No production build has it.
 */
import { isWorker } from '../core/place.js'
import { realm } from '../core/realm.js'
import type { Load } from '../core/types.js'
import { installCarry } from './carry.js'
import { listenToServer } from './listen.js'
import { HotThreads } from './threads.js'

// Before the logic's module runs.
if (isWorker()) installCarry()

// Several copies of the library in one page share it.
const isFirst = realm.hot === undefined
const threads = (realm.hot ??= new HotThreads()) as HotThreads

/**
 * Makes the load of a thread, whose worker changes with each edit.
 *
 * @param key what the server knows the thread by
 * @param path the worker's, relative to the server's base
 * @param launch makes a load of a worker's path
 */
export function launchable(
  key: string,
  path: string,
  launch: (path: string) => Load<unknown>,
): Load<unknown> {
  return threads.launchable(key, path, launch)
}

/** Ends the threads that a module has started before it ran again, and has not taken over. It calls this last. */
export function evaluated(url: string): void {
  threads.evaluated(url)
}

/** Listens to the development server. @param load loads the page's connection to it; workers have none */
export function listen(load: Parameters<typeof listenToServer>[1]): void {
  if (isFirst && !isListening) listenToServer(threads, load)
  isListening = true
}

let isListening = false
