/** A logic that runs where the page's code does: in unit tests, on servers, and without the plugin. */
import './outward.js'
import { isServer, isWorker, TEST } from './place.js'
import { realm, type ServeInProcess } from './realm.js'
import { DEVELOPMENT } from './report.js'
import { serve } from './serve.js'

/** Set by the plugin: a constant of a build, a global in development. */
declare const __BGTHREAD_PLUGIN__: true | undefined

export const serveInProcess: ServeInProcess = (port, loaded, name, isHost) => {
  const endServing = serve(port, loaded.then(exportOf))
  if (DEVELOPMENT && !isHost && !TEST && !isServer() && !isWorker() && typeof Worker === 'function')
    console.warn(
      `bgthread: thread '${name}' runs on the UI thread. ${advice()} the load in place, as in bgThread(() => import('./logic')).`,
    )
  return endServing
}

function advice(): string {
  return typeof __BGTHREAD_PLUGIN__ === 'undefined'
    ? "Add bgthread() from 'bgthread/vite' to the plugins, and write"
    : 'The plugin does not see through its load: write'
}

// Within reach of pages whose build has no chunk to load this from: the plugin imports it for this effect.
realm.serveInProcess = serveInProcess

/** What a module namespace offers as logic: its default export; else the load has picked the export itself. */
function exportOf(loaded: unknown): unknown {
  const isModule =
    (loaded as { [Symbol.toStringTag]?: unknown } | undefined)?.[Symbol.toStringTag] === 'Module'
  return isModule ? (loaded as { default?: unknown }).default : loaded
}
