import type { ConfigEnv, Environment, Plugin, PluginOption, UserConfig } from 'vite'

/** The name of this library's own plugin, and the beginning of those of its parts. */
export const pluginName = 'bgthread'

const sourceHooks = [
  'resolveId',
  'load',
  'transform',
  'resolveDynamicImport',
  'moduleParsed',
  'shouldTransformCachedModule',
  // Of Rollup, with which Vite 7 builds.
  'resolveImportMeta',
  'resolveFileUrl',
] as const

/** The plugins of a page's build as a worker's build uses them: what resolves, loads and transforms modules. */
export interface Borrowed {
  /** Those of the app. */
  plugins: Plugin[]
  /** Those that are given to the bundler only, `build.rolldownOptions.plugins`. */
  bundlerPlugins: Plugin[]
}

/**
 * Borrows the plugins of a page's build for the build of a worker.
 *
 * They are the same objects, so a plugin is registered once and keeps what it knows, and without the hooks that
 * begin, end and write a build, which are for the page's build alone.
 */
export async function borrowPlugins(
  config: UserConfig,
  env: ConfigEnv,
  environment: Environment,
): Promise<Borrowed> {
  const plugins = await flatten(config.plugins)
  const bundlerPlugins = await flatten(environment.config.build.rollupOptions.plugins as PluginOption)
  return {
    plugins: plugins
      .filter((plugin) => !isOwn(plugin) && applies(plugin, config, env))
      .map((plugin) => withSourceHooks(plugin, false)),
    bundlerPlugins: bundlerPlugins.map((plugin) => withSourceHooks(plugin, false)),
  }
}

const isOwn = ({ name }: Plugin) => name === pluginName || name.startsWith(`${pluginName}:`)

/** The plugins of an option, which may be nested, promised or absent. */
export async function flatten(option: PluginOption): Promise<Plugin[]> {
  const plugin = await option
  if (!plugin) return []
  return Array.isArray(plugin) ? (await Promise.all(plugin.map(flatten))).flat() : [plugin]
}

function applies({ apply }: Plugin, config: UserConfig, env: ConfigEnv): boolean {
  return typeof apply === 'function' ? apply(config, env) : !apply || apply === env.command
}

/** A plugin of the bundler's own, whose hooks are not written in JavaScript. */
const isNative = ({ name }: Plugin) => name.startsWith('builtin:')

/** @param isNew whether the plugin is made for the worker's build, which then has to start it. */
function withSourceHooks(plugin: Plugin, isNew: boolean): Plugin {
  if (isNative(plugin)) return plugin
  const { name, enforce, api, applyToEnvironment, sharedDuringBuild, perEnvironmentStartEndDuringDev } =
    plugin
  const borrowed: Plugin = { name, enforce, api, sharedDuringBuild, perEnvironmentStartEndDuringDev }
  const lend = (hook: string) => {
    const value: unknown = Reflect.get(plugin, hook)
    if (value) Object.assign(borrowed, { [hook]: value })
  }
  sourceHooks.forEach(lend)
  // A plugin that keeps what it knows of each environment apart learns from this hook that there is another one.
  if (isNew || sharedDuringBuild || perEnvironmentStartEndDuringDev) lend('buildStart')
  if (!applyToEnvironment) return borrowed
  return {
    name,
    enforce,
    applyToEnvironment: async (environment) => {
      const answer = await applyToEnvironment(environment)
      if (answer === true) return [borrowed]
      return (await flatten(answer)).map((plugin) => withSourceHooks(plugin, true))
    },
  }
}
