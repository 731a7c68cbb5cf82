// npm run bench: installs what is missing, builds the package, and measures it beside its peers, or
// tries the same faults on them; with --hot it measures hot updates (README.md).
import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ensureBrowser } from '../scripts/ensure-browser.mjs'
import { install, npm } from '../scripts/tools.mjs'
import { readOptions } from './harness/options.mjs'

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url))

/** Installs the peers where they are absent or older than the lock file. */
async function installPeers() {
  const installed = here('node_modules/.package-lock.json')
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(here('package-lock.json')).mtimeMs)
    return true
  console.log('Installing the peers (npm ci) …')
  return npm(['ci', '--prefix', here('.')])
}

const options = readOptions(process.argv.slice(2))
await install()
const ready =
  (await installPeers()) &&
  (await ensureBrowser('chromium')) &&
  (options.built || (await npm(['run', '--silent', 'build'])))
if (ready) {
  const { runnerImport } = await import('vite')
  // Else runnerImport sets it, and what is measured would be a development build.
  process.env['NODE_ENV'] = 'production'
  const entry = options.faults ? 'faults/run.ts' : options.hot ? 'hot/run.ts' : 'harness/bench.ts'
  const harness = await runnerImport(here(entry), { configFile: false, root: here('.') })
  // A path that tsc does not follow: what is built may be absent.
  const { default: bgthread } = await import(new URL('../dist/vite.js', import.meta.url).href)
  process.exitCode = await harness.module.run(options, bgthread)
} else process.exitCode = 1
