/** Which thread each call of `bgThread` in a module has started, so that the module has it again when it runs again. */
import type { Retakable, Updatable } from '../core/realm.js'
import type { Settings } from '../core/thread.js'
import type { Load } from '../core/types.js'
import { changedSettings } from './settings.js'

/** A call that starts a thread, as the plugin's code describes it. */
interface Call {
  /** The module's URL. It is another one each time that the module runs. */
  url: string
  /** Whether it runs whenever the module does: it is in no function. */
  isTopLevel: boolean
  load: Load<unknown>
}

/** A thread or a pool, and the call that has it. */
interface Started extends Call {
  settings: Settings
  /** The thread or the pool. */
  started: Retakable
  /** Of a thread. */
  thread: Updatable | undefined
}

/** How the plugin's code passes a call on, in the place of a load. */
type Describe = (url: string, isTopLevel: boolean, load: Load<unknown>) => Call

/** The function that the plugin puts in the place of a load begins like this. */
const placed = /^function [\w$]+\(bgthreadCall\)/

export class Calls {
  readonly #modules = new Map<string, Set<Started>>()

  /** Returns the call in whose place the plugin has put a load. */
  read(load: Load<unknown>): Call | undefined {
    if (!placed.test(Function.prototype.toString.call(load))) return undefined
    const describe: Describe = (url, isTopLevel, load) => ({ url, isTopLevel, load })
    return (load as unknown as (describe: Describe) => Call)(describe)
  }

  /** Returns what the same call has started before the module ran again. @param follow is called with the options that have changed */
  take(
    call: Call,
    settings: Settings,
    follow: (thread: Updatable, changed: readonly (keyof Settings)[]) => void,
  ): Retakable | undefined {
    for (const former of this.#of(call.url)) {
      const isSame = former.load === call.load && former.settings.name === settings.name
      if (!isSame || former.url === call.url) continue
      if (former.thread?.isOver()) {
        this.#of(call.url).delete(former)
        continue
      }
      const { thread } = former
      const changed = changedSettings(former.settings, settings)
      const isReplaced = changed.some((key) => !thread || (key !== 'args' && key !== 'host'))
      if (isReplaced || changed.includes('args')) explainStart(settings.name, changed)
      if (isReplaced) {
        this.#end(former)
        return undefined
      }
      former.url = call.url
      former.settings = settings
      thread?.adopt(settings)
      if (thread) follow(thread, changed)
      return former.started
    }
  }

  /** Remembers what a call has started. */
  note(call: Call, settings: Settings, started: Retakable, thread: Updatable | undefined): void {
    const all = this.#of(call.url)
    const note: Started = { ...call, settings, started, thread }
    all.add(note)
    if (thread) return
    // A pool that was closed is not taken over.
    for (const end of ['close', 'terminate'] as const) {
      const method = started[end].bind(started) as () => unknown
      started[end] = (...args: []) => {
        all.delete(note)
        return method(...args)
      }
    }
  }

  /** A module has run to its end: what it has started before and not taken over belongs to code that is gone. */
  evaluated(url: string): void {
    for (const started of this.#of(url)) if (started.isTopLevel && started.url !== url) this.#end(started)
  }

  /** Modules are not imported any more. @param paths as the server names them */
  pruned(paths: readonly string[]): void {
    for (const [module, all] of this.#modules)
      if (paths.some((path) => new URL(module).pathname.endsWith(path.replace(/\?.*$/, ''))))
        for (const started of all) this.#end(started)
  }

  #end(started: Started): void {
    this.#of(started.url).delete(started)
    started.started.terminate()
  }

  #of(url: string): Set<Started> {
    const module = new URL(url)
    module.searchParams.delete('t')
    let all = this.#modules.get(module.href)
    if (!all) this.#modules.set(module.href, (all = new Set()))
    return all
  }
}

function explainStart(name: string | undefined, changed: readonly string[]): void {
  const options = changed.map((key) => `'${key}'`).join(', ')
  // oxlint-disable-next-line no-console -- it is no warning
  console.info(
    `[bgthread] thread '${name ?? 'bgthread'}' starts anew after the update: its option ${options} has changed`,
  )
}
