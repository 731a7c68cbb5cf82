// Makes sure that there is a browser to test with: one that is there, else Debian's package where apt may be used,
// else one sentence that says what to install.
import { spawnSync } from 'node:child_process'
import { findBrowser, variableOf } from './browser.mjs'
import { run } from './tools.mjs'

const debian = { chromium: 'chromium', firefox: 'firefox-esr' }
const known = { chromium: 'Google Chrome or Chromium', firefox: 'Firefox' }

/** @param {string} command @param {string[]} args */
const works = (command, args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0

/** Installs a package of Debian, as root or with a sudo that asks nothing. @param {string} name */
async function aptInstall(name) {
  if (process.platform !== 'linux' || !works('apt-get', ['--version'])) return
  const asRoot = process.getuid?.() === 0
  if (!asRoot && !works('sudo', ['-n', 'true'])) return
  const [command, ...before] = asRoot ? ['apt-get'] : ['sudo', '-n', 'apt-get']
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  console.log(`Installing ${name} (apt-get) …`)
  if (await run(command ?? '', [...before, 'update', '-qq'], { env })) {
    await run(command ?? '', [...before, 'install', '-y', '-qq', name], { env })
  }
}

/**
 * @param {import('./browser.mjs').Browser} name
 * @returns {Promise<boolean>} whether there is such a browser to test with
 */
export async function ensureBrowser(name) {
  const variable = variableOf(name)
  const wanted = process.env[variable]
  if (!findBrowser(name) && !wanted) await aptInstall(debian[name])
  const browser = findBrowser(name)
  if (browser) console.log(browser)
  else if (wanted) console.error(`There is no browser at ${wanted} (${variable}).`)
  else console.error(`Install ${known[name]}, or set ${variable} to the path of one.`)
  return browser !== undefined
}
