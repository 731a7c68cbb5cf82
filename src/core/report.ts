/** Development, and errors that nobody is there to catch. */

function isDevelopment(): boolean {
  // The only form that was right in every bundler mode tried: define replaces it, or `process` is not there.
  let development = false
  try {
    development = process.env.NODE_ENV !== 'production'
  } catch {}
  return development
}

/**
 * Development builds freeze snapshots and warn; production does neither.
 *
 * Said twice, so that a production build sees `? false : false` and leaves out what only development has.
 */
export const DEVELOPMENT = /* @__PURE__ */ isDevelopment() ? process.env.NODE_ENV !== 'production' : false

/** Reports an error like any uncaught one: the console, `window.onerror`, error trackers. */
export function report(error: unknown): void {
  if (typeof reportError === 'function') reportError(error)
  else
    queueMicrotask(() => {
      throw error
    })
}
