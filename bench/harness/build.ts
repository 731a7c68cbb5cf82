import { existsSync, readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type InlineConfig, type Plugin, type PluginOption } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const root = here('../../')

/** Where the pages of this run are built. */
export const dist = here(`../dist/${process.pid}/`)

const contendersFolder = here('../contenders/')

/** A page to build. */
export interface Site {
  /** A folder with an `index.html`. */
  root: string
  /** Where it goes, relative to `dist`. */
  out: string
  /** The file that its `index.html`, which may be one for several, imports as `virtual:page` or `virtual:subject`. */
  page: string
  /** Besides bgthread's own. */
  plugins?: PluginOption[]
}

/** Builds pages as an app is built for its users: minified, bgthread being the built package. */
export interface Builder {
  build(site: Site): Promise<void>
}

interface PackageJson {
  exports: Record<string, string | { default: string }>
}

/** The package's names, and its built files. */
const alias = (() => {
  const text = readFileSync(join(root, 'package.json'), 'utf8')
  const { exports } = JSON.parse(text) as PackageJson
  return Object.entries(exports).flatMap(([subpath, target]) =>
    typeof target === 'string'
      ? []
      : [{ find: new RegExp(`^bgthread${subpath.slice(1)}$`), replacement: join(root, target.default) }],
  )
})()

const common: InlineConfig = {
  configFile: false,
  mode: 'production',
  logLevel: 'warn',
  base: './',
  publicDir: false,
}

/** Makes a builder of the package's plugin. */
export function createBuilder(bgthread: () => PluginOption): Builder {
  return {
    async build({ root, out, page, plugins = [] }) {
      await build({
        ...common,
        root,
        resolve: { alias: [...alias, { find: /^virtual:(page|subject)$/, replacement: page }] },
        plugins: [bgthread(), ...plugins],
        build: {
          target: 'es2022',
          outDir: join(dist, out),
          emptyOutDir: true,
          reportCompressedSize: false,
          modulePreload: { polyfill: false },
        },
      })
    },
  }
}

/**
 * The code of a worker, in one piece.
 *
 * @param modules the files of virtual modules, by name
 */
export async function buildWorker(entry: string, modules: Record<string, string> = {}): Promise<string> {
  const own = Object.entries(modules).map(([find, replacement]) => ({ find, replacement }))
  const result = await build({
    ...common,
    resolve: { alias: [...alias, ...own] },
    build: {
      target: 'es2022',
      write: false,
      reportCompressedSize: false,
      rolldownOptions: { input: entry, output: { format: 'es', codeSplitting: false } },
    },
  })
  const [output] = [result].flat()
  if (!output || !('output' in output)) throw new Error(`the build of ${entry} gave no output`)
  return output.output[0].code
}

/** The names of all contenders. */
export async function findContenders(): Promise<string[]> {
  const entries = await readdir(contendersFolder, { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
}

/** Builds the page of a contender, its worker inside, into `contenders/<name>/`. */
export const buildContender = (builder: Builder, name: string): Promise<void> =>
  buildPage(builder, here('../pages/contender/'), join(contendersFolder, name), `contenders/${name}`)

/** Builds the smallest app of a contender into `hello/<name>/`. */
export const buildHello = (builder: Builder, name: string): Promise<void> =>
  buildPage(builder, here('../pages/hello/'), join(contendersFolder, name, 'hello'), `hello/${name}`)

/**
 * Builds a page with the page.ts of a folder, and its worker.ts inside where there is one.
 *
 * @param root a folder with an `index.html`
 * @param out where it goes, relative to `dist`
 */
export async function buildPage(builder: Builder, root: string, folder: string, out: string): Promise<void> {
  const worker = join(folder, 'worker.ts')
  const code = existsSync(worker) ? await buildWorker(worker) : ''
  await builder.build({
    root,
    out,
    page: join(folder, 'page.ts'),
    plugins: [provide('virtual:worker', code)],
  })
}

/** Gives a value of JSON as a module's default export. */
export function provide(name: string, value: unknown): Plugin {
  const id = `\0${name}`
  return {
    name: `bench:${name}`,
    resolveId: (asked) => (asked === name ? id : undefined),
    load: (loaded) => (loaded === id ? `export default ${JSON.stringify(value)}` : undefined),
  }
}
