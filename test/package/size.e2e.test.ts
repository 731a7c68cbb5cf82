/** What the library adds to an app, as it is downloaded: minified, brotli. The numbers are budgets, in bytes. */
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { afterAll, expect, it } from 'vitest'
import type { InlineConfig, Plugin } from 'vite'
import { buildApp, project, writeApp } from '../vite/support/app.js'

const budgets = {
  'hello, page': 15_100,
  'hello, thread': 17_100,
  'hello, both': 32_200,
  bgthread: 18_800,
  'bgthread/worker': 16_700,
  'bgthread/svelte': 1_500,
  'bgthread/vue': 1_550,
}

/** Texts that are in one part of the library only. */
const markers = {
  publisher: 'Nobody holds the stream any more',
  inProcess: 'runs on the UI thread',
  development: 'freeze(',
  pool: 'bgPool: the option',
  compute: 'bgcompute',
  shared: 'bgthread-hall',
}

const dist = (file: string) => join(project, 'dist', file)
const roots: string[] = []
afterAll(async () => {
  for (const root of roots) await rm(root, { recursive: true, force: true })
})

/** Builds an app with the package as it would be published, and gives its scripts by their names without hashes. */
async function build(files: Record<string, string>, plugins: Plugin[] = []): Promise<Map<string, string>> {
  const root = await writeApp(files)
  roots.push(root)
  const config: InlineConfig = {
    root,
    configFile: false,
    logLevel: 'error',
    plugins,
    resolve: {
      alias: [
        { find: /^bgthread$/, replacement: dist('index.js') },
        { find: /^bgthread\/(\w+)$/, replacement: dist('$1.js') },
      ],
    },
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: { external: [/^svelte($|\/)/, 'vue'] },
    },
  }
  const scripts = new Map<string, string>()
  for (const file of await buildApp(config)) {
    const text = file.type === 'chunk' ? file.code : String(file.source)
    if (file.fileName.endsWith('.js')) scripts.set(file.fileName.replace(/-[\w-]{8}\.js$/, ''), text)
  }
  return scripts
}

function expectWithin(name: keyof typeof budgets, ...scripts: (string | undefined)[]): void {
  const size = scripts.reduce((sum, script) => sum + brotli(script ?? ''), 0)
  console.log(`${name.padEnd(16)} ${size} of ${budgets[name]} bytes`)
  expect(size).toBeGreaterThan(500)
  expect(size).toBeLessThanOrEqual(budgets[name])
}

const brotli = (text: string) =>
  brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length

it('the hello app: what is used of the library, and nothing else of it', async () => {
  const { default: bgthread } = (await import(/* @vite-ignore */ dist('vite.js'))) as {
    default(options: { inline: boolean }): Plugin
  }
  const scripts = await build(
    {
      'main.ts': `import { bgThread } from 'bgthread'; globalThis.proxy = bgThread(() => import('./logic')).proxy`,
      'logic.js': `import { state } from 'bgthread/worker'; export default class { #todos = state([]); watchTodos() { return this.#todos } }`,
    },
    [bgthread({ inline: false })],
  )
  expect([...scripts.keys()].sort()).toEqual(['assets/index', 'assets/logic'])
  const page = scripts.get('assets/index')
  const thread = scripts.get('assets/logic')
  expectWithin('hello, page', page)
  expectWithin('hello, thread', thread)
  expectWithin('hello, both', page, thread)

  // What the README says of it under Install, which the benchmark writes.
  const [, install] = /^## Install\n([^]*?)^## /m.exec(await readFile(join(project, 'README.md'), 'utf8'))!
  const said = [...install!.matchAll(/(\d+) kB/g)].map(([, number]) => Number(number))
  const [small, large] = [page, thread].map((script) => brotli(script ?? '') / 1_000) as [number, number]
  expect(said).toEqual([small + large, small, large].map(Math.round))

  const has = (code = '') => Object.values(markers).filter((marker) => code.includes(marker))
  expect(has(page)).toEqual([])
  expect(has(thread)).toEqual([markers.publisher])
})

it.each(['bgthread', 'bgthread/worker', 'bgthread/svelte', 'bgthread/vue'] as const)(
  'the whole of %s',
  async (entry) => {
    const scripts = await build({ 'main.ts': `import * as all from '${entry}'; globalThis.all = all` })
    // A logic that runs in process loads its code by itself, where there is no plugin.
    expectWithin(entry, scripts.get('assets/index'))
  },
)
