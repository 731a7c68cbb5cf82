// Where is a Chrome or Chromium? Asked by the tests' configuration and by ensure-browser.mjs.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const env = process.env
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const places = {
  linux: [
    ...(env['PATH'] ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name))),
    ...names.map((name) => `/usr/bin/${name}`),
    '/opt/google/chrome/chrome',
  ],
  darwin: ['', env['HOME'] ?? ''].flatMap((home) =>
    ['Google Chrome', 'Chromium'].map((name) => `${home}/Applications/${name}.app/Contents/MacOS/${name}`),
  ),
  win32: [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']].flatMap((folder) =>
    ['Google/Chrome', 'Chromium'].map((name) => join(folder ?? 'C:/', name, 'Application/chrome.exe')),
  ),
}

/**
 * The path of the browser to test with: BGTHREAD_CHROMIUM where that is set, else the first one found.
 *
 * @returns {string | undefined}
 */
export function findBrowser() {
  const wanted = env['BGTHREAD_CHROMIUM']
  if (wanted) return existsSync(wanted) ? wanted : undefined
  const platform = process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux'
  return places[platform].find((path) => existsSync(path))
}
