/** Lets the state of a thread be carried over when its code is saved, in development. */
import { posix } from 'node:path'
import type { DevEnvironment, EnvironmentModuleGraph, EnvironmentModuleNode, Plugin } from 'vite'
import { pluginName } from './borrow.js'
import { addCarrying } from './carry-code.js'
import { entriesAbove } from './importers.js'
import { isStyle } from './styles.js'

/** The library's own modules: its source, or what was built of it. */
const ownFolder = decodeURI(new URL(import.meta.url).pathname.replace(/^\/(\w:)/, '$1')).replace(
  /\/(src|dist)\/(?!.*\/(?:src|dist)\/).*$/,
  '/$1/',
)

/**
 * Adds to the modules of threads what gives access to their private fields and variables. The page gets the same code of
 * a module that it shares with a thread; it does nothing there.
 *
 * @param isOn whether threads are replaced after an edit.
 */
export function carryPlugin(isOn: () => boolean): Plugin {
  let root = ''
  /** The modules that have the added code, or need none, for each environment. */
  const done = new WeakMap<object, Set<string>>()
  const doneIn = (environment: object) => {
    const ids = done.get(environment) ?? new Set<string>()
    done.set(environment, ids)
    return ids
  }

  return {
    name: `${pluginName}:carry`,
    enforce: 'post',
    apply: 'serve',
    applyToEnvironment: ({ config }) => config.consumer === 'client' && isOn(),

    configResolved(config) {
      root = config.root
    },

    transform: {
      filter: { id: { exclude: [/\/node_modules\//, /^\0/] } },
      handler(code, id) {
        if (this.environment.mode !== 'dev' || !isUserModule(id)) return
        if (!runsInThread(this.environment.moduleGraph, id)) {
          doneIn(this.environment).delete(id)
          return
        }
        doneIn(this.environment).add(id)
        const result = addCarrying(code, id.startsWith(`${root}/`) ? posix.relative(root, id) : id)
        if (result !== undefined) return { code: result, map: null }
      },
    },

    configureServer(server) {
      if (!isOn()) return
      const environments = Object.values(server.environments).filter(
        ({ config }) => config.consumer === 'client',
      )
      const renewAll = async (url: string, next: () => void) => {
        // A module that cannot be transformed is reported when it is served.
        await Promise.allSettled(
          environments.map((environment) => renew(environment, url, doneIn(environment))),
        )
        next()
      }
      server.middlewares.use((request, _response, next) => {
        void renewAll(pathOf(request.url ?? '', server.config.base), next)
      })
    },
  }
}

const isUserModule = (id: string) =>
  !id.startsWith(ownFolder) && !isStyle(id) && !/[?&](raw|url|worker|sharedworker)\b/.test(id)

/** The URL of a module as the module graph has it. */
function pathOf(url: string, base: string): string {
  const path = url.startsWith(base) ? `/${url.slice(base.length)}` : url
  const plain = path
    .replace(/([?&])t=\d+(&?)/, (_, before: string, after: string) => (after ? before : ''))
    .replace(/([?&])import(?:&|$)/, '$1')
    .replace(/[?&]$/, '')
  try {
    return decodeURI(plain)
  } catch {
    return plain
  }
}

/**
 * Has a module transformed again if a thread asks for it and the page had it first, without the added code. Only the
 * kept result is dropped: a page that has the module goes on with it.
 */
async function renew(environment: DevEnvironment, url: string, done: ReadonlySet<string>): Promise<void> {
  const { moduleGraph } = environment
  const module = moduleGraph.urlToModuleMap.get(url)
  const { id } = module ?? {}
  if (!module || !id || id.startsWith('\0') || id.includes('/node_modules/') || !isUserModule(id)) return
  if (done.has(id) || !isUnderEntry(module)) return
  // It may be on its way to the page right now.
  await environment.transformRequest(url)
  if (!done.has(id)) module.transformResult = null
}

/** Whether a thread imports a module: its importers lead up to the entry of a worker. */
function runsInThread(graph: EnvironmentModuleGraph, id: string): boolean {
  const module = graph.getModuleById(id)
  return module !== undefined && isUnderEntry(module)
}

const isUnderEntry = (module: EnvironmentModuleNode) => entriesAbove([module]).length > 0
