/** A thread as the page holds it: its runs one after another, and what it tells of them. */
import type { Refusal } from './asker.js'
import type { Caller, Front } from './caller.js'
import {
  ThreadClosedError,
  ThreadDiedError,
  ThreadError,
  ThreadHungError,
  ThreadStartError,
} from './errors.js'
import { checkSettings, timeoutOf, withDefaults } from './check-options.js'
import { Intensity } from './intensity.js'
import { CLIENT_LIMITS, LIMITS } from './limits.js'
import { Lines } from './lines.js'
import { localStream } from './local-stream.js'
import { explainMissing } from './missing-global.js'
import { isServer, TEST } from './place.js'
import { makeProxy } from './proxy.js'
import { CARRY, DROPPED, type ThreadLine } from './protocol.js'
import { DEVELOPMENT, report } from './report.js'
import { Run, type Source } from './run.js'
import { realm } from './realm.js'
import { describe } from './say.js'
import { Shelf } from './shelf.js'
import type { Snapshots } from './snapshot.js'
import { Start } from './start.js'
import { within } from './task.js'
import { isError } from './thrown.js'
import { makeToken } from './token.js'
import type { CloseOptions, Load, ThreadSettings, ThreadStats, ThreadStatus } from './types.js'

/** @param caller gives who asks the thread as it runs now */
export function makeFront(
  { linger, limits, callTimeout }: ThreadSettings,
  caller: () => Caller,
  isGuest = false,
): Front {
  const shelf = new Shelf()
  return {
    shelf,
    linger: linger ?? 1_000,
    limits: withDefaults(isGuest ? CLIENT_LIMITS : LIMITS, limits),
    callTimeout,
    caller,
  }
}

/** A thread's options as they come; whose logic is the one function that is loaded says so by `compute`. */
export type Settings = ThreadSettings & { args?: readonly unknown[]; host?: object; compute?: boolean }

/** What a thread counts from its first start on. */
const PASSED = ['snapshots', 'patches', 'sent', 'received', 'ignored'] as const

/** Milliseconds in which a thread is to hand over its state when it is replaced after an edit. */
const CARRY_TIMEOUT = 3_000

/** What a thread that is another's does not have of its own. */
export interface Guest {
  /** It has ended. @param isClosed by this side; else it has failed */
  left(isClosed: boolean): void
}

/** What {@link bgThread} returns, and a pool has several of. */
export class BackgroundThread {
  readonly name: string
  readonly proxy: object
  readonly status: Snapshots<ThreadStatus>
  readonly #source: Source
  #settings: Settings
  readonly #front: Front
  readonly #intensity: Intensity
  /** The page is kept, and not shown. */
  #away = false
  #identity: string | undefined
  #run: Run
  /** The run before, while it is ending in order. */
  #former: Run | undefined
  #epoch = 1
  #state: ThreadStatus['state'] = 'starting'
  /** Settles when the run is ready, or never will be. */
  #start = new Start()
  readonly #passed = { snapshots: 0, patches: 0, sent: 0, received: 0, ignored: 0 }
  #restarting: Promise<void> | undefined
  /** In development, until the new code runs: what it is to go on with. */
  declare private updating?: { state?: unknown } | undefined
  #closing: Promise<void> | undefined

  readonly #lines = new Lines(
    (line) => this.#run.lay(line),
    () => {
      const { error } = this.status.get() ?? {}
      const over = this.#state === 'closed' || this.#state === 'failed' ? this.#state : undefined
      return { epoch: this.#epoch, over, error: error as Error | undefined }
    },
  )

  readonly #sharedEvents = {
    deserted: () => this.#follow(),
    leave: () => this.#leave(),
    comeBack: () => this.#comeBack(),
  }

  /**
   * @param guest where the thread is another's
   * @param front what it shares with the other threads of its pool
   */
  constructor(
    load: Load<unknown>,
    settings: Settings,
    private readonly guest?: Guest,
    front?: Front,
  ) {
    const { fallback, trustedTypesPolicy, host, shared = false } = settings
    this.name = String(settings.name ?? 'bgthread')
    checkSettings(`thread '${this.name}'`, settings)
    this.#source = {
      load,
      fallback,
      trustedTypesPolicy,
      host,
      guest: guest !== undefined || shared,
      shared: shared ? realm.meet?.(this.name, load, this.#sharedEvents) : undefined,
    }
    this.#settings = settings
    this.#front = front ?? makeFront(settings, () => this.#run.caller, this.#source.guest)
    this.#intensity = new Intensity(
      settings.restart === false
        ? { max: 0, within: 0 }
        : withDefaults({ max: 3, within: 10_000 }, settings.restart),
    )
    this.status = localStream<ThreadStatus>()
    this.status.next({ state: 'starting', epoch: this.#epoch })
    this.proxy = makeProxy(
      this.name,
      (action, args, above) => {
        const call = this.#run.caller.call(action, args, above)
        this.#run.awaits()
        return call
      },
      this.#connector,
    )
    this.#run = this.#makeRun()
    if (!guest && isServer() && (settings.server ?? (TEST ? 'in-process' : 'inert')) === 'inert')
      this.#stayInert()
    else this.#startRun()
    const { asyncDispose } = Symbol as { asyncDispose?: symbol }
    if (asyncDispose) Object.defineProperty(this, asyncDispose, { value: () => this.close() })
    // Written here, so that a production build has nothing of it.
    if (DEVELOPMENT)
      realm.hot?.add(load, {
        isOver: () => this.#state === 'closed' || this.#closing !== undefined,
        hasFailed: () => this.#state === 'failed',
        ready: () => this.#start.promise,
        adopt: (settings) => {
          this.#settings = settings
          this.#source.host = settings.host
        },
        update: async (carry) => {
          await this.#restarting?.catch(() => {})
          if (this.#closing || this.#state === 'closed') return
          // A page cannot load its own modules anew one by one.
          if (this.#source.fellBack) return location.reload()
          const isReady = this.#state === 'ready'
          const replaced: Refusal = (action, outcome) =>
            new ThreadDiedError(
              this.#tell('was replaced after an edit', action, outcome),
              outcome,
              'RESTARTED',
            )
          this.#intensity.reset()
          const former = (this.#former = this.#replaceRun())
          const updating = (this.updating = (carry && this.updating) || {})
          former.caller.end(replaced, true)
          this.#front.shelf.retry()
          try {
            former.caller.carries = CARRY
            if (carry && isReady)
              updating.state = await within(CARRY_TIMEOUT, former.caller.save(), this.#unsaved(CARRY_TIMEOUT))
          } catch (error) {
            if (!this.#isOver()) this.#tellError(error, report)
          }
          former.end(replaced)
          this.#former = undefined
          if (this.#isOver()) return
          const source = this.#source
          if (source.shared) {
            source.shared.part()
            source.shared = realm.meet?.(this.name, load, this.#sharedEvents)
          }
          this.#startRun(updating.state)
        },
      })
  }

  /** For the pool it belongs to: what runs the logic now. */
  get run(): Run {
    return this.#run
  }

  get ready(): Promise<void> {
    return this.#start.promise
  }

  stats(): ThreadStats {
    const stats = { ...this.#run.stats, restarts: this.#epoch - 1 }
    for (const count of PASSED) stats[count] += this.#passed[count]
    return stats
  }

  restart(options?: CloseOptions): Promise<void> {
    const timeout = timeoutOf(`thread '${this.name}'`, options)
    if (this.#closing || this.#state === 'closed') return Promise.reject(this.#closed('restart', 'not-sent'))
    if (this.#settings.shared && !this.#source.fellBack && this.#state !== 'failed')
      return Promise.reject(this.#notMine())
    if (!this.#restarting) {
      this.#restarting = this.#restartInOrder(timeout).finally(() => (this.#restarting = undefined))
      // The status tells it, too.
      this.#restarting.catch(() => {})
    }
    return this.#restarting
  }

  close(options?: CloseOptions): Promise<void> {
    const timeout = timeoutOf(`thread '${this.name}'`, options)
    return (this.#closing ??= this.#closeInOrder(timeout))
  }

  terminate(): void {
    if (this.#isOver()) return this.guest?.left(true)
    this.#finish('closed', this.#closed)
  }

  /** What the proxy brings along where it is passed to another thread. */
  readonly #connector = (): ThreadLine => [this.connect(), (this.#identity ??= makeToken()), this.name]

  connect(): MessagePort {
    return this.#lines.open()
  }

  /** The one who has this thread tells how it ended. */
  endAs(state: 'closed' | 'failed', cause: unknown): void {
    if (this.#isOver()) return
    if (state === 'closed') return this.terminate()
    const error =
      cause instanceof Error
        ? cause
        : new ThreadDiedError(
            `thread '${this.name}' died with the page or thread that has started it`,
            'unknown',
          )
    this.#finish('failed', () => error, error)
  }

  #makeRun(): Run {
    const isNow = () => run === this.#run
    const run: Run = new Run(this.name, this.#front, {
      ready: () => this.#becomeReady(),
      failed: (cause, hangs) => this.#failToStart(cause, hangs),
      // Whoever made this thread does not hold it yet.
      fellBack: (reason) => queueMicrotask(() => this.#tellError(reason, console.warn)),
      died: () => (isNow() ? this.#die() : run.end(this.#died)),
      closes: () => isNow() && run.caller.refuse(this.#closed),
      refused: (error) => isNow() && this.endAs('failed', error),
      hung: () => isNow() && this.#hang(),
      recovered: () => isNow() && this.#setState('ready'),
      unwatched: () => isNow() && this.#setState(this.#state),
      uncaught: (error) => this.#tellError(error, report),
    })
    return run
  }

  /** @param state what the logic has saved before it was ended in order */
  #startRun(state?: unknown): void {
    const { args, buffer, startTimeout, heartbeat, limits, compute } = this.#settings
    const more = {
      ...(state !== undefined && { state }),
      ...(limits && { limits }),
      ...(compute && { compute }),
    }
    const pace = heartbeat !== false && withDefaults({ interval: 1_000, limit: 10 }, heartbeat)
    this.#run.start(
      this.#source,
      { name: this.name, epoch: this.#epoch, buffer: buffer ?? 65_536, ...more },
      args ?? [],
      startTimeout ?? 10_000,
      pace,
    )
    this.#lines.changed()
  }

  #stayInert(): void {
    const inert = (what: string) =>
      new ThreadError(
        'INERT',
        `thread '${this.name}' does not run on a server: ${what}. ` +
          "Call it in the browser, or give it the option server: 'in-process'",
      )
    this.#run.caller.refuse((action) => inert(`${action}() was not called`))
    this.#start.reject(inert('it is not started'))
    // There is nothing to wait for.
    this.#closing = Promise.resolve()
  }

  #becomeReady(): void {
    if (DEVELOPMENT) this.updating = undefined
    this.#intensity.reset()
    this.#setState('ready')
    this.#start.resolve()
    this.#front.shelf.retry()
  }

  #failToStart(cause: unknown, hangs: boolean): void {
    const message = isError(cause) ? cause.message : describe(cause)
    const why = DEVELOPMENT && isError(cause) ? explainMissing(cause) : ''
    const error =
      cause instanceof ThreadStartError
        ? cause
        : new ThreadStartError(`thread '${this.name}' could not start: ${message}${why}`, { cause })
    if (this.#source.shared && hangs) this.#source.shared.desert()
    if ((this.#epoch === 1 || (DEVELOPMENT && this.updating)) && !(this.#source.shared && hangs))
      this.#finish('failed', () => error, error)
    else this.#startAgain(() => error, error)
    // Nobody may be looking: then this is all that is seen of it.
    if (DEVELOPMENT && !TEST) console.error(error)
  }

  #die(): void {
    this.#startAgain(this.#died, new ThreadDiedError(`thread '${this.name}' died`, 'unknown'))
  }

  #hang(): void {
    this.#setState('unresponsive')
    if (this.#settings.onHang !== 'restart') return
    this.#source.shared?.desert()
    this.#leaveHung()
  }

  /** Another tab has found it hanging. */
  #follow(): void {
    if (this.#settings.onHang === 'restart' && !this.#isOver()) this.#leaveHung()
  }

  #leaveHung(): void {
    const hung: Refusal = (action, outcome) =>
      new ThreadHungError(this.#tell('hung', action, outcome), outcome)
    this.#startAgain(hung, new ThreadHungError(`thread '${this.name}' hung`, 'unknown'))
  }

  /** By itself, and so only so often. */
  #startAgain(refusal: Refusal, error: Error): void {
    if (this.#closing || !this.#intensity.allows()) return this.#finish('failed', refusal, error)
    this.#replaceRun(error).end(refusal, true)
    this.#startRun()
  }

  #notMine(): ThreadError {
    return new ThreadError(
      'SHARED',
      `thread '${this.name}' is shared with other tabs, which would lose its state: it is not restarted by one of ` +
        'them. Give the logic an action that resets it; restart() is for a shared thread that has failed',
    )
  }

  /** Out of the thread while the page is kept and not shown. */
  #leave(): void {
    if (this.#away || this.#closing || this.#isOver()) return
    this.#away = true
    const left: Refusal = (action, outcome) =>
      new ThreadDiedError(this.#tell('was left by its page, which is not shown,', action, outcome), outcome)
    this.#replaceRun().end(left, true, DROPPED)
  }

  #comeBack(): void {
    if (this.#away && !this.#isOver()) this.#startRun()
    this.#away = false
  }

  async #restartInOrder(timeout: number): Promise<void> {
    this.#intensity.reset()
    const running = this.#state === 'ready'
    const restarted: Refusal = (action, outcome) =>
      new ThreadDiedError(this.#tell('was restarted', action, outcome), outcome, 'RESTARTED')
    const former = (this.#former = this.#replaceRun())
    former.caller.end(restarted, true)
    this.#front.shelf.retry()
    let state: unknown
    try {
      if (running) state = await within(timeout, former.caller.save(), this.#unsaved(timeout))
    } catch (error) {
      if (!this.#isOver()) this.#tellError(error, report)
    }
    former.end(restarted)
    this.#former = undefined
    if (!this.#isOver()) this.#startRun(state)
    return this.#start.promise
  }

  #unsaved(timeout: number): ThreadError {
    return new ThreadError(
      'SAVE_TIMEOUT',
      `thread '${this.name}' starts again without its state: saveState() and onStop() were not done after ` +
        `${timeout} ms; if they need longer, call restart({ timeout })`,
    )
  }

  /** From here on calls and streams go to a run that is yet to start. @returns the one that ends */
  #replaceRun(error?: Error): Run {
    const former = this.#run
    for (const count of PASSED) this.#passed[count] += former.stats[count]
    this.#epoch++
    this.#run = this.#makeRun()
    if (this.#start.settled) this.#start = new Start()
    this.#setState('restarting', error)
    return former
  }

  async #closeInOrder(timeout: number): Promise<void> {
    if (this.#isOver()) return this.terminate()
    const { caller } = this.#run
    caller.refuse(this.#closed)
    try {
      await within(timeout, caller.close())
    } catch (error) {
      // Terminated meanwhile: that is an end, too. What `onStop` threw is for the one who closes.
      if (!this.#isOver()) throw error
    } finally {
      this.terminate()
    }
  }

  readonly #closed: Refusal = (action, outcome) =>
    new ThreadClosedError(this.#tell('was closed', action, outcome))

  readonly #died: Refusal = (action, outcome) =>
    new ThreadDiedError(this.#tell('died', action, outcome), outcome)

  /** @param how it ended */
  #tell(how: string, action: string, outcome: 'not-sent' | 'unknown'): string {
    const what = outcome === 'unknown' ? `before ${action}() was done` : `and ${action}() was not sent`
    return `thread '${this.name}' ${how} ${what}`
  }

  /** Over: everything that is pending fails before this returns. */
  #finish(state: 'failed' | 'closed', refusal: Refusal, error?: Error): void {
    const runs = [this.#former, this.#run]
    const start = this.#start
    // Whoever hears of it may restart the thread at once.
    this.#setState(state, error)
    this.#lines.changed()
    this.guest?.left(state === 'closed')
    this.#source.shared?.part()
    for (const run of runs) run?.end(refusal)
    start.reject(error ?? new ThreadClosedError(`thread '${this.name}' was closed before it was ready`))
  }

  #isOver(): boolean {
    return this.#state === 'failed' || this.#state === 'closed'
  }

  #setState(state: ThreadStatus['state'], error?: Error): void {
    this.#state = state
    const { locks } = this.#run
    this.status.next({
      state,
      epoch: this.#epoch,
      ...(error && { error }),
      ...(locks === false && { locks }),
    })
  }

  /** @param otherwise where nobody has asked to be told */
  #tellError(error: unknown, otherwise: (error: unknown) => void): void {
    try {
      ;(this.#settings.onError ?? otherwise)(error)
    } catch (failure) {
      report(failure)
    }
  }
}
