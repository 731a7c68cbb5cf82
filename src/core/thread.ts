/** A thread as the page holds it: start, ready, close. */
import { Answerer } from './answerer.js'
import type { Refusal } from './asker.js'
import { Caller } from './caller.js'
import { isClass } from './class.js'
import { Connection } from './connection.js'
import type { Endpoint } from './endpoint.js'
import { ThreadClosedError, ThreadDiedError, ThreadError, ThreadStartError } from './errors.js'
import { iterate } from './iterator.js'
import { isServer, TEST } from './place.js'
import { VERSION } from './protocol.js'
import { makeProxy } from './proxy.js'
import { realm, type ServeInProcess } from './realm.js'
import { DEVELOPMENT, report } from './report.js'
import { Snapshots } from './snapshot.js'
import { after, afterTask } from './task.js'
import { makeToken } from './token.js'
import type {
  CloseOptions,
  Load,
  LogicOf,
  Thread,
  ThreadRest,
  ThreadSettings,
  ThreadStats,
  ThreadStatus,
} from './types.js'

/**
 * Starts a thread that runs a logic, and returns the connection to it.
 *
 * In a browser it starts at once, on a server it stays inert. Calls may be made at once; they wait until the thread
 * is ready, and reject with a `ThreadStartError` where it could not be started. Without the Vite plugin, as in a unit
 * test, the logic runs in the same thread, behind the same asynchronous, cloning interface.
 *
 * @param load `() => import('./logic')`, `() => import('./logic').then((m) => m.Logic)`, or
 * `() => new LogicWorker()` with Vite's `?worker&inline` import of an entry that calls `expose`
 * @param optionsWithArgs the options: `name`, `args`, `startTimeout`, `onError`, `server`, `linger`, `buffer`
 * @example
 * export const thread = bgThread(() => import('./todo-app'), { name: 'todos', args: ['ada'] })
 * export const { proxy } = thread
 */
export function bgThread<M = never>(load: Load<M>, ...optionsWithArgs: ThreadRest<M>): Thread<LogicOf<M>> {
  return new BackgroundThread(load as Load<unknown>, optionsWithArgs[0] ?? {}) as unknown as Thread<
    LogicOf<M>
  >
}

/** What `in-process.js` gives, where it is in the build. */
type Offer = { serveInProcess: ServeInProcess }

type Settings = ThreadSettings & { args?: readonly unknown[] }

class BackgroundThread {
  readonly name: string
  readonly proxy: object
  readonly ready: Promise<void>
  readonly status: Snapshots<ThreadStatus>
  readonly #settings: Settings
  readonly #epoch = 1
  #connection!: Connection<Caller>
  #state: ThreadStatus['state'] = 'starting'
  #setReady!: () => void
  #setFailed!: (error: Error) => void
  #startTimer: ReturnType<typeof setTimeout> | undefined
  /** Ends what runs the logic. */
  #end = () => {}
  /** Ends the wait for the lock that the thread holds. */
  readonly #watch = new AbortController()
  #closing: Promise<void> | undefined

  constructor(load: Load<unknown>, settings: Settings) {
    if (typeof load !== 'function' || isClass(load))
      throw new TypeError("bgThread(load): load must be a function, as in bgThread(() => import('./logic'))")
    this.#settings = settings
    this.name = settings.name ?? 'bgthread'
    this.ready = new Promise((resolve, reject) => {
      this.#setReady = resolve
      this.#setFailed = reject
    })
    this.ready.catch(() => {})
    this.status = localStream<ThreadStatus>()
    this.status.next({ state: 'starting', epoch: this.#epoch })

    if (isServer() && (settings.server ?? (TEST ? 'in-process' : 'inert')) === 'inert') this.#stayInert()
    else this.#start(load)
    this.proxy = makeProxy(this.#connection.asker)
    const { asyncDispose } = Symbol as { asyncDispose?: symbol }
    if (asyncDispose) Object.defineProperty(this, asyncDispose, { value: () => this.close() })
  }

  stats(): ThreadStats {
    return this.#connection.stats
  }

  close({ timeout = 5_000 }: CloseOptions = {}): Promise<void> {
    return (this.#closing ??= this.#closeInOrder(timeout))
  }

  terminate(): void {
    if (this.#isOver()) return
    this.#finish('closed', this.#closed)
  }

  #start(load: Load<unknown>): void {
    let loaded: unknown
    try {
      loaded = load({ name: this.name })
    } catch (cause) {
      this.#connect(NOWHERE)
      return this.#failToStart(cause)
    }
    if (isEndpoint(loaded)) this.#runInWorker(loaded as Worker)
    else this.#runInProcess(loaded)

    const { args = [], buffer = 65_536, startTimeout = 10_000 } = this.#settings
    const info = { name: this.name, epoch: this.#epoch, buffer }
    this.#connection.asker.start(info, args).then(
      () => this.#becomeReady(),
      (error: unknown) => this.#failToStart(error),
    )
    // Where this side was blocked, the answer may have come meanwhile: it is heard first.
    this.#startTimer = after(startTimeout, () =>
      afterTask(() => afterTask(() => this.#giveUpStart(startTimeout))),
    )
  }

  #runInWorker(worker: Worker): void {
    this.#connect(worker)
    this.#end = () => worker.terminate()
    worker.addEventListener('error', (event) => {
      // Errors of a running thread come with their stack, by message; this one would be reported a second time.
      event.preventDefault()
      if (this.#state !== 'starting') this.#onUncaught(new Error(event.message))
      else this.#failToStart(new Error(describeLoadError(event)))
    })
  }

  #runInProcess(loaded: unknown): void {
    const { port1, port2 } = new MessageChannel()
    port1.start()
    this.#connect(port1)
    this.#end = () => port1.close()
    const logic = Promise.resolve(loaded)
    const serve = async () => {
      // Code that only such pages need; the plugin takes this import out of a build.
      const load = async () => ((await import('./in-process.js')) as Offer | undefined)?.serveInProcess
      const serveInProcess = realm.serveInProcess ?? (await load())
      if (this.#isOver()) return
      if (!serveInProcess)
        throw new Error(
          "this build has no code to run a logic on the page's thread; write the load in place, as in bgThread(() => import('./logic'))",
        )
      const endServing = serveInProcess(port2, logic, this.name)
      this.#end = () => {
        endServing()
        port1.close()
      }
    }
    // What the load throws is told by the logic's start.
    logic.catch(() => {})
    serve().catch((error: unknown) => this.#failToStart(error))
  }

  #connect(endpoint: Endpoint): void {
    const hear = (event: MessageEvent) => {
      const version = (event.data as { bgthread?: unknown } | null)?.bgthread
      if (version === undefined) return
      // Not for the connection, which would count it as a stranger's.
      event.stopImmediatePropagation()
      endpoint.removeEventListener('message', hear)
      if (version === VERSION) this.#connection.outbox.open()
      else
        this.#failToStart(
          new Error('page and worker hold different versions of bgthread: build them together'),
        )
    }
    endpoint.addEventListener('message', hear)
    this.#connection = new Connection(endpoint, {
      token: makeToken(),
      name: this.name,
      asks: (line) => new Caller(line, this.#settings.linger ?? 1_000),
      answers: (line, caller) => new Answerer(line, caller),
      onUncaught: (error) => this.#onUncaught(error),
      onLocked: (lock) => this.#watchLock(lock),
    })
  }

  #stayInert(): void {
    this.#connect(NOWHERE)
    const inert = (what: string) =>
      new ThreadError(
        'INERT',
        `thread '${this.name}' does not run on a server: ${what}. ` +
          "To run it there, give bgThread the option server: 'in-process'",
      )
    this.#connection.asker.refuse((action) => inert(`${action}() was not called`))
    this.#setFailed(inert('it is not started'))
    // There is nothing to wait for.
    this.#closing = Promise.resolve()
  }

  #becomeReady(): void {
    clearTimeout(this.#startTimer)
    this.#setState('ready')
    this.#setReady()
  }

  #giveUpStart(timeout: number): void {
    if (this.#state !== 'starting') return
    this.#failToStart(
      new ThreadStartError(
        `thread '${this.name}' was not ready after ${timeout} ms: its module waits for something, its worker did not ` +
          "load, or it needs a longer 'startTimeout'",
        { code: 'START_TIMEOUT' },
      ),
    )
  }

  #failToStart(cause: unknown): void {
    if (this.#isOver()) return
    const message = cause instanceof Error ? cause.message : String(cause)
    const error =
      cause instanceof ThreadStartError
        ? cause
        : new ThreadStartError(`thread '${this.name}' could not start: ${message}`, { cause })
    this.#finish('failed', () => error, error)
    // Nobody may be looking: then this is all that is seen of it.
    if (DEVELOPMENT && !TEST) console.error(error)
  }

  #watchLock(lock: string): void {
    const { signal } = this.#watch
    navigator.locks
      .request(lock, { signal }, () => {
        const died: Refusal = (action, outcome) =>
          new ThreadDiedError(this.#tell('died', action, outcome), outcome)
        if (!this.#isOver())
          this.#finish('failed', died, new ThreadDiedError(`thread '${this.name}' died`, 'unknown'))
      })
      .catch(() => {})
  }

  async #closeInOrder(timeout: number): Promise<void> {
    if (this.#isOver()) return
    const { asker } = this.#connection
    asker.refuse(this.#closed)
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<void>((resolve) => (timer = after(timeout, resolve)))
    try {
      await Promise.race([asker.close(), late])
    } catch (error) {
      // Terminated meanwhile: that is an end, too. What `onStop` threw is for the one who closes.
      if (!this.#isOver()) throw error
    } finally {
      clearTimeout(timer)
      this.terminate()
    }
  }

  readonly #closed: Refusal = (action, outcome) =>
    new ThreadClosedError(this.#tell('was closed', action, outcome))

  /** @param how it ended */
  #tell(how: string, action: string, outcome: 'not-sent' | 'unknown'): string {
    const what = outcome === 'unknown' ? `before ${action}() was done` : `and ${action}() was not sent`
    return `thread '${this.name}' ${how} ${what}`
  }

  /** Over for good: everything that is pending fails before this returns. */
  #finish(state: 'failed' | 'closed', refusal: Refusal, error?: Error): void {
    clearTimeout(this.#startTimer)
    this.#watch.abort()
    this.#end()
    this.#setState(state, error)
    this.#setFailed(error ?? new ThreadClosedError(`thread '${this.name}' was closed before it was ready`))
    this.#connection.asker.end(refusal)
    this.#connection.close()
  }

  #isOver(): boolean {
    return this.#state === 'failed' || this.#state === 'closed'
  }

  #setState(state: ThreadStatus['state'], error?: Error): void {
    this.#state = state
    this.status.next({ state, epoch: this.#epoch, ...(error && { error }) })
  }

  #onUncaught(error: unknown): void {
    try {
      ;(this.#settings.onError ?? report)(error)
    } catch (failure) {
      report(failure)
    }
  }
}

/** Where there is no thread to speak to. */
const NOWHERE: Endpoint = { postMessage() {}, addEventListener() {}, removeEventListener() {} }

/** A worker, and not the promise of a module. */
function isEndpoint(loaded: unknown): loaded is Endpoint {
  return typeof (loaded as Endpoint | undefined)?.postMessage === 'function'
}

function describeLoadError({ message, filename, lineno }: Partial<ErrorEvent>): string {
  if (message) return `${message}${filename ? ` (${filename}:${lineno})` : ''}`
  return (
    'its script did not load. Look for a syntax error or a failing import in the logic, a Content Security Policy ' +
    "without `worker-src blob:` (`'self'` with the plugin's option inline: false), a 404, or a wrong MIME type"
  )
}

/** A stream of this side's own: snapshots are put in by hand. */
function localStream<U>(): Snapshots<U> {
  const stream: Snapshots<U> = new Snapshots<U>({
    linger: 0,
    open: () => () => {},
    iterate: () =>
      iterate<U>({
        open: (sink) => ({ grant() {}, close: stream.subscribe(sink) }),
      }),
  })
  // Read as long as it lives: what it has is the newest there is.
  stream.subscribe({})
  return stream
}
