/** Runs browser tests in the Firefox that is installed: no driver, only a profile of its own and the page's address. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineBrowserProvider } from '@vitest/browser'
import type { BrowserProvider, BrowserProviderOption } from 'vitest/node'

/** What a Firefox does of itself, and must not while it is tested: say hello, update, report, or slow down. */
const PREFERENCES = `
user_pref("app.normandy.enabled", false);
user_pref("app.update.disabledForTesting", true);
user_pref("browser.aboutwelcome.enabled", false);
user_pref("browser.safebrowsing.update.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.startup.homepage_override.mstone", "ignore");
user_pref("browser.startup.page", 0);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("extensions.update.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("services.settings.server", "data:,#remote-settings-dummy/v1");
user_pref("toolkit.telemetry.enabled", false);
// A window that nobody looks at would be a background one, whose timers come once a second and then less and less.
user_pref("dom.min_background_timeout_value", 4);
user_pref("dom.timeout.enable_budget_timer_throttling", false);
// Nobody is there to say whether a script that is slow may go on.
user_pref("dom.max_script_run_time", 0);
`

/**
 * A provider for Vitest's browser mode. Each session is a Firefox of its own, with a fresh profile that goes with it.
 * Of what a user can do, tests may click only; there are no screenshots and no mocks of modules.
 *
 * @param executablePath of a Firefox, if there is one
 */
export function firefox(executablePath: string | undefined): BrowserProviderOption {
  return defineBrowserProvider({
    name: 'firefox',
    supportedBrowser: ['firefox'],
    providerFactory: () => new Firefox(executablePath),
  })
}

interface Session {
  browser: ChildProcess
  profile: string
}

class Firefox implements BrowserProvider {
  readonly name = 'firefox'
  readonly supportsParallelism = false
  readonly initScripts = [fileURLToPath(new URL('./firefox-locators.ts', import.meta.url))]
  readonly #sessions = new Map<string, Session>()

  constructor(private readonly executablePath: string | undefined) {
    // None may be left behind, not even where the run is given up.
    process.once('exit', this.#endAll)
  }

  getCommandsContext(): Record<string, unknown> {
    return {}
  }

  async openPage(sessionId: string, url: string): Promise<void> {
    await this.#end(sessionId)
    const { executablePath } = this
    if (!executablePath) throw new Error('There is no Firefox: install one, or name one by BGTHREAD_FIREFOX.')
    const profile = mkdtempSync(join(tmpdir(), 'bgthread-firefox-'))
    writeFileSync(join(profile, 'user.js'), PREFERENCES)
    const browser = spawn(executablePath, ['--headless', '--no-remote', '--profile', profile, url], {
      // Firefox refuses to run as root in somebody else's home.
      env: { ...process.env, HOME: profile },
      stdio: 'ignore',
    })
    this.#sessions.set(sessionId, { browser, profile })
    await once(browser, 'spawn')
  }

  async close(): Promise<void> {
    process.off('exit', this.#endAll)
    await Promise.all([...this.#sessions.keys()].map((sessionId) => this.#end(sessionId)))
  }

  async #end(sessionId: string): Promise<void> {
    const session = this.#sessions.get(sessionId)
    if (!session) return
    this.#sessions.delete(sessionId)
    const { browser } = session
    const isRunning = browser.pid !== undefined && browser.exitCode === null && browser.signalCode === null
    const ended = isRunning && once(browser, 'exit')
    browser.kill('SIGKILL')
    await ended
    discard(session)
  }

  readonly #endAll = () => {
    for (const session of this.#sessions.values()) {
      session.browser.kill('SIGKILL')
      discard(session)
    }
  }
}

/** Firefox's other processes may still write into its profile while they end. */
const discard = ({ profile }: Session) =>
  rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
