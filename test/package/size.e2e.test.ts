/** What the library adds to an app, as it is downloaded: minified, brotli. The numbers are budgets, in bytes. */
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { afterAll, expect, it, vi } from 'vitest'
import type { InlineConfig, Plugin } from 'vite'
import { buildHello, createBuilder, dist as benchDist } from '../../bench/harness/build.js'
import { measureFolder } from '../../bench/measures/size.js'
import { buildApp, project, writeApp } from '../vite/support/app.js'

const budgets = {
  'hello, page': 19_800,
  'hello, thread': 23_050,
  'hello, both': 42_900,
  bgthread: 23_300,
  'bgthread/worker': 22_750,
  'bgthread/svelte': 1_850,
  'bgthread/vue': 1_650,
}

/** Texts that are in one part of the library only. */
const markers = {
  publisher: 'Nobody holds the stream any more',
  inProcess: 'runs on the UI thread',
  development: 'as Svelte makes them of $state',
  pool: 'bgpool',
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

  const has = (code = '') => Object.values(markers).filter((marker) => code.includes(marker))
  expect(has(page)).toEqual([])
  expect(has(thread)).toEqual([markers.publisher])
})

it('each text that tells a part of the library is in it', async () => {
  const files = await readdir(dist(''), { recursive: true })
  const code = await Promise.all(
    files.filter((file) => file.endsWith('.js')).map((file) => readFile(dist(file), 'utf8')),
  )
  expect(Object.values(markers).filter((marker) => !code.join('').includes(marker))).toEqual([])
})

it("the figures under Install in the README are those of the benchmark's hello app as it is built now", async () => {
  const { default: bgthread } = (await import(/* @vite-ignore */ dist('vite.js'))) as { default(): Plugin }
  vi.stubEnv('NODE_ENV', 'production')
  await buildHello(createBuilder(bgthread), 'bgthread').finally(() => vi.unstubAllEnvs())
  roots.push(benchDist)
  const { page, thread, both } = await measureFolder(join(benchDist, 'hello/bgthread/assets'))
  const [, install] = /^## Install\n([^]*?)^## /m.exec(await readFile(join(project, 'README.md'), 'utf8'))!
  const said = [...install!.matchAll(/(\d+) kB/g)].map(([, number]) => Number(number))
  expect(said).toEqual([both, page, thread].map(Math.round))
})

it.each(['bgthread', 'bgthread/worker', 'bgthread/svelte', 'bgthread/vue'] as const)(
  'the whole of %s',
  async (entry) => {
    const scripts = await build({ 'main.ts': `import * as all from '${entry}'; globalThis.all = all` })
    // A logic that runs in process loads its code by itself, where there is no plugin.
    expectWithin(entry, scripts.get('assets/index'))
  },
)
