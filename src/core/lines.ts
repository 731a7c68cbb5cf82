/**
 * Lines from clients to a thread that may start again. What `connect()` gives is a port to whoever has the thread; over
 * it each client asks for a line, which leads straight into the thread, and for another when that start has ended.
 */
import { ownLock, watchLock } from './lock.js'
import { postError, type EncodedError } from './thrown.js'
import { isToken } from './token.js'

/** What a client asks: a line to a start later than this one. Nothing at all is asked by one that leaves. */
export interface Ask {
  after: number
  /** What the client holds as long as it lives. */
  lock: string | undefined
}

/** The answer: a line, or why there will be none. With neither, the line that the client has leads to a start that is over. */
export interface Answer {
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
  /** It waits for a line to a start later than this one; undefined while it asks for nothing. */
  after: number | undefined
  /** The start that its line leads to; 0 before it has one. */
  had: number
  /** How often it has asked since then. */
  asked: number
  /** Its lock tells when it is gone. */
  isFollowed: boolean
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
      isFollowed: false,
      end: new AbortController(),
    }
    port2.onmessage = ({ data }: MessageEvent<unknown>) => {
      // The client may be of another origin. A port that is closed brings no more messages.
      if (!isAsk(data) || ++customer.asked > MOST_ASKED) return this.#forget(port2)
      // One line to each start: the client has no use for another.
      customer.after = Math.max(data.after, customer.had)
      if (data.lock && !customer.isFollowed)
        watchLock(data.lock, customer.end.signal, () => this.#forget(port2))
      customer.isFollowed = true
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
      client.postMessage({ line: port2, epoch, lock: await ownLock() } satisfies Answer, [port2])
    } else if (customer.had > 0 && customer.had < epoch) {
      // A worker that tabs share may hang there, and keep its lock, when this side has left it.
      client.postMessage({ epoch } satisfies Answer)
    }
  }

  #forget(client: MessagePort): void {
    this.#customers.get(client)?.end.abort()
    this.#customers.delete(client)
    client.close()
  }
}

function isAsk(message: unknown): message is Ask {
  const { after, lock } = (message ?? {}) as Partial<Record<keyof Ask, unknown>>
  return Number.isSafeInteger(after) && (lock === undefined || isToken(lock))
}
