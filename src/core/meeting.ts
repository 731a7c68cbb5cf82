/**
 * Where the tabs of a shared thread meet. Nothing can end a shared worker that hangs, and its name leads every new tab
 * into it: so the tabs leave it, and meet in the next generation, a worker of another name.
 *
 * Each tab holds the lock of the generation that it is in, together with the others. A tab that gives a generation up
 * takes the lock of the next, and then steals the former: so the others notice.
 *
 * Which generations tabs are in, a query of the locks tells. In Chromium a query puts every page of the origin that holds a
 * lock out of the back-forward cache. So there is one lock more, held as long as a tab is in any generation but the first,
 * and there is a query only if that is held.
 */
import { Candidate, ElectedWorker } from './elected.js'
import { locks } from './lock.js'
import type { Shared, SharedEvents } from './realm.js'
import type { Load } from './types.js'

type LoadOptions = Parameters<Load<unknown>>[0]

export class Meeting implements Shared {
  #generation = 0
  #stay = new AbortController()
  #present = false
  /** Has left, as far as it knew for good: it does not tell others where to go when it comes back. */
  #parted = false
  /** Its page may have to start the worker, or has. */
  #candidate: Candidate | undefined
  /** What this page reaches the worker by, where one is elected. */
  #elected: ElectedWorker | undefined
  #unfollowPage: (() => void) | undefined
  readonly #locks: string
  /** The lock that is held where a generation was given up. */
  get #moved(): string {
    return `${this.#locks}moved`
  }

  constructor(
    private readonly name: string,
    load: Load<unknown>,
    private readonly events: SharedEvents,
  ) {
    this.#locks = `bgthread ${scriptOf(load) ?? ''} ${name}~`
  }

  async enter(load: Load<unknown>): Promise<Load<unknown>> {
    this.#present = true
    if (globalThis.document) this.#unfollowPage ??= this.#followPage()
    const former = this.#stay
    const { signal } = (this.#stay = new AbortController())
    const manager = locks()
    // Opaque origins have no locks, and no other tabs to meet.
    if (manager) await this.#join(manager, signal).catch(() => {})
    // Only now: a generation that nobody is in is forgotten.
    former.abort()
    const name = this.#generation ? `${this.name}~${this.#generation}` : this.name
    const isElected = manager && scriptOf(load) && globalThis.document && !globalThis.SharedWorker
    return (options) => (isElected ? this.#elect({ ...options, name }, load) : load({ ...options, name }))
  }

  part(): void {
    this.#parted = true
    this.#leave()
  }

  #leave(): void {
    this.#present = false
    this.#candidate?.withdraw()
    this.#rest()
  }

  desert(): void {
    const { signal } = this.#stay
    const lock = this.#locks + this.#generation++
    this.#candidate?.end()
    this.#leave()
    const manager = locks()
    if (!manager) return
    const steal = () => manager.request(lock, { steal: true }, () => {})
    this.#hold(manager, this.#generation, signal)
      .then(steal)
      .catch(() => {})
  }

  /** Not as long as others use the worker of this page: they would not hear any more that it is given up. */
  #rest(): void {
    if (this.#present || this.#candidate?.elected) return
    // A worker that hangs runs as long as this page is there, and nobody who comes is to meet it.
    if (this.#generation === 0) this.#stay.abort()
    this.#unfollowPage?.()
    this.#unfollowPage = undefined
  }

  /** @returns what stands for the shared worker that there is not */
  #elect(options: LoadOptions, load: Load<unknown>): SharedWorker {
    const hall = `bgthread-hall ${this.#locks}${this.#generation}`
    const elected = (this.#elected = new ElectedWorker(hall))
    // One of a generation that was left while it was not looking: it holds no lock that could be stolen.
    if (this.#candidate?.hall !== hall) this.#candidate?.end()
    if (this.#candidate?.isOver ?? true)
      this.#candidate = new Candidate(
        hall,
        () => load({ ...options, dedicated: true }) as Worker,
        (failure) => this.#elected?.dispatchEvent(new ErrorEvent('error', { ...failure, cancelable: true })),
        () => this.#rest(),
      )
    return elected as unknown as SharedWorker
  }

  /** A page that the browser keeps while another is shown must not get messages from a worker that others have, too. */
  #followPage(): () => void {
    const end = new AbortController()
    const { signal } = end
    let kept = false
    const leave = () => {
      this.#candidate?.end()
      this.events.leave()
    }
    const follow = (event: Event, isKept: boolean, then: () => void) => {
      if (!(event as PageTransitionEvent).persisted) return
      kept = isKept
      then()
    }
    addEventListener('pagehide', (event) => follow(event, true, leave), { signal })
    addEventListener('pageshow', (event) => follow(event, false, () => this.events.comeBack()), { signal })
    // A worker stops with its page, and those who share it would wait for it.
    const freeze = () => (this.#candidate?.elected ? leave() : this.#candidate?.withdraw())
    document.addEventListener('freeze', freeze, { signal })
    // In a page that is kept no channel speaks yet.
    document.addEventListener('resume', () => kept || this.events.comeBack(), { signal })
    return () => end.abort()
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

  /** The generations that tabs are in. */
  async #held(manager: LockManager): Promise<number[]> {
    const isFirst = await manager.request(
      this.#moved,
      { mode: 'shared', ifAvailable: true },
      (lock) => lock !== null,
    )
    if (isFirst) return []
    const { held = [] } = await manager.query()
    const here = held.map(({ name = '' }) =>
      name.startsWith(this.#locks) ? name.slice(this.#locks.length) : '',
    )
    // Another thread's name may begin like this one's.
    return here.filter((generation) => /^\d{1,9}$/.test(generation)).map(Number)
  }

  async #newest(manager: LockManager): Promise<number> {
    const generations = await this.#held(manager)
    const least = this.#parted && generations.length > 0 ? 0 : this.#generation
    this.#parted = false
    return (this.#generation = Math.max(least, ...generations))
  }

  #hold(manager: LockManager, generation: number, signal: AbortSignal): Promise<void> {
    const parted = () => new Promise<void>((parted) => signal.addEventListener('abort', () => parted()))
    const holdMoved = (): unknown =>
      manager
        .request(this.#moved, { signal }, parted)
        .catch((error: Error) => signal.aborted || (error.name === 'AbortError' && holdMoved()))
    if (generation > 0) holdMoved()
    return new Promise((resolve) => {
      const hold = () => {
        resolve()
        return parted()
      }
      manager.request(this.#locks + generation, { mode: 'shared', signal }, hold).catch(() => {
        resolve()
        return this.#look(manager, generation, signal)
      })
    })
  }

  /** The lock of its generation was stolen: by a tab that has given the generation up, or by another script. */
  async #look(manager: LockManager, generation: number, signal: AbortSignal): Promise<void> {
    const isOver = () => signal.aborted || generation < this.#generation
    if (isOver()) return
    const newest = Math.max(...(await this.#held(manager).catch(() => [])))
    if (isOver()) return
    if (newest <= generation) return this.#hold(manager, generation, signal)
    this.#generation = newest
    this.#candidate?.end()
    this.events.deserted()
  }
}

/** What tells the script from that of another deployment: the plugin's loads know it, and can make a worker for one page. */
const scriptOf = (load: Load<unknown> & { script?: string }) => load.script
