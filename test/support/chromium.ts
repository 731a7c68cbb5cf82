import { chromium, type Browser, type LaunchOptions } from 'playwright'

/** Starts the browser that the tests run in: the one that `npm test` has found or installed. */
export function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['BGTHREAD_CHROMIUM'] || '/usr/bin/chromium',
    args: ['--no-sandbox'],
    ...options,
  })
}
