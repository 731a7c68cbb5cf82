import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import vue from '@vitejs/plugin-vue'
import { build, createServer, mergeConfig, type InlineConfig, type Plugin, type Rolldown } from 'vite'
import { afterAll } from 'vitest'
import bgthread, { type BgthreadOptions } from 'bgthread/vite'
import { alias } from '../../../vite.config.js'
import type { Site } from './serve.js'

/** The project's root, where `node_modules` is. */
export const project = fileURLToPath(new URL('../../..', import.meta.url))

/** The fixture that uses threads in every way. */
export const fixture = fileURLToPath(new URL('../fixtures/app', import.meta.url))

/** How the fixture is built or served. */
export interface Way extends BgthreadOptions {
  base?: string
  /** Whether the plugin stands before or after those of the frameworks. */
  place: 'first' | 'last'
}

/** The configuration of the fixture. `config` is merged in. */
export function fixtureConfig({ base, place, inline, hot }: Way, config: InlineConfig = {}): InlineConfig {
  const others = [svelte({ configFile: false }), vue(), greeting(), shout()]
  const plugin = bgthread({ inline, hot })
  const own: InlineConfig = {
    base,
    plugins: place === 'first' ? [plugin, others] : [others, plugin],
    define: { FIXTURE_CONSTANT: '"a constant"' },
    build: { assetsInlineLimit: 0, chunkSizeWarningLimit: 5_000 },
  }
  return mergeConfig(plainConfig(fixture), mergeConfig(own, config))
}

/** A configuration that finds the library's source, without the plugin. */
export function plainConfig(root: string): InlineConfig {
  return {
    root,
    configFile: false,
    logLevel: 'error',
    resolve: { alias },
    server: {
      host: '127.0.0.1',
      port: 0,
      fs: { allow: [project, root] },
      // Whoever edits the library while its tests run does not reload their pages.
      watch: { ignored: [`${project}src/**`] },
    },
  }
}

/** Builds as `vite build` on a command line would, and gives what was written. */
export async function buildApp(
  config: InlineConfig,
): Promise<(Rolldown.OutputChunk | Rolldown.OutputAsset)[]> {
  const result = await inMode('production', () => build(config))
  const [output] = [result].flat()
  if (!output || !('output' in output)) throw new Error('not the result of one build')
  return output.output
}

/** Starts a development server as `vite` on a command line would. */
export async function serveApp(config: InlineConfig): Promise<Site> {
  const cacheDir = await makeFolder('cache')
  const server = await inMode('development', async () => createServer({ ...config, cacheDir }))
  await server.listen()
  return { url: server.resolvedUrls?.local[0] ?? '', close: () => server.close() }
}

const folders: string[] = []
afterAll(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

/** An empty folder, which is there until the test file is over. */
export async function makeFolder(what: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `bgthread-${what}-`))
  folders.push(folder)
  return folder
}

/** Writes the files of an app to a new folder, which is there until the test file is over, and gives the folder. */
export async function writeApp(files: Record<string, string>): Promise<string> {
  const root = await makeFolder('app')
  for (const [name, text] of Object.entries({ 'index.html': page, ...files })) {
    await mkdir(dirname(join(root, name)), { recursive: true })
    await writeFile(join(root, name), text)
  }
  return root
}

const page =
  '<!doctype html><link rel="icon" href="data:," /><body></body><script type="module" src="/main.ts"></script>'

/** A user's plugin with a virtual module. */
function greeting(): Plugin {
  return {
    name: 'fixture:greeting',
    resolveId: (id) => (id === 'virtual:greeting' ? '\0greeting' : undefined),
    load: (id) => (id === '\0greeting' ? `export default 'hello from a virtual module'` : undefined),
  }
}

/** A user's plugin that transforms files. */
function shout(): Plugin {
  return {
    name: 'fixture:shout',
    transform(code, id) {
      if (!id.endsWith('.shout')) return
      return { code: `export default ${JSON.stringify(code.trim().toUpperCase())}`, map: { mappings: '' } }
    },
  }
}

/** Vite takes `NODE_ENV` over its own mode, and Vitest has set it to `test`. */
async function inMode<T>(mode: 'production' | 'development', run: () => Promise<T>): Promise<T> {
  const before = process.env['NODE_ENV']
  process.env['NODE_ENV'] = mode
  try {
    return await run()
  } finally {
    process.env['NODE_ENV'] = before
  }
}
