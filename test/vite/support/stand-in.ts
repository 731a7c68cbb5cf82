/**
 * The files of a package that stands in for the library: it does nothing with a load but hand it out, and the thread's
 * side answers each message, the name of one of the logic's functions, with what that gives. So a test has in its
 * hands what the plugin gives the library. It takes a configuration without `resolve.alias`.
 */
export const standIn = {
  'node_modules/bgthread/package.json': JSON.stringify({
    name: 'bgthread',
    type: 'module',
    exports: { '.': './index.js', './*': './*.js' },
  }),
  'node_modules/bgthread/index.js': `
    // In development a function of the module stands for the load, as src/hot/calls.ts knows.
    const handOut = (load) => (/bgthreadCall/.test(load) ? load((url, isTopLevel, load) => load) : load)
    export { handOut as bgThread, handOut as bgPool, handOut as bgCompute }`,
  'node_modules/bgthread/client.js': '',
  // Only what a development server's modules import: nothing is replaced.
  'node_modules/bgthread/hot.js': `
    export const launchable = (key, path, launch) => launch(path)
    export const listen = () => {}
    export const evaluated = () => {}`,
  'node_modules/bgthread/shared.js': '',
  'node_modules/bgthread/shared-worker.js': '',
  'node_modules/bgthread/worker.js': `
    export function expose(logic) {
      const serve = (port) => (port.onmessage = async ({ data }) => port.postMessage(await (await logic)[data]()))
      if ('onconnect' in self) self.onconnect = ({ ports }) => serve(ports[0])
      else serve(self)
    }`,
}
