/**
 * Lines from clients to a thread that may start again. What `connect()` gives is a port to whoever has the thread; over
 * it each client asks for a line, which leads straight into the thread, and for another when that start has ended.
 */
import { LockWatch, ownLock } from './lock.js'
import { postError, type EncodedError } from './thrown.js'
import { isToken } from './token.js'

/** What a client asks: a line to a start later than this one. Nothing at all is asked by one that leaves. */
export interface Ask {
  after: number
}

/** What either side sends to be known as living. With nothing in it, it is the answer to a `ping`. */
export interface SignOfLife {
  /** What the sender holds as long as it lives. */
  lock?: string | undefined
  /** Asks for an answer, since the lock of the receiver is free. */
  ping?: true
}

/** The answer: a line, or why there will be none. With neither, the line that the client has leads to a start that is over. */
export interface Answer {
  line?: MessagePort
  epoch: number
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
  /** It waits for a line to a start later than this one; undefined while it asks for nothing. */
  after: number | undefined
  /** The start that its line leads to; 0 before it has one. */
  had: number
  /** How much it has sent since then. */
  asked: number
  /** Messages that have come from it. */
  received: number
  readonly watch: LockWatch
  readonly end: AbortController
}

/** A client asks once for each start, and again where that takes too long. One that asks more often only keeps the page busy. */
const MOST_ASKED = 100

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
    const customer: Customer = {
      after: undefined,
      had: 0,
      asked: 0,
      received: 0,
      watch: new LockWatch({ received: () => customer.received, ping: () => tell({ ping: true }) }, () =>
        this.#forget(port2),
      ),
      end: new AbortController(),
    }
    // Each may be answered.
    const tell = (sign: SignOfLife) => {
      customer.asked = 0
      port2.postMessage(sign)
    }
    port2.onmessage = ({ data }: MessageEvent<unknown>) => {
      // The client may be of another origin. A port that is closed brings no more messages.
      if (!isFromClient(data) || ++customer.asked > MOST_ASKED) return this.#forget(port2)
      customer.received++
      customer.watch.follow(data.lock)
      if (data.ping) port2.postMessage({} satisfies SignOfLife)
      if (data.after === undefined) return
      // One line to each start: the client has no use for another.
      customer.after = Math.max(data.after, customer.had)
      this.#answer(port2, customer)
    }
    ownLock().follow((lock) => tell({ lock }), customer.end.signal)
    this.#customers.set(port2, customer)
    return port1
  }

  /** The thread starts again, or is over. */
  changed(): void {
    for (const [client, customer] of this.#customers) this.#answer(client, customer)
  }

  #answer(client: MessagePort, customer: Customer): void {
    const { epoch, over, error } = this.standing()
    if (over) {
      const post = (error?: EncodedError) => client.postMessage({ epoch, over, error } satisfies Answer)
      if (error) postError(error, post)
      else post()
      if (over === 'closed') return this.#forget(client)
      // It may be restarted: then the client is told, and asks for a line.
      customer.after = undefined
      customer.had = epoch
    } else if (customer.after !== undefined && customer.after < epoch) {
      customer.after = undefined
      customer.asked = 0
      const { port1, port2 } = new MessageChannel()
      customer.had = epoch
      this.lay(port1)
      client.postMessage({ line: port2, epoch } satisfies Answer, [port2])
    } else if (customer.had > 0 && customer.had < epoch) {
      // A worker that tabs share may hang there, and keep its lock, when this side has left it.
      client.postMessage({ epoch } satisfies Answer)
    }
  }

  #forget(client: MessagePort): void {
    const customer = this.#customers.get(client)
    customer?.end.abort()
    customer?.watch.end()
    this.#customers.delete(client)
    client.close()
  }
}

function isFromClient(message: unknown): message is Partial<Ask> & SignOfLife {
  if (typeof message !== 'object' || message === null) return false
  const { after, lock } = message as Partial<Record<string, unknown>>
  return (after === undefined || Number.isSafeInteger(after)) && (lock === undefined || isToken(lock))
}
