/** The client's end of the lines that `lines.ts` lays: one to each start of the thread. */
import * as Wire from './protocol.js'
import { isPort, type Endpoint } from './endpoint.js'
import type { Answer, Ask, SignOfLife } from './lines.js'
import { LockWatch, ownLock } from './lock.js'
import { decode } from './thrown.js'

/** An endpoint for each start of the thread. */
export class LineTo {
  #epoch = 0
  #waiting: ComingLine | undefined
  /** The thread has failed, and may be restarted. */
  #isResting = false
  readonly #gone = new AbortController()
  readonly #watch: LockWatch

  /**
   * @param over there will be no more lines, unless the thread is restarted after a failure
   * @param again it is
   */
  constructor(
    private readonly port: MessagePort,
    over: (how: 'closed' | 'failed', error?: unknown) => void,
    again: () => void,
  ) {
    let received = 0
    this.#watch = new LockWatch({ received: () => received, ping: () => this.#send({ ping: true }) }, () =>
      over('failed'),
    )
    ownLock().follow((lock) => this.#send({ lock }), this.#gone.signal)
    port.onmessage = ({ data }: MessageEvent<unknown>) => {
      const { over: how, error, line, lock, ping, epoch } = (data ?? {}) as Partial<Answer & SignOfLife>
      received++
      this.#watch.follow(lock)
      if (ping) this.#send({})
      if (how === 'closed' || how === 'failed') {
        this.#isResting = how === 'failed'
        over(how, readError(error))
      } else if (!Number.isSafeInteger(epoch)) return
      else if (this.#isResting) {
        this.#isResting = false
        again()
      } else if (isPort(line)) {
        this.#epoch = epoch as number
        this.#waiting?.arrive(line)
      } else if ((epoch as number) > this.#epoch) this.#waiting?.lose()
    }
  }

  /** Asks for the next. */
  next(): Endpoint {
    const line = (this.#waiting = new ComingLine())
    this.#send({ after: this.#epoch })
    return line
  }

  #send(message: Ask | SignOfLife): void {
    this.port.postMessage(message)
  }

  /** @param isFinal the client is closed; else it has failed */
  end(isFinal: boolean): void {
    if (this.#isResting && !isFinal) return
    this.#gone.abort()
    this.#watch.end()
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
  /** Ends the run that it is for. */
  #lost = () => {}

  arrive(port: MessagePort): void {
    this.#port = port
    for (const listener of this.#listeners.splice(0)) port.addEventListener(...listener)
    if (this.#closed) port.close()
    else port.start()
  }
  /** The start that it leads to is over. */
  lose(): void {
    // One that is asked for leads to the next.
    if (this.#port) this.#lost()
  }
  postMessage(message: unknown, transfer: Transferable[]): void {
    this.#port?.postMessage(message, transfer)
  }
  addEventListener(...listener: Listener): void {
    if ((listener[0] as string) === 'close') this.#lost = listener[1] as () => void
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

/** One that is malformed says nothing. */
function readError(error: unknown): unknown {
  try {
    return error && decode(Wire.ERROR, error)
  } catch {
    return undefined
  }
}
