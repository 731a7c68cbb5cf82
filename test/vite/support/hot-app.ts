/** Apps in a development server, whose modules are saved while a page shows them. */
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { createLogger, type InlineConfig, type PluginOption } from 'vite'
import { afterEach, expect } from 'vitest'
import type { Thread } from 'bgthread'
import bgthread from 'bgthread/vite'
import { plainConfig, project, serveApp, writeApp } from './app.js'
import { visit, type Visit } from './browser.js'
import { patient } from './patient.js'

const closed: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closed.splice(0)) await close()
})

/** An app that is served, and opened in a browser. */
export interface App extends Visit {
  url: string
  /** What the server has written to the terminal. */
  lines: string[]
  save(name: string, text: string): Promise<void>
  remove(name: string): Promise<void>
  /** Waits until the page's text is this. */
  shows(text: string | RegExp): Promise<void>
  /** Waits until the page has so many workers. */
  hasWorkers(count: number): Promise<void>
  /** Expects that the page was never reloaded, and nothing went wrong on it. */
  isUntouched(): void
}

export async function openSaved(
  files: Record<string, string>,
  plugins: PluginOption[] = [],
  config: InlineConfig = {},
): Promise<App> {
  const root = await writeApp(files)
  await symlink(join(project, 'node_modules'), join(root, 'node_modules'))
  const lines: string[] = []
  const write = (line: string) => void lines.push(stripVTControlCharacters(line))
  const site = await serveApp({
    ...plainConfig(root),
    plugins: [bgthread(), plugins],
    customLogger: { ...createLogger('silent'), info: write, error: write },
    ...config,
  })
  closed.push(site.close)
  const visited = await visit(site.url)
  const { page, navigations, problems } = visited
  return {
    ...visited,
    url: site.url,
    lines,
    async save(name, text) {
      await mkdir(dirname(join(root, name)), { recursive: true })
      await writeFile(join(root, name), text)
    },
    remove: (name) => rm(join(root, name)),
    shows: (text) => {
      const body = expect.poll(() => page.evaluate(() => document.body.innerText.trim()), patient)
      return typeof text === 'string' ? body.toBe(text) : body.toMatch(text)
    },
    hasWorkers: (count) => expect.poll(() => page.workers().length, patient).toBe(count),
    isUntouched() {
      expect(navigations).toHaveLength(1)
      expect(problems).toEqual([])
    },
  }
}

/** A logic with rows that it saves, and a word of its own code. */
export const logic = (word: string, more = '') => `
  import { state } from 'bgthread/worker'
  ${more}
  export default class {
    #rows = state(['a'])
    #view = state(this.#look())
    #look() { return { rows: this.#rows.get(), word: '${word}' } }
    #set(rows) { this.#rows.set(rows); this.#view.set(this.#look()) }
    add(row) { this.#set([...this.#rows.get(), row]) }
    view() { return this.#view }
    rows() { return this.#rows }
    word() { return '${word}' }
    saveState() { return this.#rows.get() }
    restoreState(rows) { this.#set(rows) }
  }`

/** Starts the thread, and shows the rows and the logic's word. */
export const main = `
  import { bgThread } from 'bgthread'
  import { bgStore } from 'bgthread/svelte'
  const thread = bgThread(() => import('./logic'), { name: 'app' })
  const { proxy } = thread
  Object.assign(window, { thread, proxy })
  bgStore(proxy.view).subscribe((view) => view && (document.body.innerText = view.rows + ' ' + view.word))`

/** The part of it that starts the thread. */
export const start = main.replace(/bgStore\(.*/, '').replace(/import \{ bgStore.*/, '')

/** Counts the workers that are there. */
export const countingPage = `<!doctype html><link rel="icon" href="data:," /><body></body><script>
  window.alive = window.most = 0
  window.Worker = class extends Worker {
    constructor(...args) { super(...args); most = Math.max(most, ++alive) }
    terminate() { alive--; super.terminate() }
  }
</script><script type="module" src="/main.ts"></script>`

export const files = { 'main.ts': main, 'logic.ts': logic('v0') }

export const stateOf = ({ page }: App) =>
  page.evaluate(() => (window as unknown as { thread: Thread<object> }).thread.status.get())
export const overlayOf = ({ page }: App) =>
  page.evaluate(() => document.querySelector('vite-error-overlay')?.shadowRoot?.textContent ?? '')
