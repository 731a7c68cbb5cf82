/** The threads that a page or a worker has started, and what an edit does to them. */
import type { HotUpdates, Retakable, Updatable } from '../core/realm.js'
import type { Settings } from '../core/thread.js'
import type { Load } from '../core/types.js'
import { Calls } from './calls.js'

/** What the server sends after an edit. A page passes it on to its workers. */
export interface Edit {
  /** The paths of the new workers, by the keys of the threads. */
  threads: Record<string, string>
  /** When, in milliseconds: a worker gets the same edit from several pages. */
  at: number
}

/** What is sent to the server if a thread does not start with the new code. */
export interface Failure {
  message: string
  stack: string
}

/** The worker of a thread, and who uses it. */
interface Target {
  path: string
  readonly threads: Set<Updatable>
  readonly followers: Set<() => void>
}

/** Milliseconds that a start may take until an edit replaces it. */
const START_TIME = 1_000

export class HotThreads implements HotUpdates {
  readonly #targets = new Map<string, Target>()
  readonly #keys = new WeakMap<object, string>()
  readonly #calls = new Calls()
  /** The last thread that was added. */
  #added: Updatable | undefined
  /** The last update of each thread, and the one that has not begun. */
  readonly #last = new WeakMap<Updatable, Promise<void>>()
  readonly #next = new WeakMap<Updatable, Promise<void>>()

  launchable(key: string, path: string, launch: (path: string) => Load<unknown>): Load<unknown> {
    const target = this.#targets.get(key) ?? { path, threads: new Set(), followers: new Set() }
    this.#targets.set(key, target)
    target.path = path
    let launched = { path, load: launch(path) }
    const load: Load<unknown> = (options) => {
      if (launched.path !== target.path) launched = { path: target.path, load: launch(target.path) }
      return launched.load(options)
    }
    // By its script the tabs know a shared thread.
    if ('script' in launched.load) Object.defineProperty(load, 'script', { get: () => target.path })
    this.#keys.set(load, key)
    return load
  }

  take<T extends Retakable>(load: Load<unknown>, settings: Settings, start: (load: Load<unknown>) => T): T {
    const call = this.#calls.read(load)
    if (!call) return start(load)
    const taken = this.#calls.take(call, settings, (thread, changed) => {
      if (changed.length > 0 || thread.hasFailed()) this.#update(thread, !changed.includes('args'))
    })
    if (taken) return taken as T
    this.#added = undefined
    const started = start(call.load)
    this.#calls.note(call, settings, started, this.#added)
    return started
  }

  add(load: Load<unknown>, thread: Updatable): void {
    this.#added = thread
    this.#targetOf(load)?.threads.add(thread)
  }

  follow(load: object, edited: () => void): void {
    this.#targetOf(load)?.followers.add(edited)
  }

  evaluated(url: string): void {
    this.#calls.evaluated(url)
  }

  pruned(paths: readonly string[]): void {
    this.#calls.pruned(paths)
  }

  /** Replaces the threads whose code has changed. @returns why some of them did not start */
  async edit(threads: Edit['threads']): Promise<Failure[]> {
    const starts: Promise<void>[] = []
    for (const [key, path] of Object.entries(threads)) {
      const target = this.#targets.get(key)
      if (!target) continue
      target.path = path
      for (const edited of target.followers) edited()
      target.followers.clear()
      for (const thread of target.threads) {
        if (thread.isOver()) target.threads.delete(thread)
        else starts.push(this.#update(thread, true).then(() => thread.ready()))
      }
    }
    const results = await Promise.allSettled(starts)
    return results.flatMap((result) => (result.status === 'rejected' ? [describe(result.reason)] : []))
  }

  #targetOf(load: object): Target | undefined {
    return this.#targets.get(this.#keys.get(load) ?? '')
  }

  /** One after another. What is saved while one waits is in that one. */
  #update(thread: Updatable, carry: boolean): Promise<void> {
    const waiting = carry && this.#next.get(thread)
    if (waiting) return waiting
    const former = this.#last.get(thread)
    const update = async () => {
      await former
      await settled(thread.ready())
      if (this.#next.get(thread) === next) this.#next.delete(thread)
      await thread.update(carry)
    }
    const next = update()
    this.#next.set(thread, next)
    this.#last.set(
      thread,
      next.catch(() => {}),
    )
    return next
  }
}

/** Waits for a start, but not for one that hangs. */
function settled(start: Promise<void>): Promise<unknown> {
  return Promise.race([start.catch(() => {}), new Promise((resolve) => setTimeout(resolve, START_TIME))])
}

function describe(error: unknown): Failure {
  const { message, stack, cause } = Object(error) as Partial<Error>
  const { stack: causeStack } = Object(cause) as Partial<Error>
  return { message: message ?? String(error), stack: causeStack ?? stack ?? '' }
}
