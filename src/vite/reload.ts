import type { DevEnvironment, EnvironmentModuleNode, Plugin } from 'vite'
import { pluginName } from './borrow.js'
import { findCalls } from './calls.js'
import { explainReload } from './explain.js'
import { isEntry } from './ids.js'
import { importersOf } from './importers.js'
import { isCallCode } from './rewrite.js'
import { findBinding, isInFunction } from './scope.js'
import { parseModule, unwrap, walk, type Node } from './walk.js'

/**
 * Reloads the page after an edit if Vite would run a module again that starts a thread: the page would have a second
 * thread beside the first one, which holds the state.
 *
 * @param isHot whether a module that runs again has its threads again, if the calls are its own.
 * @param fromRoot gives a path or an id relative to the project's root.
 */
export function reloadForThreads(fromRoot: (id: string) => string, isHot: () => boolean): Plugin {
  /** What the page runs of each module that is not a dependency, by id. */
  const codes = new Map<string, string>()

  const reload = async (environment: DevEnvironment, changed: Iterable<EnvironmentModuleNode>) => {
    const starter = await findStarter(environment, runAgain(changed), codes, isHot())
    if (!starter) return false
    const [saved = starter] = changed
    const text = explainReload(nameOf(saved), nameOf(starter))
    environment.logger.info(text, { timestamp: true })
    environment.hot.send({ type: 'full-reload' })
    return true
  }
  const nameOf = ({ file, url }: EnvironmentModuleNode) => fromRoot(file ?? url)

  return {
    name: `${pluginName}:hot`,
    enforce: 'post',
    apply: 'serve',
    applyToEnvironment: ({ config }) => config.consumer === 'client',

    transform: {
      filter: { id: { exclude: /\/node_modules\// } },
      handler: (code, id) => void codes.set(id, code),
    },

    configureServer(server) {
      for (const environment of Object.values(server.environments)) {
        if (environment.config.consumer !== 'client') continue
        // A module that accepts a change and then gives it on to its importers. No `hotUpdate` is called for these.
        environment.hot.on('vite:invalidate', ({ path }) => {
          const module = environment.moduleGraph.urlToModuleMap.get(path)
          if (module) void reload(environment, module.importers)
        })
      }
    },

    async hotUpdate({ modules }) {
      if (await reload(this.environment, modules)) return []
    },
  }
}

/**
 * Finds the modules that Vite runs again in the same page after some have changed: these, and what imports them, up to
 * the modules that accept the change. If no module accepts it, Vite reloads the page itself.
 */
function runAgain(changed: Iterable<EnvironmentModuleNode>): Set<EnvironmentModuleNode> {
  const found = new Set<EnvironmentModuleNode>()
  const queue = [...changed]
  for (const module of queue) {
    // A module that Vite has not served yet has not run.
    if (found.has(module) || (module.id && module.isSelfAccepting === undefined)) continue
    found.add(module)
    if (module.isSelfAccepting) continue
    for (const importer of module.importers) if (!importer.acceptedHmrDeps.has(module)) queue.push(importer)
  }
  return found
}

/** Finds a module that starts a thread when it runs: itself, or by a call of a function of another module. */
async function findStarter(
  environment: DevEnvironment,
  modules: Iterable<EnvironmentModuleNode>,
  codes: ReadonlyMap<string, string>,
  isHot: boolean,
): Promise<EnvironmentModuleNode | undefined> {
  const codeOf = ({ id }: EnvironmentModuleNode) => (id && codes.get(id)) || ''
  // What runs in a thread is replaced with it.
  const all = [...modules].filter((module) => !isHot || runsOnPage(module))
  const starter = all.find((module) => startsThread(codeOf(module), false, isHot))
  if (starter) return starter

  for (const module of all) {
    const factories = [...module.importedModules].filter((imported) =>
      [...withImports(imported)].some((one) => startsThread(codeOf(one), true, false)),
    )
    if (!factories.length) continue
    for (const specifier of calledWhenRun(parseModule(codeOf(module)))) {
      const resolved = await environment.pluginContainer.resolveId(specifier, module.id ?? undefined)
      if (factories.some(({ id }) => id === resolved?.id)) return module
    }
  }
}

/**
 * Whether code starts a thread that lives on, unlike one of `bgCompute`.
 *
 * @param whenCalled in a function.
 * @param anew other than a call that has its thread again.
 */
function startsThread(code: string, whenCalled: boolean, anew: boolean): boolean {
  if (!code.includes('bgthread')) return false
  return findCalls(parseModule(code)).some(
    ({ name, inFunction, start, end }) =>
      name !== 'bgCompute' &&
      (inFunction || !whenCalled) &&
      !(anew && isCallCode(code, code.slice(start, end).trim())),
  )
}

/** Whether a module is imported by a page, and not by workers only. */
const runsOnPage = (module: EnvironmentModuleNode) =>
  [...importersOf([module])].some(({ id, importers }) => importers.size === 0 && !(id && isEntry(id)))

function withImports(module: EnvironmentModuleNode): Set<EnvironmentModuleNode> {
  const found = new Set([module])
  for (const one of found) for (const imported of one.importedModules) found.add(imported)
  return found
}

/** The modules, as a module names them, of which it calls something when it runs. */
function calledWhenRun(program: Node): Set<string> {
  const specifiers = new Set<string>()
  walk(program, (node, ancestors) => {
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return
    let callee = unwrap(node.callee)
    while (callee.type === 'MemberExpression') callee = unwrap(callee.object)
    if (callee.type !== 'Identifier' || isInFunction(ancestors)) return
    const binding = findBinding(callee.name, ancestors)
    if (binding?.kind === 'import') specifiers.add(binding.source)
  })
  return specifiers
}
