/**
 * Where the tabs of a shared thread meet. Nothing can end a shared worker that hangs, and its name leads every new tab
 * into it: so the tabs leave it, and meet in the next generation, a worker of another name.
 *
 * Each tab holds the lock of the generation that it is in, together with the others; whoever gives a generation up steals
 * that lock, and so the others hear of it.
 */
import { locks } from './lock.js'

export class Meeting {
  #generation = 0
  #stay = new AbortController()
  readonly #locks: string

  /**
   * @param script what tells this thread from others of the same name, as from those of the next deployment
   * @param deserted another tab has given up the generation that this one is in
   */
  constructor(
    private readonly name: string,
    script: string,
    private readonly deserted: () => void,
  ) {
    this.#locks = `bgthread ${script} ${name}~`
  }

  /** Joins the newest generation. @returns the name of its worker */
  async enter(): Promise<string> {
    const former = this.#stay
    const { signal } = (this.#stay = new AbortController())
    const manager = locks()
    // Opaque origins have no locks, and no other tabs to meet.
    if (manager) await this.#join(manager, signal).catch(() => {})
    // Only now: a generation that nobody is in is forgotten.
    former.abort()
    return this.#generation ? `${this.name}~${this.#generation}` : this.name
  }

  /** Leaves for good, or until it enters again. */
  part(): void {
    this.#stay.abort()
  }

  /** Gives this generation up, for all tabs: it hangs. */
  desert(): void {
    this.part()
    const lock = this.#locks + this.#generation++
    locks()
      ?.request(lock, { steal: true }, () => {})
      .catch(() => {})
  }

  async #join(manager: LockManager, signal: AbortSignal): Promise<void> {
    let held = -1
    let newest = await this.#newest(manager)
    // Looked at again when it is held: another tab may have begun a newer one meanwhile.
    while (newest !== held && !signal.aborted) {
      await this.#hold(manager, (held = newest), signal)
      newest = await this.#newest(manager)
    }
  }

  async #newest(manager: LockManager): Promise<number> {
    const { held = [] } = await manager.query()
    for (const { name = '' } of held)
      if (name.startsWith(this.#locks))
        this.#generation = Math.max(this.#generation, Number(name.slice(this.#locks.length)))
    return this.#generation
  }

  #hold(manager: LockManager, generation: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const hold = () => {
        resolve()
        return new Promise<void>((parted) => signal.addEventListener('abort', () => parted()))
      }
      manager.request(this.#locks + generation, { mode: 'shared', signal }, hold).catch(() => {
        resolve()
        if (signal.aborted || generation < this.#generation) return
        this.#generation++
        this.deserted()
      })
    })
  }
}

/** Tells what names the script of a shared thread: the plugin's loads know it. */
export const scriptOf = (load: object): string => (load as { script?: string }).script ?? ''

/**
 * A page that the browser keeps while another is shown must not get messages from a worker that others have, too, or it
 * is not kept: it leaves, and comes back when it is shown again.
 *
 * @returns ends this
 */
export function followPage(leave: () => void, comeBack: () => void): () => void {
  const end = new AbortController()
  const { signal } = end
  const isKept = (event: Event) => (event as PageTransitionEvent).persisted
  addEventListener('pagehide', (event) => isKept(event) && leave(), { signal })
  addEventListener('pageshow', (event) => isKept(event) && comeBack(), { signal })
  return () => end.abort()
}
