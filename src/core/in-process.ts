/** A logic that runs where the page's code does: in unit tests, on servers, and without the plugin. */
import { isServer, isWorker, TEST } from './place.js'
import { realm, type ServeInProcess } from './realm.js'
import { DEVELOPMENT } from './report.js'
import { serve } from './serve.js'

export const serveInProcess: ServeInProcess = (port, loaded, name) => {
  const endServing = serve(port, loaded.then(exportOf))
  port.start()
  if (DEVELOPMENT && !TEST && !isServer() && !isWorker() && typeof Worker === 'function')
    console.warn(
      `bgthread: thread '${name}' runs on the UI thread. Add bgthread() from 'bgthread/vite' to the plugins, ` +
        "and write the load in place, as in bgThread(() => import('./logic')).",
    )
  return endServing
}

// Within reach of pages whose build has no chunk to load this from: the plugin imports it for this effect.
realm.serveInProcess = serveInProcess

/** What a module namespace offers as logic: its default export; else the load has picked the export itself. */
function exportOf(loaded: unknown): unknown {
  const isModule =
    (loaded as { [Symbol.toStringTag]?: unknown } | undefined)?.[Symbol.toStringTag] === 'Module'
  return isModule ? (loaded as { default?: unknown }).default : loaded
}
