import { posix } from 'node:path'
import type { ConfigEnv, Environment, Plugin, ResolvedConfig, Rolldown, UserConfig } from 'vite'
import { borrowPlugins, flatten, pluginName } from './borrow.js'
import { bundleWorker, type WorkerBundle } from './bundle.js'
import { findCalls, type Call } from './calls.js'
import { carryPlugin } from './carry.js'
import { clientSpecifier, scriptFilter, speaksOutward } from './client.js'
import { Editions } from './editions.js'
import { beginningCode, entryCode, onePieceCode } from './entry.js'
import { explainCircle, explainLoad, explainMaps, explainSize, explainUnknown } from './explain.js'
import { updateThreads } from './hot.js'
import * as ids from './ids.js'
import { findCircle, Importers } from './importers.js'
import { findOwnImport, mayRunInProcess, ownSpecifier } from './in-process.js'
import { sizeOfMaps } from './inline.js'
import { originalLine } from './position.js'
import { reloadForThreads } from './reload.js'
import { addImport, blank, replaceInPlace, type Replacement } from './rewrite.js'
import {
  blobLauncherCode,
  devLauncherCode,
  fileLauncherCode,
  fillRoot,
  hasRoot,
  hotSpawnCode,
  spawnCode,
} from './spawn.js'
import {
  explainStyle,
  hasClassNames,
  isStyle,
  styledCode,
  styleFilter,
  styleOnPagesOnly,
  stylesOf,
  warnInThreads,
} from './styles.js'
import { parseModule } from './walk.js'

/** Options of the plugin. */
export interface BgthreadOptions {
  /**
   * Whether a build carries the workers' code inside the page's own code. Default: `true`.
   *
   * `false` makes a file of each worker, for pages whose Content Security Policy does not allow
   * `worker-src blob:`, and for large logics: each `import()` in them stays a file that loads when it is needed.
   * The option `inline` of a thread overrides it. Development always uses files, and so does a thread with
   * `shared: true`.
   */
  inline?: boolean | undefined
  /**
   * Whether saving a logic replaces its thread alone, in development: the page stays, and the logic's state goes on.
   * Default: `true`. `false` reloads the page.
   */
  hot?: boolean | undefined
}

/**
 * The Vite plugin: turns `bgThread(() => import('./todo-app'))` into a thread with a Web Worker of its own.
 * The same goes for `bgPool` and `bgCompute`.
 *
 * Without it the same line is a lazy import, and the logic runs on the page's thread. So it does in code built for
 * a server and in Vitest, except in Vitest's browser mode, where there are workers.
 *
 * Its place among the plugins does not matter. The other plugins resolve, load and transform the worker's modules
 * too, and need not be repeated in `worker.plugins`.
 *
 * @example
 * import bgthread from 'bgthread/vite'
 * export default { plugins: [bgthread(), svelte()] }
 */
export default function bgthread(options?: BgthreadOptions): Plugin[] {
  return createPlugins({ inline: options?.inline ?? true, hot: options?.hot ?? true }, [])
}

/** A worker entry, and the modules through which its thread is started, from the logic around it to the call. */
interface Link {
  entry: string
  through: readonly string[]
}

/**
 * @param chain the worker entries around this one, where a worker's build uses the plugin for its own threads
 * @param said the warnings that have been given: several threads may import one module
 */
function createPlugins(
  { inline, hot }: { inline: boolean; hot: boolean },
  chain: readonly Link[],
  said = new Set<string>(),
): Plugin[] {
  let userConfig: UserConfig
  let env: ConfigEnv
  let config: ResolvedConfig
  let inTest = false
  let isHot = false
  const bundles = new Map<string, Promise<WorkerBundle>>()
  const editions = new Editions()
  const importers = new Importers()
  const fromRoot = (id: string) => posix.relative(config.root, id.replace(/\?.*$/, ''))

  /** The path of a worker in development. The query makes Vite put its environment (`define`, `import.meta.env`) in front. */
  const pathOf = (entry: string) =>
    `${ids.keyOf(entry)}?worker_file&type=module${ids.isShared(entry) ? editions.query(ids.spawnOf(entry)) : ''}`

  const updates = updateThreads({
    isOn: () => isHot,
    logicOf: (entry) => fromRoot(ids.logicOf(entry, config.root).specifier),
    fileOf: (entry) => ids.logicOf(entry, config.root).specifier.replace(/\?.*$/, ''),
    pathOf,
  })

  const applyToEnvironment: Plugin['applyToEnvironment'] = (environment) =>
    environment.config.consumer === 'client' && !inTest

  // By the time the other part sees the code, its types are gone.
  const client: Plugin = {
    name: `${pluginName}:client`,
    enforce: 'pre',
    applyToEnvironment,
    transform: {
      filter: { id: scriptFilter, code: /bgthread/ },
      handler(code) {
        // A development server serves page and thread the same module.
        const mayBeInWorker = isUnbundled(this.environment) || config.isWorker
        if (mayBeInWorker && speaksOutward(code)) return { code: addImport(code, clientSpecifier), map: null }
      },
    },
  }

  const main: Plugin = {
    name: pluginName,
    // After the plugins that make JavaScript of components, wherever they stand.
    enforce: 'post',

    config: {
      order: 'post',
      async handler(config, configEnv) {
        userConfig = config
        env = configEnv
        const plugins = await flatten(config.plugins)
        const places = [config, config.environments?.['client']]
        const isExcluded = places.some((place) => place?.optimizeDeps?.exclude?.includes('vue'))
        return {
          // Found late, inside the worker, it would be optimized late and reload the page.
          optimizeDeps: {
            exclude: ['bgthread'],
            // What `bgthread/vue` imports: found late, in a browser test of a component, it would reload the test.
            include: !isExcluded && plugins.some(({ name }) => name === 'vite:vue') ? ['vue'] : [],
          },
          // Tells the library that the plugin is there, though a load was left alone.
          define: { __BGTHREAD_PLUGIN__: 'true' },
          // For threads that the user's own workers start.
          worker: { plugins: () => createPlugins({ inline, hot }, chain) },
        }
      },
    },

    configResolved(resolved) {
      config = resolved
      inTest = isVitestWithoutBrowser(resolved)
      // Vitest runs a test file again itself.
      isHot = hot && resolved.command === 'serve' && !isVitest(resolved)
    },

    applyToEnvironment,

    ...(chain.length && { moduleParsed: (module) => importers.note(module) }),

    buildStart() {
      bundles.clear()
      if (!chain.length) said.clear()
    },

    resolveId: {
      order: 'pre',
      filter: {
        id: [ids.entryFilter, ids.circleFilter, /^virtual:bgthread\//, /^bgthread\//, styleFilter],
      },
      async handler(source, importer) {
        if (ids.isEntry(source) || ids.circleFilter.test(source)) return source
        if (importer && chain.length && isStyle(source)) {
          const warning = explainStyle(fromRoot(importer), source)
          if (!said.has(warning)) this.warn(warning)
          said.add(warning)
          // The class names of a CSS module are values like any other; what it looks like is left out.
          return hasClassNames(source) ? undefined : ids.noStyleId
        }
        if (
          importer &&
          (ids.isEntry(importer) || ids.beginningFilter.test(importer) || ids.isSpawn(importer))
        ) {
          const { specifier } = ids.logicOf(importer, config.root)
          if (source === ids.logicSpecifier) return specifier
          // The logic's package has the library, the project's root may not.
          if (source.startsWith('bgthread/')) return await this.resolve(source, specifier)
        }
        if (source === ids.offerSpecifier && importer) return await resolveInProcess(this, importer)
        return ids.privateId(source)
      },
    },

    load: {
      filter: { id: /^\0bgthread\// },
      async handler(id) {
        const inDev = isUnbundled(this.environment)
        const isShared = ids.isShared(id)
        const kind = { hosted: ids.isHosted(id), shared: isShared }
        // A shared worker that is made from a blob is not shared.
        const asBlob = !inDev && !ids.isFile(id)
        if (id === ids.noStyleId) return { code: 'export {}', map: noMap, moduleSideEffects: false }
        if (ids.isEntry(id)) {
          const { exported } = ids.logicOf(id, config.root)
          const code = inDev
            ? entryCode(exported, kind, isHot)
            : onePieceCode(exported, ids.beginningSpecifier(id))
          return { code, map: noMap }
        }
        if (id === ids.hotServerId) return { code: 'export const server = import.meta.hot', map: noMap }
        if (ids.beginningFilter.test(id))
          return { code: beginningCode(kind, asBlob ? 'blob' : 'file'), map: noMap }
        if (id === ids.launcherId || id === ids.fileLauncherId || id === ids.sharedLauncherId) {
          const ofFiles = () => (inDev ? devLauncherCode(isShared, config.base) : fileLauncherCode(isShared))
          return { code: asBlob ? blobLauncherCode() : ofFiles(), map: noMap, moduleSideEffects: false }
        }
        if (ids.circleFilter.test(id) && this.environment.mode === 'dev') {
          const spawn = ids.spawnOfCircle(id)
          const through = findCircle(this.environment.moduleGraph, spawn, config.root).map(fromRoot)
          const text = explainCircle(ids.logicOf(spawn, config.root).specifier, through)
          return { code: `export default ${JSON.stringify(text)}`, map: noMap }
        }
        if (!ids.isSpawn(id)) return
        const ofOwn = ids.isFile(id) ? ids.fileLauncherSpecifier : ids.launcherSpecifier
        const launcher = isShared ? ids.sharedLauncherSpecifier : ofOwn
        const entry = ids.entryOf(id)
        const { specifier } = ids.logicOf(id, config.root)
        if (inDev) {
          const path = pathOf(entry)
          const circle = `@id/__x00__${ids.circleOf(id).slice(1)}`
          const code = isHot
            ? hotSpawnCode(launcher, ids.keyOf(entry), path, circle)
            : spawnCode(launcher, path, circle)
          return { code, map: noMap }
        }
        this.addWatchFile(specifier)
        const through = importers.pathTo(id).map(fromRoot)
        const around = chain.findIndex((link) => link.entry === entry)
        if (around >= 0) {
          const links = [...chain.slice(around + 1), { through }]
          this.error(
            explainCircle(
              specifier,
              links.flatMap(({ through }) => through),
            ),
          )
        }
        let bundle = bundles.get(id)
        if (!bundle) {
          const own = createPlugins({ inline, hot }, [...chain, { entry, through }], said)
          const { environment } = this
          const borrowed = await borrowPlugins(userConfig, env, environment)
          bundle = bundleWorker({ entry, inline: asBlob, environment, userConfig, borrowed, own })
          bundles.set(id, bundle)
        }
        const { code, fileName, watched, size } = await bundle
        for (const file of watched) this.addWatchFile(file)
        const large = explainSize(fromRoot(specifier), size)
        if (asBlob && size > largeInline && !said.has(large)) this.warn(large)
        said.add(large)
        return { code: spawnCode(launcher, fileName ?? code), map: noMap, moduleSideEffects: false }
      },
    },

    transform: {
      filter: { code: [mayConcernThreads, styledCode] },
      async handler(code, id) {
        const inDev = isUnbundled(this.environment)
        if (inDev && isStyle(id)) return { code: styleOnPagesOnly(code), map: null }
        if (!inDev && !mayConcernThreads.test(code)) return
        const program = parseModule(code)
        const replacements: Replacement[] = []
        const away: Call[] = []
        for (const call of findCalls(program)) {
          const { load, start, end, shared, mayHost, inline: written } = call
          const place = () =>
            `${id.replace(/\?.*$/, '')}:${originalLine(code, start, this.getCombinedSourcemap())}`
          if (load.kind === 'unknown-path' || load.kind === 'unknown-form') {
            const message = explainLoad(call, place())
            if (load.kind === 'unknown-path') this.error(message)
            this.warn(message)
          }
          if (isHot && call.fallback && !importsFrom(program, call.fallback)) {
            const fallback = await this.resolve(call.fallback, id)
            if (fallback) updates.noteFallback(id, fallback.id)
          }
          if (load.kind === 'worker') away.push(call)
          if (load.kind !== 'target') continue
          const { specifier, exported } = load.target
          const logic = await this.resolve(specifier, id)
          // Not found: the bundler says so better. Not part of the build: there is nothing to bundle.
          if (!logic || logic.external) continue
          if (shared === 'at-run-time') this.error(explainUnknown(call, 'shared', place()))
          if (written === 'at-run-time') this.error(explainUnknown(call, 'inline', place()))
          away.push(call)
          const target = { specifier: logic.id, exported }
          const file = !inDev && !(typeof written === 'boolean' ? written : inline)
          const kind = { shared: shared === true, file, hosted: mayHost }
          const spawn = ids.spawnSpecifier(target, kind, config.root)
          // Of bgCompute all calls of one function share their threads.
          const isKept = isHot && inDev && call.name !== 'bgCompute'
          replacements.push({
            start,
            end,
            specifier: spawn,
            ...(isKept && { call: { isTopLevel: !call.inFunction } }),
          })
        }
        let result = replacements.length ? replaceInPlace(code, program, replacements) : code
        if (away.some(({ shared }) => shared === true)) result = addImport(result, ids.sharedSpecifier)
        if (this.environment.mode === 'build') {
          // The code that runs a logic in process is in a build where a load was left alone, and then in its bundle.
          const own = findOwnImport(program)
          const needs = !own && mayRunInProcess(program, away)
          const offer = own || needs ? await resolveInProcess(this, id) : undefined
          if (own && offer && (await this.resolve(own.specifier, id))?.id === offer.id)
            result = blank(result, own)
          else if (needs && offer) result = addImport(result, ids.offerSpecifier)
        }
        const styles = inDev ? stylesOf(program) : []
        if (styles.length) result = warnInThreads(result, fromRoot(id), styles)
        if (result !== code) return { code: result, map: null }
      },
    },

    hotUpdate({ modules, timestamp }) {
      const { moduleGraph } = this.environment
      for (const id of editions.edit(modules, timestamp)) {
        const spawn = moduleGraph.getModuleById(id)
        if (spawn) moduleGraph.invalidateModule(spawn)
      }
    },

    renderChunk: (code, chunk) =>
      hasRoot(code) ? { code: fillRoot(code, chunk.fileName), map: null } : null,

    async generateBundle(_options, bundle) {
      const used = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
      let mapSize = 0
      for (const id of used) {
        const worker = await bundles.get(id)
        if (!worker) continue
        if (!worker.fileName) mapSize += sizeOfMaps(worker.code)
        const files = worker.fileName
          ? [{ fileName: worker.fileName, source: worker.code }, ...worker.assets]
          : worker.assets
        for (const { fileName, source } of files) {
          if (!bundle[fileName]) this.emitFile({ type: 'asset', fileName, source })
        }
      }
      if (mapSize && !chain.length) this.warn(explainMaps(mapSize))
    },
  }
  return [client, main, reloadForThreads(fromRoot, () => isHot), carryPlugin(() => isHot), updates.plugin]
}

/** Whether Vitest runs the tests in Node. Only its version 4 has a plugin for browsers where they run in one alone. */
function isVitestWithoutBrowser(config: ResolvedConfig): boolean {
  const { test } = config as { test?: { browser?: { enabled?: boolean } } }
  const inBrowser = test?.browser?.enabled || hasPlugin(config, /^vitest:browser$/)
  return isVitest(config) && !inBrowser
}

const isVitest = (config: ResolvedConfig) => hasPlugin(config, /^vitest(:|$)/)

const hasPlugin = (config: ResolvedConfig, name: RegExp) =>
  config.plugins.some((plugin) => name.test(plugin.name))

/** Whether modules are served one by one. Vite 7 does not know `isBundled`: its development server never bundles. */
const isUnbundled = ({ mode, config }: Environment) => mode === 'dev' && !config.isBundled

/** The library's module that runs a logic in process: it stands beside its main module. */
async function resolveInProcess(context: Rolldown.PluginContext, importer: string) {
  const library = await context.resolve('bgthread', importer)
  const found = library && !library.external ? await context.resolve(ownSpecifier, library.id) : null
  return found ?? undefined
}

/** Whether a module has an import statement for another. */
const importsFrom = ({ body }: ReturnType<typeof parseModule>, specifier: string) =>
  body.some((node) => 'source' in node && node.source?.value === specifier)

/** Modules that start threads, and the library's own that loads what runs a logic in process. */
const mayConcernThreads = /bgthread|in-process\.js/

/** Of how many bytes of an inline worker a build warns: from here on it delays what the page shows first. */
const largeInline = 300_000

const noMap = { mappings: '' } as const
