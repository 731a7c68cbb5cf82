/** Locks that are held for life: no event tells that a worker or a page is gone, but its locks are released. */
import { afterTask } from './task.js'
import { isToken, makeToken } from './token.js'

/** None outside of secure contexts, and none for opaque origins. */
export const locks = (): LockManager | undefined =>
  globalThis.origin === 'null'
    ? undefined
    : (globalThis.navigator as { locks?: LockManager } | undefined)?.locks

/** A lock that its page or thread holds as long as it lives. */
export interface LifeLock {
  /** Its name once it is held; undefined if the platform has no locks, or refuses them. */
  readonly held: Promise<string | undefined>
  /** Calls `held` with its name as soon as it is held, and with that of each further one, until `signal` aborts. */
  follow(held: (name: string) => void, signal?: AbortSignal): void
}

/** Any script of the origin can steal a lock; then another one is held, and its name is announced. */
class OwnLock implements LifeLock {
  readonly held: Promise<string | undefined>
  #name: string | undefined
  readonly #followers = new Set<(name: string) => void>()

  constructor() {
    this.held = new Promise((resolve) => this.#hold(resolve))
  }

  follow(held: (name: string) => void, signal?: AbortSignal): void {
    this.#followers.add(held)
    signal?.addEventListener('abort', () => this.#followers.delete(held))
    if (this.#name) held(this.#name)
  }

  #hold(resolve: (name?: string) => void): void {
    const manager = locks()
    if (!manager) return resolve()
    const name = makeToken()
    const forever = new Promise<never>(() => {})
    const announce = () => {
      this.#name = name
      resolve(name)
      for (const held of this.#followers) held(name)
      return forever
    }
    manager.request(name, announce).catch((error: unknown) => {
      this.#name = undefined
      // Else locks are refused here.
      if ((error as Error).name === 'AbortError') this.#hold(resolve)
      else resolve()
    })
    // Waits behind the first, and takes over if that is stolen while this side computes.
    manager.request(name, () => forever).catch(() => {})
  }
}

let own: LifeLock | undefined

/** Gives the lock of this page or thread, which it holds from the first call on. */
export const ownLock = (): LifeLock => (own ??= new OwnLock())

/** What holds a lock for life, as the other side sees it. */
export interface Holder {
  /** Counts the messages that have come from it. */
  received(): number
  /** Asks it for a sign of life. */
  ping(): void
}

/** Milliseconds in which a holder answers, if its lock is free and it lives. */
const PATIENCE = 50

/** A lock that is free so often while its holder lives is one that this side cannot see. */
const ROUNDS = 20

/**
 * Notices the end of what holds a lock. A free lock is no proof, since it may be stolen. So the holder is asked for a
 * sign of life, and it is gone if it gives none until the lock has been free a second time.
 */
export class LockWatch {
  #name: string | undefined
  #request = new AbortController()
  #timer: ReturnType<typeof setTimeout> | undefined
  #received: number | undefined
  #rounds = 0
  #over = false

  /**
   * @param gone called once the holder is gone
   * @param unseen called if its lock cannot be watched from here: it is of another origin, or locks are refused
   */
  constructor(
    private readonly holder: Holder,
    private readonly gone: () => void,
    private readonly unseen: () => void = () => {},
  ) {}

  /** The name of the lock that is watched. */
  get name(): string | undefined {
    return this.#name
  }

  /** Watches the lock of this name, and no longer one that was named before. */
  follow(name: unknown): void {
    if (!isToken(name) || name === this.#name || this.#over) return
    const isFirst = this.#name === undefined
    this.#name = name
    this.#received = undefined
    this.#rounds = 0
    this.#request.abort()
    if (isFirst) this.#ask()
    // Asked for a moment later: a holder that names one lock after the other causes no more requests.
    else this.#askLater()
  }

  end(): void {
    this.#over = true
    this.#request.abort()
    clearTimeout(this.#timer)
  }

  #askLater(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#ask()
    }, PATIENCE)
  }

  #ask(): void {
    const { signal } = (this.#request = new AbortController())
    whenFree(this.#name as string, signal, () => this.#doubt(signal)).catch(
      () => signal.aborted || this.unseen(),
    )
  }

  #doubt(signal: AbortSignal): void {
    if (signal.aborted) return
    const received = this.holder.received()
    // What is known by other means comes first: that it was closed, for one.
    if (received === this.#received) return afterTask(() => signal.aborted || this.gone())
    if (++this.#rounds > ROUNDS) return this.unseen()
    this.#received = received
    this.holder.ping()
    this.#askLater()
  }
}

/** Calls `then` when nothing holds the lock. @returns rejects if the lock cannot be asked for, or `signal` aborts */
export async function whenFree(name: string, signal: AbortSignal, then: () => void): Promise<void> {
  // Together with all others: one that hangs would hold it, and keep it from those behind.
  await locks()?.request(name, { mode: 'shared', signal }, then)
}
