/** Where this code runs, and so how a thread is run. */

function isTest(): boolean {
  let test = false
  try {
    test = process.env.NODE_ENV === 'test'
  } catch {}
  return test
}

/** Unit tests run logic in process. Said twice, so that a production build sees `? false : false`. */
export const TEST = /* @__PURE__ */ isTest() ? process.env.NODE_ENV === 'test' : false

/** A thread's own global: dedicated, shared or service worker. */
export function isWorker(): boolean {
  const { WorkerGlobalScope } = globalThis as { WorkerGlobalScope?: abstract new () => unknown }
  return typeof WorkerGlobalScope === 'function' && globalThis instanceof WorkerGlobalScope
}

/** Neither page nor worker: a page is being rendered on a server. */
export function isServer(): boolean {
  return typeof window === 'undefined' && !isWorker()
}
