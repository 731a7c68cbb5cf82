// Makes sure that there is a Chrome or Chromium for the browser tests: one that is there, else Debian's
// package where apt may be used, else one sentence that says what to install.
import { spawnSync } from 'node:child_process'
import { findBrowser } from './browser.mjs'
import { run } from './tools.mjs'

/** @param {string} command @param {string[]} args */
const works = (command, args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0

/** Installs Debian's chromium, as root or with a sudo that asks nothing. */
async function aptInstall() {
  if (process.platform !== 'linux' || !works('apt-get', ['--version'])) return
  const asRoot = process.getuid?.() === 0
  if (!asRoot && !works('sudo', ['-n', 'true'])) return
  const [command, ...before] = asRoot ? ['apt-get'] : ['sudo', '-n', 'apt-get']
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  console.log('Installing chromium (apt-get) …')
  if (await run(command ?? '', [...before, 'update', '-qq'], { env })) {
    await run(command ?? '', [...before, 'install', '-y', '-qq', 'chromium'], { env })
  }
}

/** @returns {Promise<boolean>} whether there is a browser to test with */
export async function ensureBrowser() {
  if (!findBrowser() && !process.env['BGTHREAD_CHROMIUM']) await aptInstall()
  const browser = findBrowser()
  if (browser) console.log(browser)
  else if (process.env['BGTHREAD_CHROMIUM']) {
    console.error(`There is no browser at ${process.env['BGTHREAD_CHROMIUM']} (BGTHREAD_CHROMIUM).`)
  } else {
    console.error('Install Google Chrome or Chromium, or set BGTHREAD_CHROMIUM to the path of one.')
  }
  return browser !== undefined
}
