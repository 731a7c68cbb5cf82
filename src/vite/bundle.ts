import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import type * as Vite from 'vite'
import type { Environment, InlineConfig, Logger, Plugin, UserConfig } from 'vite'
import type { Borrowed } from './borrow.js'
import { splitLazy } from './chunks.js'
import { openCircles } from './circles.js'
import { catchErrors, fixFileUrl, fixImports, mapComment, mapOfBlob, sizeOfMaps } from './inline.js'
import { firstOf, threadSettings } from './settings.js'

/** What the build of a worker gave. */
export interface WorkerBundle {
  /** The code of the module that the worker starts with. That of an inline worker imports nothing. */
  code: string
  /** The bytes of that code, without its source map. */
  size: number
  /** Where the file goes that holds the code, relative to the output directory. Nowhere for an inline worker. */
  fileName?: string
  /** Other files the worker needs: modules that it imports, pictures, WASM, source maps. */
  assets: { fileName: string; source: string | Uint8Array }[]
  /** The files the code was made from. */
  watched: string[]
}

/** What {@link bundleWorker} is asked for. */
export interface WorkerRequest {
  /** The id of the worker entry. */
  entry: string
  /** Whether the code is to be run from a blob. */
  inline: boolean
  /** The environment of the page's build. */
  environment: Environment
  /** The user's configuration as the other plugins left it. */
  userConfig: UserConfig
  /** The user's plugins that resolve, load and transform the worker's modules. */
  borrowed: Borrowed
  /** The plugin for threads inside this one. */
  own: Plugin[]
}

/**
 * Builds a worker with a build of its own, inside the page's build and with its settings. It leaves the user's
 * `worker` options to the user's own workers, but for `worker.rolldownOptions`.
 */
export async function bundleWorker(request: WorkerRequest): Promise<WorkerBundle> {
  const vite = await import('vite')
  const builder = await vite.createBuilder(workerConfig(request, vite), null)
  const result = await builder.build(builder.environments[request.environment.name]!)
  const [output] = [result].flat()
  if (!output || !('output' in output)) throw new Error('bgthread: the build of a worker gave no output')
  const [chunk, ...others] = output.output
  const chunks = output.output.filter((file) => file.type === 'chunk')
  // Nothing in a worker has a style.
  const styles = new Set(chunks.flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])]))
  const assets = others.flatMap((file): WorkerBundle['assets'] => {
    if (file.type === 'chunk') return [{ fileName: file.fileName, source: file.code }]
    return styles.has(file.fileName) ? [] : [file]
  })
  const watched = chunks
    .flatMap(({ moduleIds }) => moduleIds)
    .filter((id) => !id.startsWith('\0'))
    .map((id) => id.replace(/\?.*$/, ''))
  const size = Buffer.byteLength(chunk.code) - sizeOfMaps(chunk.code)
  if (!request.inline) return { code: chunk.code, size, fileName: chunk.fileName, assets, watched }

  const code = fixFileUrl(chunk.code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'))
  // The file of its own map, and not those of threads inside it.
  const apart = assets.filter(({ fileName }) => fileName !== `${chunk.fileName}.map`)
  if (!chunk.map) return { code, size, assets: apart, watched }
  const { sourcemap, assetsDir } = request.environment.config.build
  const map = mapOfBlob(chunk.map)
  if (sourcemap !== 'hidden') return { code: code + mapComment(map), size, assets: apart, watched }
  const hash = createHash('sha256').update(code).digest('base64url').slice(0, 8)
  const fileName = posix.join(assetsDir, chunk.fileName.replace(/\.js$/, `-${hash}.js.map`))
  return { code, size, assets: [...apart, { fileName, source: map }], watched }
}

function workerConfig(request: WorkerRequest, vite: typeof Vite): InlineConfig {
  const { entry, inline, environment, userConfig, borrowed, own } = request
  const { root, base, mode, logger, logLevel, worker } = environment.getTopLevelConfig()
  const { sourcemap, assetsDir } = environment.config.build
  const { config, build, bundler, output } = threadSettings(environment, userConfig)
  const name = entry
    .split('/')
    .at(-1)!
    .replace(/(\.\w+)?\.js$/, '')
    .replace(/[^\w.-]/g, '_')
  const byRolldown = 'rolldownVersion' in vite
  return {
    ...config,
    configFile: false,
    root,
    base,
    mode,
    // Its news are the page's build; what goes wrong in it is told as what goes wrong there.
    logLevel: logLevel === 'error' || logLevel === 'silent' ? logLevel : 'warn',
    customLogger: quiet(logger),
    plugins: [own, borrowed.plugins, asWorker(inline)],
    builder: {},
    build: {
      ...build,
      // Rolldown has no map to give where it writes it into the code.
      sourcemap: inline && sourcemap === 'inline' ? true : sourcemap,
      write: false,
      copyPublicDir: false,
      modulePreload: false,
      chunkSizeWarningLimit: Infinity,
      // Vite 7, which builds with Rollup, knows only this name, and another one for "one chunk".
      rollupOptions: {
        ...vite.mergeConfig({ ...bundler, plugins: borrowed.bundlerPlugins }, worker.rollupOptions, false),
        input: entry,
        output: {
          entryFileNames: posix.join(assetsDir, `${name}-[hash].js`),
          ...output,
          ...firstOf(worker.rollupOptions.output),
          // As if at the top of the output directory: relative URLs in it are relative to that place, which the
          // launcher knows.
          ...(inline ? { entryFileNames: `${name}.js` } : {}),
          format: 'es',
          ...(byRolldown && { charset: 'ascii' }),
          ...(inline ? onePiece(byRolldown) : splitLazy(entry, name, byRolldown)),
        },
      },
    },
  }
}

/** The page's logger without what a build tells of its progress. */
const quiet = (logger: Logger): Logger =>
  Object.assign(Object.create(logger) as Logger, { info() {}, clearScreen() {} })

const onePiece = (byRolldown: boolean) =>
  byRolldown ? { codeSplitting: false } : { inlineDynamicImports: true }

/** The part of the plugin that is about the worker's own code. */
const asWorker = (inline: boolean): Plugin => ({
  name: 'bgthread:as-worker',
  // So that Vite adds no helper that would preload chunks through the DOM.
  configResolved: (config) => void Object.assign(config, { isWorker: true }),
  renderChunk(code, { isEntry }) {
    const opened = openCircles(code)
    const fixed = inline ? fixImports(opened) : opened
    return { code: isEntry ? catchErrors(fixed) : fixed, map: null }
  },
})
