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

/** What a thread is loaded with, start after start. */
export interface Source {
  load: Load<unknown>
  /** Takes the place of `load`, once, where its worker cannot be loaded. Not any more when one has said hello. */
  fallback: Load<unknown> | undefined
  readonly trustedTypesPolicy: string | undefined
}

/** What a run tells the thread. After its end it tells nothing any more. */
export interface RunEvents {
  ready(): void
  /** It did not become ready. */
  failed(cause: unknown): void
  /** The worker could not be loaded, for this reason, and the fallback is. */
  fellBack(reason: ThreadStartError): void
  /** What ran the logic is gone. */
  died(): void
  /** It has not answered for long, though it lives. */
  hung(): void
  /** It answers again. */
  recovered(): void
  /** Nothing in the thread has caught this. */
  uncaught(error: unknown): void
}

/** The time that a start may take passes in so many parts. */
const START_PARTS = 10

/** What `in-process.js` gives, where it is in the build. */
type Offer = { serveInProcess: ServeInProcess }

export class Run {
  readonly caller: Caller
  readonly #connection: Connection<Caller>
  #startTimer: ReturnType<typeof setTimeout> | undefined
  /** What runs the logic. */
  #endpoint: Endpoint | undefined
  /** Ends what runs the logic. */
  #end = () => {}
  /** What the thread holds as long as it lives. */
  #lock: string | undefined
  /** Ends the wait for that. */
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
    source: Source,
    info: StartInfo,
    args: readonly unknown[],
    timeout: number,
    pace: Pace | false,
  ): void {
    if (this.#started || this.#over) return
    this.#started = true
    this.#load(source, pace)
    if (this.#over) return
    this.caller.start(info, args).then(
      () => this.#becomeReady(),
      (error: unknown) => this.#fail(error),
    )
    this.#timeStart(timeout)
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

  #load(source: Source, pace: Pace | false): void {
    const { load, trustedTypesPolicy } = source
    let loaded: unknown
    try {
      loaded = load({ name: this.name, trustedTypesPolicy })
    } catch (cause) {
      return this.#failToLoad(source, pace, describeRefusal(cause, trustedTypesPolicy), { cause })
    }
    if (isEndpoint(loaded)) this.#runInWorker(loaded as Worker, source, pace)
    else this.#runInProcess(loaded, source)
  }

  /** The fallback has its turn, where there is one. Nothing was sent yet: all that waits goes there. */
  #failToLoad(source: Source, pace: Pace | false, problem: string, options?: ErrorOptions): void {
    const because = (what: string) =>
      new ThreadStartError(`thread '${this.name}' ${what}: ${problem}`, options)
    const { fallback } = source
    if (!fallback) return this.#fail(because('could not start'))
    source.load = fallback
    source.fallback = undefined
    this.#end()
    this.#heartbeat = undefined
    this.on.fellBack(because('runs its fallback, because its worker could not be loaded'))
    this.#load(source, pace)
  }

  #runInWorker(worker: Worker, source: Source, pace: Pace | false): void {
    this.#connect(worker, source)
    this.#end = () => worker.terminate()
    worker.addEventListener('error', (event) => {
      // Errors of a running thread come with their stack, by message; this one would be reported a second time.
      event.preventDefault()
      // A worker that was given up may fail again.
      if (this.#over || worker !== this.#endpoint) return
      if (this.#ready) this.on.uncaught(new Error(event.message))
      // With a message, the script was loaded, and its own code threw.
      else if (!event.message && this.#connection.outbox.waiting)
        this.#failToLoad(source, pace, describeLoadError(event))
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

  #runInProcess(loaded: unknown, source: Source): void {
    const { port1, port2 } = new MessageChannel()
    port1.start()
    this.#connect(port1, source)
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

  #connect(endpoint: Endpoint, source: Source): void {
    this.#endpoint = endpoint
    const hear = (event: MessageEvent) => {
      const version = (event.data as { bgthread?: unknown } | null)?.bgthread
      if (version === undefined) return
      // Not for the connection, which would count it as a stranger's.
      event.stopImmediatePropagation()
      endpoint.removeEventListener('message', hear)
      source.fallback = undefined
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

  /** In parts, of which one passes while this side is blocked: a worker needs its page to be loaded. */
  #timeStart(timeout: number, parts = START_PARTS): void {
    this.#startTimer = after(timeout / START_PARTS, () => {
      if (parts > 1) this.#timeStart(timeout, parts - 1)
      // The answer may have come meanwhile: it is heard first.
      else afterTask(() => afterTask(() => this.#giveUpStart(timeout)))
    })
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

  /** One that is free means death: it is told once, and nothing that is told later is believed. */
  #watchLock(lock: string): void {
    if (this.#lock !== undefined) return
    this.#lock = lock
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

/** What the browser's words for a worker that may not be made do not say. */
function describeRefusal(cause: unknown, policy = 'bgthread'): string {
  if (!(cause instanceof Error)) return String(cause)
  const { name, message } = cause
  if (name === 'SecurityError') return `${message}. ${describeLoadError({})}`
  // Said by Chromium and WebKit, and by Firefox.
  if (name !== 'TypeError' || !/trusted|sink type/i.test(message)) return message
  return (
    `${message}. Where Trusted Types are required, this takes the option trustedTypesPolicy: '${policy}' and ` +
    `\`trusted-types ${policy}\` in the Content Security Policy`
  )
}
