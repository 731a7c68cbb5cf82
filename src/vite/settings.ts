/** The part of a project's configuration that is about client code, and so holds for the code of a thread, too. */
import type { BuildEnvironmentOptions, Environment, Rolldown, UserConfig } from 'vite'

type Bundler = NonNullable<BuildEnvironmentOptions['rollupOptions']>

/** Settings of a build that are about its own output, or that the build of a thread sets itself. */
const outputSettings = [
  'chunkImportMap',
  'chunkSizeWarningLimit',
  'copyPublicDir',
  'createEnvironment',
  'cssCodeSplit',
  'emitAssets',
  'emptyOutDir',
  'lib',
  'license',
  'manifest',
  'modulePreload',
  'outDir',
  'polyfillModulePreload',
  'reportCompressedSize',
  'rolldownOptions',
  'rollupOptions',
  'sourcemap',
  'ssr',
  'ssrEmitAssets',
  'ssrManifest',
  'watch',
  'write',
] as const

/** Settings of the bundler that are about the page's entries and files. `plugins` are borrowed. */
const bundlerOutputSettings = [
  'cache',
  'devtools',
  // A name that the page's import map resolves: a worker has no import map.
  'external',
  'input',
  'makeAbsoluteExternalsRelative',
  'output',
  'plugins',
  'preserveEntrySignatures',
  'watch',
] as const

/** Settings of the bundler's output that are about how code is written, and not about files. */
const codeSettings = ['comments', 'generatedCode', 'keepNames', 'legalComments', 'minify'] as const

/** Settings of an app that are about pages, servers and other environments. */
const pageSettings = [
  'appType',
  'builder',
  'clearScreen',
  'environments',
  'input',
  'optimizeDeps',
  'plugins',
  'preview',
  'server',
  'ssr',
] as const

/** The settings of a build for a thread. `bundler` and `output` are what the caller merges its own into. */
export interface ThreadSettings {
  config: UserConfig
  build: BuildEnvironmentOptions
  bundler: Bundler
  output: Rolldown.OutputOptions
}

/**
 * Returns the settings that a thread has in common with the page.
 *
 * Settings of an environment are read after all plugins have had their say; those of the app as a whole are given as the
 * user and the plugins wrote them, because Vite does not take back what it made of them.
 */
export function threadSettings(environment: Environment, userConfig: UserConfig): ThreadSettings {
  const { name, config } = environment
  const { define, resolve, keepProcessEnv, build } = config
  const { conditions, mainFields } = resolve
  const bundler: Bundler = build.rollupOptions
  return {
    config: {
      ...without(userConfig, pageSettings),
      define,
      resolve: resolve as UserConfig['resolve'],
      environments: {
        [name]: {
          consumer: 'client',
          keepProcessEnv,
          // Vite takes the app's for its own environment only.
          ...(name !== 'client' && { resolve: { conditions, mainFields } }),
        },
      },
    },
    build: without(build, outputSettings),
    bundler: without(bundler, bundlerOutputSettings),
    output: only(firstOf(bundler.output) ?? {}, codeSettings),
  }
}

/** The first of several outputs. A thread has one. */
export const firstOf = <T>(options: T | T[] | undefined): T | undefined =>
  [options].flat()[0] as T | undefined

function without<T extends object, K extends string>(object: T, keys: readonly K[]): Omit<T, K> {
  const left = Object.entries(object).filter(([key]) => !(keys as readonly string[]).includes(key))
  return Object.fromEntries(left) as Omit<T, K>
}

function only<T extends object>(object: T, keys: readonly string[]): Partial<T> {
  return Object.fromEntries(Object.entries(object).filter(([key]) => keys.includes(key))) as Partial<T>
}
