/** One start of a thread: what runs the logic and the connection to it, from its load to its end. */
import { Answerer } from './answerer.js'
import type { Refusal } from './asker.js'
import { Caller, type Front } from './caller.js'
import { Connection } from './connection.js'
import type { Endpoint } from './endpoint.js'
import { ThreadStartError } from './errors.js'
import { Heartbeat, type Pace } from './heartbeat.js'
import { VERSION, type StartInfo } from './protocol.js'
import { realm, type ServeInProcess } from './realm.js'
import { after, afterTask } from './task.js'
import { makeToken } from './token.js'
import type { Load } from './types.js'

/** What a run tells the thread. After its end it tells nothing any more. */
export interface RunEvents {
  ready(): void
  /** It did not become ready. */
  failed(cause: unknown): void
  /** What ran the logic is gone. */
  died(): void
  /** It has not answered for long, though it lives. */
  hung(): void
  /** It answers again. */
  recovered(): void
  /** Nothing in the thread has caught this. */
  uncaught(error: unknown): void
}

/** What `in-process.js` gives, where it is in the build. */
type Offer = { serveInProcess: ServeInProcess }

export class Run {
  readonly caller: Caller
  readonly #connection: Connection<Caller>
  #startTimer: ReturnType<typeof setTimeout> | undefined
  /** Ends what runs the logic. */
  #end = () => {}
  /** Ends the wait for the lock that the thread holds. */
  readonly #watch = new AbortController()
  #heartbeat: Heartbeat | undefined
  #started = false
  #ready = false
  #over = false

  /** Nothing runs yet; calls wait. */
  constructor(
    private readonly name: string,
    front: Front,
    private readonly on: RunEvents,
  ) {
    this.#connection = new Connection<Caller>({
      token: makeToken(),
      name,
      asks: (line) => new Caller(line, front),
      answers: (line, caller) => new Answerer(line, caller),
      onUncaught: (error) => on.uncaught(error),
      onLocked: (lock) => this.#watchLock(lock),
    })
    this.caller = this.#connection.asker
  }

  get stats() {
    return this.#connection.stats
  }

  /** Loads what runs the logic, and starts it there. */
  start(
    load: Load<unknown>,
    info: StartInfo,
    args: readonly unknown[],
    timeout: number,
    pace: Pace | false,
  ): void {
    if (this.#started || this.#over) return
    this.#started = true
    let loaded: unknown
    try {
      loaded = load({ name: this.name })
    } catch (cause) {
      return this.#fail(cause)
    }
    if (isEndpoint(loaded)) this.#runInWorker(loaded as Worker, pace)
    else this.#runInProcess(loaded)

    this.caller.start(info, args).then(
      () => this.#becomeReady(),
      (error: unknown) => this.#fail(error),
    )
    // Where this side was blocked, the answer may have come meanwhile: it is heard first.
    this.#startTimer = after(timeout, () => afterTask(() => afterTask(() => this.#giveUpStart(timeout))))
  }

  /** Something was asked that is to be answered. */
  awaits(): void {
    // How long a start may take is told by its own time.
    if (this.#ready) this.#heartbeat?.watch()
  }

  /**
   * Over for good: all that is pending fails before this returns.
   *
   * @param renew the thread starts anew: stores read their streams from its next run
   */
  end(refusal: Refusal, renew = false): void {
    if (this.#over) return
    this.#over = true
    clearTimeout(this.#startTimer)
    this.#heartbeat?.stop()
    this.#watch.abort()
    this.#end()
    this.caller.end(refusal, renew)
    this.#connection.close()
  }

  #runInWorker(worker: Worker, pace: Pace | false): void {
    this.#connect(worker)
    this.#end = () => worker.terminate()
    worker.addEventListener('error', (event) => {
      // Errors of a running thread come with their stack, by message; this one would be reported a second time.
      event.preventDefault()
      if (this.#over) return
      if (this.#ready) this.on.uncaught(new Error(event.message))
      else this.#fail(new Error(describeLoadError(event)))
    })
    const patient = {
      isAwaited: () => this.caller.isAwaited,
      received: () => this.stats.received,
      ping: () => this.#connection.ping(),
      hung: () => this.on.hung(),
      recovered: () => this.on.recovered(),
    }
    if (pace) this.#heartbeat = new Heartbeat(patient, pace)
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
      if (this.#over) return
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
    serve().catch((error: unknown) => this.#fail(error))
  }

  #connect(endpoint: Endpoint): void {
    const hear = (event: MessageEvent) => {
      const version = (event.data as { bgthread?: unknown } | null)?.bgthread
      if (version === undefined) return
      // Not for the connection, which would count it as a stranger's.
      event.stopImmediatePropagation()
      endpoint.removeEventListener('message', hear)
      if (version === VERSION) this.#connection.outbox.open()
      else this.#fail(new Error('page and worker hold different versions of bgthread: build them together'))
    }
    endpoint.addEventListener('message', hear)
    this.#connection.connect(endpoint)
  }

  #becomeReady(): void {
    if (this.#over) return
    clearTimeout(this.#startTimer)
    this.#ready = true
    this.on.ready()
    if (this.caller.isAwaited) this.awaits()
  }

  #giveUpStart(timeout: number): void {
    if (this.#ready) return
    this.#fail(
      new ThreadStartError(
        `thread '${this.name}' was not ready after ${timeout} ms: its module waits for something, its worker did not ` +
          "load, or it needs a longer 'startTimeout'",
        { code: 'START_TIMEOUT' },
      ),
    )
  }

  #fail(cause: unknown): void {
    if (!this.#over) this.on.failed(cause)
  }

  #watchLock(lock: string): void {
    const { signal } = this.#watch
    navigator.locks
      .request(lock, { signal }, () => {
        if (!this.#over) this.on.died()
      })
      .catch(() => {})
  }
}

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
