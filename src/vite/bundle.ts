import { posix } from 'node:path'
import type { Environment, InlineConfig, Plugin, UserConfig } from 'vite'
import { fixFileUrl, inlineMap } from './inline.js'

/** A worker's code in one piece. */
export interface WorkerBundle {
  /** The code: one module that imports nothing. */
  code: string
  /** Where the file goes that holds the code, relative to the output directory. Nowhere for an inline worker. */
  fileName?: string
  /** Other files the worker needs: pictures, WASM, source maps. */
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
  /** What resolves, loads and transforms the worker's modules. */
  plugins: Plugin[]
}

/**
 * Builds a worker with a build of its own, inside the page's build and with its settings. It leaves the user's
 * `worker` options to the user's own workers, but for `worker.rolldownOptions`.
 */
export async function bundleWorker(request: WorkerRequest): Promise<WorkerBundle> {
  const vite = await import('vite')
  const result = await vite.build(workerConfig(request, 'rolldownVersion' in vite))
  const [output] = [result].flat()
  if (!output || !('output' in output)) throw new Error('bgthread: the build of a worker gave no output')
  const [chunk, ...others] = output.output
  // Nothing in a worker has a style.
  const styles = chunk.viteMetadata?.importedCss
  const assets = others.flatMap((file) =>
    file.type === 'asset' && !styles?.has(file.fileName) ? [file] : [],
  )
  const watched = chunk.moduleIds.filter((id) => !id.startsWith('\0')).map((id) => id.replace(/\?.*$/, ''))
  if (!request.inline) return { code: chunk.code, fileName: chunk.fileName, assets, watched }

  const code = fixFileUrl(chunk.code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'))
  const map = chunk.map && request.environment.config.build.sourcemap !== 'hidden' ? inlineMap(chunk.map) : ''
  return { code: code + map, assets: assets.filter(({ fileName }) => !fileName.endsWith('.js.map')), watched }
}

function workerConfig(request: WorkerRequest, byRolldown: boolean): InlineConfig {
  const { entry, inline, environment, userConfig, plugins } = request
  const page = environment.getTopLevelConfig()
  const { target, minify, terserOptions, sourcemap, assetsDir, assetsInlineLimit } = environment.config.build
  const name = entry
    .split('/')
    .at(-1)!
    .replace(/(\.\w+)?\.js$/, '')
    .replace(/[^\w.-]/g, '_')
  return {
    ...withoutPageSettings(userConfig),
    configFile: false,
    root: page.root,
    base: page.base,
    mode: page.mode,
    logLevel: page.logLevel === 'info' ? 'warn' : page.logLevel,
    plugins: [...plugins, asWorker],
    build: {
      target,
      minify,
      terserOptions,
      sourcemap: sourcemap && inline ? true : sourcemap,
      assetsDir,
      assetsInlineLimit,
      write: false,
      copyPublicDir: false,
      modulePreload: false,
      // Vite 7, which builds with Rollup, knows only this name, and another one for "one chunk".
      rollupOptions: {
        ...page.worker.rollupOptions,
        input: entry,
        output: {
          entryFileNames: posix.join(assetsDir, `${name}-[hash].js`),
          ...[page.worker.rollupOptions.output].flat()[0],
          // As if at the top of the output directory: relative URLs in it are relative to that place, which the
          // launcher knows.
          ...(inline ? { entryFileNames: `${name}.js` } : {}),
          format: 'es',
          ...(byRolldown ? { codeSplitting: false, charset: 'ascii' } : { inlineDynamicImports: true }),
        },
      },
    },
  }
}

/** What a page's configuration says about resolving and transforming, without what it says about the page. */
function withoutPageSettings(config: UserConfig): UserConfig {
  const { build, environments, builder, ssr, server, preview, optimizeDeps, appType, ...rest } = config
  return { ...rest, input: undefined }
}

/** Tells Vite that it builds a worker, so that it adds no helper that would preload chunks through the DOM. */
const asWorker: Plugin = {
  name: 'bgthread:as-worker',
  configResolved: (config) => void Object.assign(config, { isWorker: true }),
}
