import { realm, type ServeInProcess } from './realm.js'

/** What `in-process.js` gives, where it is in the build. */
type Offer = { serveInProcess: ServeInProcess }

/** What serves a logic on this side, where it is in the build: code that only such pages need. */
export async function loadServe(): Promise<ServeInProcess> {
  // The plugin takes this import out of a build that does not need it.
  const load = async () => ((await import('./in-process.js')) as Offer | undefined)?.serveInProcess
  const serveInProcess = realm.serveInProcess ?? (await load())
  if (serveInProcess) return serveInProcess
  throw new Error(
    'this build has no code to run a logic, or to serve a host, on this side; write the load and the options in place, ' +
      "as in bgThread(() => import('./logic'), { host: { ... } })",
  )
}
