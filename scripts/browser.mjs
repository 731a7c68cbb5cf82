// Where is a browser to test with? Asked by the tests' configuration and by ensure-browser.mjs.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** @typedef {'chromium' | 'firefox'} Browser */

const env = process.env

/** @type {Record<Browser, { commands: string[], others: { linux: string[], darwin: string[], win32: string[] } }>} */
const browsers = {
  chromium: {
    commands: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'],
    others: {
      linux: ['/opt/google/chrome/chrome'],
      darwin: ['Google Chrome', 'Chromium'].map((name) => `${name}.app/Contents/MacOS/${name}`),
      win32: ['Google/Chrome', 'Chromium'].map((name) => `${name}/Application/chrome.exe`),
    },
  },
  firefox: {
    commands: ['firefox-esr', 'firefox'],
    others: {
      linux: [],
      darwin: ['Firefox.app/Contents/MacOS/firefox'],
      win32: ['Mozilla Firefox/firefox.exe'],
    },
  },
}

/** @param {Browser} browser @returns {string[]} where it may be */
function places(browser) {
  const { commands, others } = browsers[browser]
  if (process.platform === 'darwin')
    return ['', env['HOME'] ?? ''].flatMap((home) =>
      others.darwin.map((app) => `${home}/Applications/${app}`),
    )
  if (process.platform === 'win32')
    return [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']].flatMap((folder) =>
      others.win32.map((program) => join(folder ?? 'C:/', program)),
    )
  const folders = [...(env['PATH'] ?? '').split(delimiter), '/usr/bin']
  return [...folders.flatMap((folder) => commands.map((name) => join(folder, name))), ...others.linux]
}

/**
 * The variable that names the browser to test with.
 *
 * @param {Browser} browser
 */
export const variableOf = (browser) => `BGTHREAD_${browser.toUpperCase()}`

/**
 * The path of the browser to test with: BGTHREAD_CHROMIUM or BGTHREAD_FIREFOX where that is set, else the first one
 * found. A Chrome is a Chromium.
 *
 * @param {Browser} browser
 * @returns {string | undefined}
 */
export function findBrowser(browser = 'chromium') {
  const wanted = env[variableOf(browser)]
  if (wanted) return existsSync(wanted) ? wanted : undefined
  return places(browser).find((path) => existsSync(path))
}
