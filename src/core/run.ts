/** One start of a thread: what runs the logic and the connection to it, from its load to its end. */
import { Answerer } from './answerer.js'
import type { Refusal } from './asker.js'
import { Caller, type Front } from './caller.js'
import { Connection } from './connection.js'
import type { Endpoint } from './endpoint.js'
import { ThreadStartError } from './errors.js'
import { Heartbeat, type Pace } from './heartbeat.js'
import {
  describeLoadError,
  describeRefusal,
  isEndpoint,
  isShared,
  isWorkerOfOwn,
  watchPolicy,
} from './load.js'
import { LockWatch, ownLock, whenFree } from './lock.js'
import {
  CLOSED,
  DROPPED,
  END,
  CONNECT,
  LOCKED,
  RAW,
  VERSION,
  type Hello,
  type StartInfo,
} from './protocol.js'
import { loadServe } from './load-serve.js'
import type { Shared } from './realm.js'
import { after, afterTask } from './task.js'
import { isToken, makeToken } from './token.js'
import type { Load } from './types.js'

/** What a thread is loaded with, start after start. */
export interface Source {
  load: Load<unknown>
  /** Takes the place of `load`, once, where its worker cannot be loaded. Not any more when one has said hello. */
  fallback: Load<unknown> | undefined
  /** It has. */
  fellBack?: true
  readonly trustedTypesPolicy: string | undefined
  /** The services that this side offers to the thread. */
  host: object | undefined
  /** The thread is another's, who may go on with it when this side has ended. */
  readonly guest: boolean
  /** Its part in a thread that several tabs share. */
  shared: Shared | undefined
}

/** What a run tells the thread. After its end it tells nothing any more. */
export interface RunEvents {
  ready(): void
  /** It did not become ready. @param hangs it does not answer at all */
  failed(cause: unknown, hangs: boolean): void
  /** The worker could not be loaded, for this reason, and the fallback is. */
  fellBack(reason: ThreadStartError): void
  /** What ran the logic is gone. */
  died(): void
  /** The thread takes no new calls. */
  closes(): void
  /** The thread does not want this client. */
  refused(error: unknown): void
  /** It has not answered for long, though it lives. */
  hung(): void
  /** It answers again. */
  recovered(): void
  /** Its death will look like a hang, other than it seemed. */
  unwatched(): void
  /** Nothing in the thread has caught this. */
  uncaught(error: unknown): void
}

const HOW_TO_SHARE =
  "write the option in place, where the build sees it: bgThread(() => import('./logic'), { shared: true }). Without " +
  "the plugin, import 'bgthread/shared', too"

/** The time that a start may take passes in so many parts. */
const START_PARTS = 10

export class Run {
  readonly caller: Caller
  /** Ends the services that this side offers to the thread. */
  #endHost = () => {}
  readonly #connection: Connection<Caller>
  #startTimer: ReturnType<typeof setTimeout> | undefined
  /** What runs the logic. */
  #endpoint: Endpoint | undefined
  /** Ends what runs the logic. */
  #end = () => {}
  /** Aborts when this run ends. */
  readonly #life = new AbortController()
  /** Notices the end of what runs the logic. */
  readonly #watch: LockWatch
  /** What the page's Content Security Policy has blocked since the load. */
  #violation = (): SecurityPolicyViolationEvent | undefined => undefined
  #heartbeat: Heartbeat | undefined
  #guest = false
  /** Connects to a shared worker once more, where it has not said hello. */
  #again = () => {}
  /** Others have the worker, too. */
  #shares = false
  #first: 'heard' | 'said' | undefined
  #started = false
  #ready = false
  #over = false
  /** False where the worker is ready and holds no lock: its death will look like a hang. */
  locks: boolean | undefined

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
      onLocked: (lock) => this.#follow(lock),
      onEnd: (how, error) => {
        // Whoever has a thread ends it himself.
        if (!this.#guest) return
        if (how === CLOSED) on.closes()
        else if (how === DROPPED) this.#die()
        else on.refused(error)
      },
    })
    this.caller = this.#connection.asker
    this.#watch = new LockWatch(
      this.#holder,
      () => this.#die(),
      () => this.#unwatch(),
    )
  }

  readonly #holder = {
    received: () => this.stats.received,
    ping: () => this.#connection.ping(),
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
    this.#guest = source.guest
    if (source.shared) this.#meet(source.shared, source, pace)
    else this.#load(source, pace)
    if (this.#over) return
    if (source.host) info = { ...info, host: this.#serveHost(source.host) }
    this.#start(info, args)
    // What a guest has in the thread goes with it.
    if (source.guest)
      ownLock().follow((name) => this.#connection.outbox.put(LOCKED, 0, name, 0), this.#life.signal)
    this.#timeStart(timeout)
  }

  #start(info: StartInfo, args: readonly unknown[]): void {
    this.caller.start(info, args).then(
      () => this.#becomeReady(),
      (error: unknown) => this.#fail(error),
    )
    this.#openWhenBoth('said')
  }

  /** What waits leaves when the thread has said hello, and start is said: that comes before all else. */
  #openWhenBoth(what: 'heard' | 'said'): void {
    if (this.#first && this.#first !== what) this.#connection.outbox.open()
    this.#first = what
  }

  #serveHost(host: object): MessagePort {
    const { port1, port2 } = new MessageChannel()
    this.#endHost = this.#serve(port1, Promise.resolve(host), `${this.name}.host`, true)
    return port2
  }

  /** Runs a logic on this side. @returns ends it */
  #serve(port: MessagePort, logic: Promise<unknown>, name: string, isHost = false): () => void {
    let end = () => {}
    const serve = async () => {
      const serveInProcess = await loadServe()
      if (!this.#over) end = serveInProcess(port, logic, name, isHost)
    }
    serve().catch((error: unknown) => this.#fail(error))
    return () => {
      end()
      port.close()
    }
  }

  /** Leads another client's line into the thread. */
  lay(line: MessagePort): void {
    this.#connection.outbox.post([CONNECT, 0, line, 0], [line])
  }

  /** Something was asked that is to be answered. */
  awaits(): void {
    // How long a start may take is told by its own time.
    if (this.#ready && !this.#over) this.#heartbeat?.watch()
  }

  /**
   * Over for good: all that is pending fails before this returns.
   *
   * @param renew the thread starts anew: stores read their streams from its next run
   * @param how what a thread of others hears of it
   */
  end(refusal: Refusal, renew = false, how: typeof CLOSED | typeof DROPPED = CLOSED): void {
    if (this.#over) return
    this.#over = true
    clearTimeout(this.#startTimer)
    this.#heartbeat?.stop()
    this.#life.abort()
    this.#watch.end()
    // An owner ends the thread itself.
    if (this.#guest && !this.#connection.outbox.waiting)
      this.#connection.outbox.post([END, how, RAW, undefined], [])
    this.#end()
    this.#endHost()
    this.caller.end(refusal, renew)
    this.#connection.close()
  }

  #meet(shared: Shared, source: Source, pace: Pace | false): void {
    void shared.enter(source.load).then((load) => {
      // One that was found meanwhile will do.
      if (this.#over || this.#first === 'heard' || !this.#connection.outbox.waiting) return
      // What was loaded before, and has not answered.
      this.#end()
      this.#load(source, pace, load)
    })
  }

  #load(source: Source, pace: Pace | false, load = source.load): void {
    const { trustedTypesPolicy } = source
    this.#violation = watchPolicy(this.#life.signal)
    let loaded: unknown
    try {
      loaded = load({ name: this.name, trustedTypesPolicy })
    } catch (cause) {
      return this.#failToLoad(source, pace, describeRefusal(cause, trustedTypesPolicy), { cause })
    }
    this.#shares = isShared(loaded)
    if (isShared(loaded)) {
      if (source.shared) this.#runAt(loaded.port, loaded, source, pace)
      else this.#fail(new Error(`its load gives a shared worker; ${HOW_TO_SHARE}`))
    } else if (source.guest && !source.fellBack && isWorkerOfOwn(loaded)) this.#refuseToShare(loaded)
    else if (isEndpoint(loaded)) this.#runAt(loaded, loaded, source, pace)
    else this.#runInProcess(loaded, source)
  }

  /** With a state for each tab, an app that counts on one for all would seem to work. */
  #refuseToShare(worker: Worker): void {
    worker.terminate()
    this.#fail(
      new ThreadStartError(
        `thread '${this.name}' is not shared, because its load made a worker for this page alone; ${HOW_TO_SHARE}`,
      ),
    )
  }

  /** The fallback has its turn, where there is one. Nothing was sent yet: all that waits goes there. */
  #failToLoad(source: Source, pace: Pace | false, problem: string, options?: ErrorOptions): void {
    const because = (what: string) =>
      new ThreadStartError(`thread '${this.name}' ${what}: ${problem}`, options)
    const { fallback } = source
    if (!fallback) return this.#fail(because('could not start'))
    source.load = fallback
    source.fallback = undefined
    source.fellBack = true
    // What runs here now is this tab's own.
    source.shared?.part()
    source.shared = undefined
    this.#end()
    this.#heartbeat = undefined
    this.on.fellBack(because('runs its fallback, because its worker could not be loaded'))
    this.#load(source, pace)
  }

  /** @param worker what tells that its script did not load */
  #runAt(endpoint: Endpoint, worker: object, source: Source, pace: Pace | false): void {
    const { shared } = source
    if (shared && this.#shares) this.#again = () => this.#meet(shared, source, pace)
    this.#connect(endpoint, source)
    this.#end = () => (endpoint.terminate ? endpoint.terminate() : endpoint.close?.())
    const fail = (event: ErrorEvent) => {
      // Errors of a running thread come with their stack, by message; this one would be reported a second time.
      event.preventDefault()
      // A worker that was given up may fail again.
      if (this.#over || endpoint !== this.#endpoint) return
      if (this.#ready) this.on.uncaught(new Error(event.message))
      // With a message, the script was loaded, and its own code threw.
      else if (!event.message && this.#connection.outbox.waiting)
        this.#failToLoad(
          source,
          pace,
          describeLoadError(event, source.trustedTypesPolicy, this.#violation()),
          event.error && { cause: event.error },
        )
      else this.#fail(new Error(describeLoadError(event)))
    }
    ;(worker as AbstractWorker).addEventListener('error', fail)
    // Said by endpoints that know when their other side is gone: sockets, processes, and ports outside of browsers.
    ;(endpoint as unknown as EventTarget).addEventListener(
      'close',
      () => endpoint === this.#endpoint && this.#die(),
    )
    const patient = {
      ...this.#holder,
      isAwaited: () => this.caller.isAwaited,
      hung: () => this.on.hung(),
      recovered: () => this.on.recovered(),
    }
    if (pace) this.#heartbeat = new Heartbeat(patient, pace)
  }

  #runInProcess(loaded: unknown, source: Source): void {
    const { port1, port2 } = new MessageChannel()
    this.#again = () => {}
    this.#connect(port1, source)
    const logic = Promise.resolve(loaded)
    // What the load throws is told by the logic's start.
    logic.catch(() => {})
    this.#end = this.#serve(port2, logic, this.name)
  }

  #connect(endpoint: Endpoint, source: Source): void {
    this.#endpoint = endpoint
    const isLast = () => !this.#over && endpoint === this.#endpoint
    const hear = (event: MessageEvent) => {
      const { bgthread: version, lock, ending } = (event.data ?? {}) as Partial<Record<keyof Hello, unknown>>
      if (version === undefined) return
      // Not for the connection, which would count it as a stranger's.
      event.stopImmediatePropagation()
      endpoint.removeEventListener('message', hear)
      source.fallback = undefined
      if (!isLast()) return
      if (isToken(ending))
        whenFree(ending, this.#life.signal, () => isLast() && this.#again()).catch(() => {})
      else if (version === VERSION) {
        if (isToken(lock)) this.#follow(lock)
        this.#openWhenBoth('heard')
      } else this.#fail(new Error('page and worker hold different versions of bgthread: build them together'))
    }
    endpoint.addEventListener('message', hear)
    this.#connection.connect(endpoint)
    endpoint.start?.()
  }

  /** The thread holds this lock as long as it lives. */
  #follow(lock: string): void {
    this.locks = true
    this.#watch.follow(lock)
  }

  /** The thread's lock cannot be watched from here. */
  #unwatch(): void {
    this.locks = false
    if (this.#ready && !this.#over) this.on.unwatched()
  }

  #becomeReady(): void {
    if (this.#over) return
    clearTimeout(this.#startTimer)
    this.#ready = true
    // A worker has named its lock by now; the port of a logic in process needs none.
    if (this.#shares || 'terminate' in (this.#endpoint as Endpoint)) this.locks ??= false
    this.caller.beReady()
    this.on.ready()
    if (this.caller.isAwaited) this.awaits()
  }

  /** In parts, of which one passes while this side is blocked: a worker needs its page to be loaded. */
  #timeStart(timeout: number, parts = START_PARTS): void {
    const { received } = this.stats
    // Whatever lives answers this, and only takes long to start.
    if (parts === 1) this.#connection.ping()
    this.#startTimer = after(timeout / START_PARTS, () => {
      if (parts > 1) {
        // One that is just ending takes those who come along without a word.
        if (this.#first !== 'heard' && this.#connection.outbox.waiting) this.#again()
        this.#timeStart(timeout, parts - 1)
      }
      // The answer may have come meanwhile: it is heard first.
      else afterTask(() => afterTask(() => this.#giveUpStart(timeout, this.stats.received === received)))
    })
  }

  #giveUpStart(timeout: number, hangs: boolean): void {
    if (this.#ready) return
    this.#fail(
      new ThreadStartError(
        `thread '${this.name}' was not ready after ${timeout} ms: its module waits for something, its worker did not ` +
          "load, or it needs a longer 'startTimeout'",
        { code: 'START_TIMEOUT' },
      ),
      hangs,
    )
  }

  #fail(cause: unknown, hangs = false): void {
    if (!this.#over) this.on.failed(cause, hangs)
  }

  #die(): void {
    if (this.#over) return
    // Of a thread of others, the next may start.
    if (this.#ready || this.#guest) return this.on.died()
    this.#fail(
      new ThreadStartError(
        `thread '${this.name}' died while it started: its logic has closed the worker, or the browser has ended it`,
      ),
    )
  }
}
