import { buildErrorMessage, type DevEnvironment, type EnvironmentModuleNode, type Plugin } from 'vite'
import { stripVTControlCharacters, styleText } from 'node:util'
import { pluginName } from './borrow.js'
import { explainUpdate } from './explain.js'
import { isEntry, keyOf } from './ids.js'
import { hasClassNames, isStyle } from './styles.js'

/** What the server says of an edit, and pages of a thread that does not start after it. `src/hot` is the other side. */
const EDIT = 'bgthread:edit'
const FAILED = 'bgthread:failed'

/** What went wrong while a module was transformed. Plugins add to it where that was. */
type TransformError = Error & { code?: string; id?: string; frame?: string; plugin?: string; loc?: object }

export interface UpdateOptions {
  /** Whether threads are replaced after an edit. */
  isOn(): boolean
  /** Names the logic of a worker entry, for the terminal. */
  logicOf(entry: string): string
  /** Gives the path of an entry's worker. */
  pathOf(entry: string): string
}

/** Replaces the threads that run a module after an edit of that module, and nothing else: the page stays as it is. */
export function updateThreads(options: UpdateOptions) {
  const updates = new WeakMap<DevEnvironment, Updates>()
  const fallbacks = new Map<string, Set<string>>()

  const plugin: Plugin = {
    name: `${pluginName}:hot`,
    enforce: 'post',
    apply: 'serve',
    applyToEnvironment: ({ config }) => config.consumer === 'client' && options.isOn(),

    configureServer(server) {
      for (const environment of Object.values(server.environments))
        if (environment.config.consumer === 'client' && options.isOn())
          updates.set(environment, new Updates(environment, options))
    },

    hotUpdate: {
      order: 'post',
      async handler({ type, modules, timestamp, read }) {
        // Some editors empty a file before they write it.
        if (type !== 'delete') await read()
        for (const module of importersOf(modules)) forgetFallbacks(module, fallbacks)
        // Of CSS a thread has the class names at most.
        const seen = modules.filter(({ id }) => !id || !isStyle(id) || hasClassNames(id))
        updates.get(this.environment)?.edit(seen, timestamp)
      },
    },
  }

  return {
    plugin,
    /** Takes note of a module that imports a logic as the fallback of its thread. */
    noteFallback(module: string, logic: string): void {
      const logics = fallbacks.get(module) ?? new Set()
      fallbacks.set(module, logics.add(logic))
    },
  }
}

/** Takes away the importers that import a logic only in case its worker cannot be loaded. */
function forgetFallbacks(
  module: EnvironmentModuleNode,
  fallbacks: ReadonlyMap<string, ReadonlySet<string>>,
): void {
  for (const importer of module.importers) {
    if (module.id && importer.id && fallbacks.get(importer.id)?.has(module.id))
      module.importers.delete(importer)
  }
}

/** The edits of one environment: one after another, and each is sent when all that it changes can be run. */
class Updates {
  /** Entries whose threads are to be replaced. */
  readonly #waiting = new Set<EnvironmentModuleNode>()
  /** Edited modules that have not been transformed since. */
  readonly #edited = new Set<EnvironmentModuleNode>()
  #isRunning = false
  #at = 0

  constructor(
    private readonly environment: DevEnvironment,
    private readonly options: UpdateOptions,
  ) {
    environment.hot.on(FAILED, ({ message, stack }: { message: string; stack: string }) => {
      if (typeof message === 'string' && typeof stack === 'string')
        this.#tell(Object.assign(new Error(message), { stack }), 'A thread did not start after an edit')
    })
  }

  edit(modules: readonly EnvironmentModuleNode[], at: number): void {
    const above = importersOf(modules)
    const entries = above.filter(({ id }) => id && isEntry(id))
    if (entries.length === 0) return
    for (const entry of entries) {
      stopAt(entry)
      this.#waiting.add(entry)
    }
    for (const module of modules) this.#edited.add(module)
    this.#at = at
    // Vite goes on with the same edit meanwhile.
    if (!this.#isRunning) setTimeout(() => void this.#run())
    this.#isRunning = true
  }

  async #run(): Promise<void> {
    const at = this.#at
    const entries = [...this.#waiting]
    let failure: unknown
    try {
      const seen = new Set<EnvironmentModuleNode>()
      for (const entry of entries) await this.#transform(entry, seen)
      // Those that are imported when they are needed.
      for (const module of this.#edited) await this.#transform(module, seen)
    } catch (error) {
      failure = error
    }
    // It was edited again meanwhile.
    if (at !== this.#at) return this.#run()
    this.#isRunning = false
    if (failure) return this.#tell(failure as TransformError, 'Internal server error')
    this.#waiting.clear()
    this.#edited.clear()
    this.#send(entries, at)
  }

  /** Transforms a module and what it imports, as far as that has changed or is new. @throws what is wrong with one */
  async #transform(module: EnvironmentModuleNode, seen: Set<EnvironmentModuleNode>): Promise<void> {
    if (seen.has(module) || module.file?.includes('/node_modules/')) return
    seen.add(module)
    if (!module.id || !isEntry(module.id)) {
      // A file that is gone is missed by the module that imports it.
      if (module.importers.size === 0) return
      if (!module.transformResult) await this.environment.transformRequest(module.url)
    }
    for (const imported of module.importedModules) await this.#transform(imported, seen)
  }

  #send(entries: readonly EnvironmentModuleNode[], at: number): void {
    const { environment } = this
    const { logicOf, pathOf } = this.options
    const ids = entries.map(({ id }) => id as string)
    const threads = Object.fromEntries(ids.map((id) => [keyOf(id), pathOf(id)]))
    environment.logger.info(explainUpdate([...new Set(ids.map(logicOf))]), { timestamp: true, clear: true })
    environment.hot.send(EDIT, { threads, at })
  }

  #tell(error: TransformError, what: string): void {
    const { environment } = this
    // The optimizer reloads the page itself.
    if (error.code === 'ERR_OUTDATED_OPTIMIZED_DEP' || error.code === 'ERR_CLOSED_SERVER') return
    const text = buildErrorMessage(error as never, [styleText('red', `${what}: ${error.message}`)])
    environment.logger.error(text, { timestamp: true, clear: true, error })
    // Vite's client reloads a page that has shown an error before its first update: for it this is the first.
    environment.hot.send({ type: 'update', updates: [] })
    const plain = (text = '') => stripVTControlCharacters(text)
    const { message, stack, id, frame, plugin, loc } = error
    environment.hot.send({
      type: 'error',
      err: {
        message: plain(message),
        stack: plain(stack),
        frame: plain(frame),
        id,
        plugin,
        loc: loc as never,
      },
    })
  }
}

/**
 * Makes Vite's search for what accepts an edit stop at a worker entry, as it does at modules that no page has loaded.
 * An entry that does not accept it, and is imported by nothing, would reload the page.
 */
function stopAt(entry: EnvironmentModuleNode): void {
  Object.defineProperty(entry, 'isSelfAccepting', { get: () => undefined, set() {}, configurable: true })
}

/** Modules, and all that import them, directly or not. */
function importersOf(modules: readonly EnvironmentModuleNode[]): EnvironmentModuleNode[] {
  const found = new Set(modules)
  for (const module of found) for (const importer of module.importers) found.add(importer)
  return [...found]
}
