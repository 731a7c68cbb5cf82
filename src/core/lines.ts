/**
 * Lines from clients to a thread that may start again. What `connect()` gives is a port to whoever has the thread; over
 * it each client asks for a line, which leads straight into the thread, and for another when that start has ended.
 */
import * as Wire from './protocol.js'
import type { Endpoint } from './endpoint.js'
import { ownLock, watchLock } from './lock.js'
import { decode, encodeError, type EncodedError } from './thrown.js'

/** What a client asks: a line to a start later than this one. Nothing at all is asked by one that leaves. */
interface Ask {
  after: number
  /** What the client holds as long as it lives. */
  lock: string | undefined
}

/** The answer: a line, or why there will be none. */
interface Answer {
  line?: MessagePort
  epoch: number
  /** What the side that has the thread holds as long as it lives. */
  lock?: string | undefined
  over?: 'closed' | 'failed'
  error?: EncodedError | undefined
}

/** How it stands with a thread. */
export interface Standing {
  epoch: number
  over?: 'closed' | 'failed' | undefined
  error?: Error | undefined
}

interface Customer {
  /** The start that it has had; undefined while it asks for nothing. */
  after: number | undefined
  readonly end: AbortController
}

/** The side that has the thread. */
export class Lines {
  readonly #customers = new Map<MessagePort, Customer>()

  /** @param lay leads a line into the thread, as soon as it runs */
  constructor(
    private readonly lay: (line: MessagePort) => void,
    private readonly standing: () => Standing,
  ) {}

  /** @returns the port for a new client */
  open(): MessagePort {
    const { port1, port2 } = new MessageChannel()
    const customer: Customer = { after: undefined, end: new AbortController() }
    port2.onmessage = ({ data }: MessageEvent<Ask | undefined>) => {
      if (!data) return this.#forget(port2)
      customer.after = Number(data.after)
      if (data.lock) watchLock(data.lock, customer.end.signal, () => this.#forget(port2))
      void this.#answer(port2, customer)
    }
    this.#customers.set(port2, customer)
    return port1
  }

  /** The thread starts again, or is over. */
  changed(): void {
    for (const [client, customer] of this.#customers) void this.#answer(client, customer)
  }

  async #answer(client: MessagePort, customer: Customer): Promise<void> {
    const { epoch, over, error } = this.standing()
    if (over) {
      client.postMessage({ epoch, over, error: error && encodeError(error) } satisfies Answer)
      this.#forget(client)
    } else if (customer.after !== undefined && customer.after < epoch) {
      customer.after = undefined
      const { port1, port2 } = new MessageChannel()
      this.lay(port1)
      client.postMessage({ line: port2, epoch, lock: await ownLock() } satisfies Answer, [port2])
    }
  }

  #forget(client: MessagePort): void {
    this.#customers.get(client)?.end.abort()
    this.#customers.delete(client)
    client.close()
  }
}

/** The client's side: an endpoint for each start of the thread. */
export class LineTo {
  #epoch = 0
  #waiting: ComingLine | undefined
  readonly #gone = new AbortController()

  /** @param over there will be no more lines */
  constructor(
    private readonly port: MessagePort,
    over: (how: 'closed' | 'failed', error?: unknown) => void,
  ) {
    port.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (data.over) over(data.over, data.error && decode(Wire.ERROR, data.error))
      else if (data.line) {
        if (data.lock && this.#epoch === 0) watchLock(data.lock, this.#gone.signal, () => over('failed'))
        this.#epoch = data.epoch
        this.#waiting?.arrive(data.line)
      }
    }
  }

  /** Asks for the next. */
  next(): Endpoint {
    const line = (this.#waiting = new ComingLine())
    void ownLock().then((lock) => this.port.postMessage({ after: this.#epoch, lock } satisfies Ask))
    return line
  }

  end(): void {
    this.#gone.abort()
    this.port.postMessage(undefined)
    this.port.close()
  }
}

type Listener = Parameters<Endpoint['addEventListener']>

/** A line that has been asked for. Nothing is said before the other side has said hello, and so before it is there. */
class ComingLine implements Endpoint {
  #port: MessagePort | undefined
  #listeners: Listener[] = []
  #closed = false

  arrive(port: MessagePort): void {
    this.#port = port
    for (const listener of this.#listeners.splice(0)) port.addEventListener(...listener)
    if (this.#closed) port.close()
    else port.start()
  }
  postMessage(message: unknown, transfer: Transferable[]): void {
    this.#port?.postMessage(message, transfer)
  }
  addEventListener(...listener: Listener): void {
    if (this.#port) this.#port.addEventListener(...listener)
    else this.#listeners.push(listener)
  }
  removeEventListener(...listener: Listener): void {
    if (this.#port) this.#port.removeEventListener(...listener)
    else
      this.#listeners = this.#listeners.filter(
        ([type, heard]) => type !== listener[0] || heard !== listener[1],
      )
  }
  close(): void {
    this.#closed = true
    this.#port?.close()
  }
}
