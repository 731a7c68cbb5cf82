import type { Plugin, PluginOption, ConfigEnv, UserConfig } from 'vite'

/** The name of this library's own plugin, and the beginning of those of its parts. */
export const pluginName = 'bgthread'

const sourceHooks = ['resolveId', 'load', 'transform', 'resolveDynamicImport', 'moduleParsed'] as const

/**
 * The plugins of a page's build as a worker's build uses them: what resolves, loads and transforms modules.
 *
 * They are the same objects, so a plugin is registered once and keeps what it knows, and without the hooks that
 * begin, end and write a build, which are for the page's build alone.
 */
export async function borrowPlugins(config: UserConfig, env: ConfigEnv): Promise<Plugin[]> {
  const plugins = await flatten(config.plugins)
  return plugins.filter((plugin) => !isOwn(plugin) && applies(plugin, config, env)).map(withSourceHooks)
}

const isOwn = ({ name }: Plugin) => name === pluginName || name.startsWith(`${pluginName}:`)

async function flatten(option: PluginOption): Promise<Plugin[]> {
  const plugin = await option
  if (!plugin) return []
  return Array.isArray(plugin) ? (await Promise.all(plugin.map(flatten))).flat() : [plugin]
}

function applies({ apply }: Plugin, config: UserConfig, env: ConfigEnv): boolean {
  return typeof apply === 'function' ? apply(config, env) : !apply || apply === env.command
}

function withSourceHooks(plugin: Plugin): Plugin {
  const { name, enforce, api, applyToEnvironment } = plugin
  const borrowed: Plugin = { name, enforce, api }
  for (const hook of sourceHooks) if (plugin[hook]) Object.assign(borrowed, { [hook]: plugin[hook] })
  if (!applyToEnvironment) return borrowed
  return {
    name,
    enforce,
    applyToEnvironment: async (environment) => {
      const answer = await applyToEnvironment(environment)
      return answer === true ? [borrowed] : (await flatten(answer)).map(withSourceHooks)
    },
  }
}
