/** The workers of a page, whoever has made them. */

const workers: Worker[] = []

/**
 * Has every worker of the page known to `lastWorker`, and its `error` events told.
 */
export function recordWorkers(onError: () => void): void {
  globalThis.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options)
      workers.push(this)
      this.addEventListener('error', onError)
    }
  }
}

/** The worker that was made last. */
export function lastWorker(): Worker {
  const worker = workers.at(-1)
  if (!worker) throw new Error('there is no worker yet')
  return worker
}

/** A URL of a script. */
export const scriptUrl = (code = '') => URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))
