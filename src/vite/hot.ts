import { buildErrorMessage, type DevEnvironment, type EnvironmentModuleNode, type Plugin } from 'vite'
import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { setTimeout as setTimer } from 'node:timers/promises'
import { stripVTControlCharacters, styleText } from 'node:util'
import { EDIT, FAILED } from '../hot/events.js'
import { pluginName } from './borrow.js'
import { explainUpdate } from './explain.js'
import { isEntry, keyOf, spawnOf } from './ids.js'
import { entriesAbove, importersOf } from './importers.js'
import { hasClassNames, isStyle } from './styles.js'

/** What went wrong while a module was transformed. Plugins add to it where that was. */
type TransformError = Error & { code?: string; id?: string; frame?: string; plugin?: string; loc?: object }

/** Milliseconds after an update until its files are looked at once more. */
const LOOK_AGAIN = 200

/** Milliseconds, in tens, for which a file may be empty: editors empty it before they write it. */
const EMPTY = 10

export interface UpdateOptions {
  /** Whether threads are replaced after an edit. */
  isOn(): boolean
  /** Names the logic of a worker entry, for the terminal. */
  logicOf(entry: string): string
  /** Gives the file of the logic of a worker entry. */
  fileOf(entry: string): string
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
      handler({ file, modules, timestamp }) {
        for (const module of importersOf(modules)) forgetFallbacks(module, fallbacks)
        // Of CSS a thread has the class names at most.
        const seen = modules.filter(({ id }) => !id || !isStyle(id) || hasClassNames(id))
        updates.get(this.environment)?.edit(seen, file, timestamp)
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
  /** Files that were saved since the last update. */
  readonly #saved = new Set<string>()
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

  /** @param file what was saved, or is gone. */
  edit(modules: readonly EnvironmentModuleNode[], file: string, at: number): void {
    const entries = entriesAbove(modules)
    // The server forgets what imports a file when that is deleted.
    for (const [id, module] of this.environment.moduleGraph.idToModuleMap)
      if (isEntry(id) && this.options.fileOf(id) === file) entries.push(module)
    for (const entry of entries) {
      stopAt(entry)
      if (this.#isStarted(entry)) this.#waiting.add(entry)
    }
    if (this.#waiting.size === 0) return
    this.#at = at
    this.#saved.add(file)
    // Vite goes on with the same edit meanwhile.
    if (!this.#isRunning) setTimeout(() => void this.#run())
    this.#isRunning = true
  }

  /** Whether some module starts the thread of an entry, as far as the server knows. */
  #isStarted({ id }: EnvironmentModuleNode): boolean {
    const spawn = this.environment.moduleGraph.getModuleById(spawnOf(id as string))
    return !spawn || spawn.importers.size > 0
  }

  async #run(): Promise<void> {
    const at = this.#at
    const saved = [...this.#saved]
    const stamps = await stampsOf(saved)
    const ready: EnvironmentModuleNode[] = []
    let failure: TransformError | undefined
    for (const entry of this.#waiting) {
      try {
        await this.#transform(entry, new Set())
        ready.push(entry)
      } catch (error) {
        // A logic that is gone is not waited for.
        if (!existsSync(this.options.fileOf(entry.id as string))) this.#waiting.delete(entry)
        failure ??= error as TransformError
      }
    }
    // They were edited again meanwhile.
    if (at !== this.#at) return this.#run()
    if (stamps !== (await stampsOf(saved))) {
      for (const file of saved) this.environment.moduleGraph.onFileChange(file)
      return this.#run()
    }
    this.#isRunning = false
    this.#saved.clear()
    this.#lookAgain(saved, stamps, ready)
    for (const entry of ready) this.#waiting.delete(entry)
    if (ready.length > 0) this.#send(ready, at)
    // The page closes the overlay when threads are replaced.
    if (failure) this.#tell(failure, 'Internal server error')
  }

  /** Of saves that follow each other fast, the watcher may miss the last. */
  #lookAgain(files: readonly string[], stamps: string, entries: readonly EnvironmentModuleNode[]): void {
    const at = this.#at
    setTimeout(async () => {
      if (stamps === (await stampsOf(files)) || at !== this.#at || this.#isRunning) return
      for (const file of files) {
        this.environment.moduleGraph.onFileChange(file)
        this.#saved.add(file)
      }
      for (const entry of entries) this.#waiting.add(entry)
      this.#at = at + 1
      this.#isRunning = true
      await this.#run()
    }, LOOK_AGAIN).unref()
  }

  /** Transforms a module and what it imports, as far as that has changed or is new. @throws what is wrong with one */
  async #transform(module: EnvironmentModuleNode, seen: Set<EnvironmentModuleNode>): Promise<void> {
    if (seen.has(module) || module.file?.includes('/node_modules/')) return
    seen.add(module)
    if (!module.transformResult && !(module.id && isEntry(module.id)))
      await this.environment.transformRequest(module.url)
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

/** Returns when files were written and how long they are, as a text. */
async function stampsOf(files: readonly string[]): Promise<string> {
  const stamps = files.map(async (file) => {
    for (let looks = 0; ; looks++) {
      const { mtimeMs, size } = await stat(file).catch(() => ({ mtimeMs: 0, size: -1 }))
      if (size !== 0 || looks === EMPTY) return `${mtimeMs} ${size}`
      await setTimer(10)
    }
  })
  return (await Promise.all(stamps)).join()
}
