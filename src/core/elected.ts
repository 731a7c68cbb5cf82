/**
 * A shared worker where there is no `SharedWorker`: one of the tabs is elected, starts a worker of its own, and all of
 * them, that one included, reach the worker itself by channels. `shared-worker.ts` is the worker's side.
 */
import { Channel } from './channel.js'
import { LockWatch, locks } from './lock.js'
import { makeToken } from './token.js'

/** What the worker says in the hall when it is there: whoever waits says its channel's name again. */
export const OPEN = 'open'

/** What the tabs know of the worker: a way to it, as a `SharedWorker` is. */
export class ElectedWorker extends EventTarget {
  readonly port: Channel

  /** @param hall the name of the channel where the worker is found */
  constructor(hall: string) {
    super()
    this.port = new Way(hall)
  }
}

/** A channel that is asked for in the hall, until the worker has it. */
class Way extends Channel {
  readonly #hall: BroadcastChannel

  constructor(hall: string) {
    const name = makeToken()
    // It hears before it asks.
    super(name)
    this.#hall = new BroadcastChannel(hall)
    const ask = () => this.#hall.postMessage(name)
    this.#hall.onmessage = ({ data }) => data === OPEN && ask()
    ask()
    this.addEventListener('message', () => this.#hall.close(), { once: true })
  }

  override close(): void {
    this.#hall.close()
    super.close()
  }
}

/** Why there is no worker: what the browser has thrown, or says of its script. */
type Failure = Pick<ErrorEventInit, 'error' | 'message' | 'filename' | 'lineno'>

/** One of the tabs that may start the worker: whoever holds the lock of the hall's name does. */
export class Candidate {
  readonly #withdrawal = new AbortController()
  readonly #end = new AbortController()
  /** The worker has been there for whoever came. */
  #isOpen = false
  /** It has started the worker, which lives. */
  elected = false

  /**
   * @param start starts the worker
   * @param failed the worker could not be loaded
   * @param over the worker that it had started is gone
   */
  constructor(
    readonly hall: string,
    private readonly start: () => Worker,
    private readonly failed: (failure: Failure) => void,
    private readonly over: () => void,
  ) {
    let running: Promise<void> | undefined
    const stand = (signal: AbortSignal) => locks()?.request(hall, { signal }, () => (running ??= this.#run()))
    stand(this.#withdrawal.signal)
      // Refused to opaque origins, and where storage is not allowed.
      ?.catch((error: unknown) => this.#withdrawal.signal.aborted || running || this.failed({ error }))
    // If the lock is stolen, this request has it next: nobody else starts a second worker. It is the last one.
    stand(this.#end.signal)?.catch(() => running && this.end())
  }

  get isOver(): boolean {
    return this.#end.signal.aborted || (this.#withdrawal.signal.aborted && !this.elected)
  }

  /** Does not stand any longer. A worker that it has started stays, where others may use it by now. */
  withdraw(): void {
    this.#withdrawal.abort()
    if (!this.#isOpen) this.#end.abort()
  }

  /** Ends the worker, too. */
  end(): void {
    this.withdraw()
    this.#end.abort()
  }

  async #run(): Promise<void> {
    if (this.#withdrawal.signal.aborted) return
    this.elected = true
    const failure = await this.#host().catch((error: unknown) => ({ error }))
    if (failure) this.failed(failure)
    this.elected = false
    this.end()
    this.over()
  }

  /** Settles when the worker is gone. */
  async #host(): Promise<Failure | undefined> {
    const worker = this.start()
    const { signal } = this.#end
    try {
      return await new Promise((resolve) => {
        const gone = () => resolve(undefined)
        signal.addEventListener('abort', gone)
        let received = 0
        const ping = () => worker.postMessage(undefined)
        const watch = new LockWatch({ received: () => received, ping }, gone)
        signal.addEventListener('abort', () => watch.end())
        const open = ({ data }: MessageEvent<unknown>) => {
          received++
          this.#isOpen = true
          watch.follow(data)
        }
        worker.addEventListener('message', open)
        worker.addEventListener('error', (event) => {
          event.preventDefault()
          const { message, filename, lineno } = event
          resolve({ message, filename, lineno })
        })
        worker.postMessage(this.hall)
      })
    } finally {
      worker.terminate()
    }
  }
}
