/** The logic singleton of a thread: made once, started, and ended in order. */
import { actionsOf, type Action } from './actions.js'
import { isClass } from './class.js'
import { ThreadStartError } from './errors.js'
import { Hubs } from './sources.js'
import type { StartInfo } from './protocol.js'
import { realm } from './realm.js'
import { DEVELOPMENT } from './report.js'
import type { ThreadClient, ThreadContext } from './types.js'

interface LifeCycle {
  onStart?(context: ThreadContext): unknown
  onStop?(): unknown
  onConnect?(client: ThreadClient): unknown
  onDisconnect?(client: ThreadClient): unknown
  saveState?(): unknown
  restoreState?(state: unknown): unknown
}

export class Logic {
  readonly hubs = new Hubs()
  actions = new Map<string, Action>()
  instance: object = {}
  /** The part of its start that runs, or has failed. */
  step = 'its module'
  /** In development: the state is in the instance, and not in the variables of a function that has made it. */
  declare isMadeOfClass?: boolean
  readonly #exposed: unknown
  /** Ends the start, until the logic's module is done. */
  #endModule: (() => void) | undefined
  readonly #closed = new Promise((resolve) => (this.#endModule = () => resolve(this)))
  readonly #end = new AbortController()

  /** @param exposed a class, a factory function, an instance, or a promise of one of these */
  constructor(exposed: unknown) {
    this.#exposed = exposed
    // It may fail before anybody asks for it; whoever starts the logic is told.
    if (exposed instanceof Promise) exposed.catch(() => {})
  }

  /**
   * @throws what the module, the constructor, the factory, `restoreState` or `onStart` throws; a `ThreadStartError` if the
   * module closes the worker
   */
  async start(
    { state, compute }: StartInfo,
    args: unknown[],
    about: Omit<ThreadContext, 'signal'>,
  ): Promise<void> {
    // Not copied: its getters tell what is true when they are read.
    const context = Object.defineProperty(about, 'signal', { value: this.#end.signal }) as ThreadContext
    const exposed = await Promise.race([this.#closed, this.#exposed])
    if (exposed === this)
      throw new ThreadStartError(
        `thread '${about.name}' died while it started: its logic has closed the worker`,
      )
    this.#endModule = undefined
    this.step = typeof exposed === 'function' && isClass(exposed) ? 'its constructor' : 'its factory'
    const instance =
      typeof exposed !== 'function'
        ? exposed
        : compute
          ? { run: exposed }
          : isClass(exposed)
            ? new exposed(...args)
            : ((await exposed(context, ...args)) as unknown)
    if (typeof instance !== 'object' || instance === null) throw new TypeError(explain(exposed, instance))
    this.instance = instance
    this.actions = actionsOf(instance)
    const { logic } = this
    this.step = 'restoreState()'
    if (DEVELOPMENT) {
      this.isMadeOfClass = !compute && typeof exposed === 'function' && isClass(exposed)
      if (this.isMadeOfClass) realm.carry?.begin(instance)
    }
    const isCarried = DEVELOPMENT && realm.carry?.restore(instance, state, about.name)
    if (state !== undefined && !isCarried) await logic.restoreState?.(state)
    this.step = 'onStart()'
    await logic.onStart?.(context)
  }

  /**
   * Closes the worker for the logic. While its module runs, the start fails instead, which ends the worker: that early no
   * page would notice its end.
   */
  closeWorker(close: () => void): void {
    if (this.#endModule) this.#endModule()
    else close()
  }

  /** Tells long-running work that the thread is to end. */
  abort(): void {
    this.#end.abort(new DOMException('The thread is to end', 'AbortError'))
  }

  async stop(): Promise<void> {
    await this.logic.onStop?.()
  }

  async connect(client: ThreadClient): Promise<void> {
    this.step = 'onConnect()'
    await this.logic.onConnect?.(client)
  }

  async disconnect(client: ThreadClient): Promise<void> {
    await this.logic.onDisconnect?.(client)
  }

  /** What the next start of this logic is to go on with. */
  async save(): Promise<unknown> {
    return this.logic.saveState?.()
  }

  private get logic(): LifeCycle {
    return this.instance
  }
}

function explain(exposed: unknown, instance: unknown): string {
  return exposed === undefined
    ? "the logic's module has no such export: give it a default export, or name one with import('./logic').then((m) => m.Logic)"
    : `the logic must be a class, a function that returns an object, or an object; got ${instance === null ? 'null' : typeof instance}`
}
