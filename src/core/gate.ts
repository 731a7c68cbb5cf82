/** What a client sends that does not own the thread: it waits for the client's turn, and for as much as it may. */
import type { Endpoint } from './endpoint.js'
import type { Limits } from './limits.js'
import type { Share } from './shares.js'
import { weigh } from './weigh.js'

/** Slots of one message: more than of any honest one. */
const MOST_SLOTS = 500_000

export class Gate implements Endpoint {
  /** Of the messages that wait. */
  #bytes = 0
  /** Messages that came since none has waited. */
  #behind = 0
  readonly #listeners = new Map<unknown, (event: MessageEvent) => void>()

  /**
   * @param most messages and bytes that may wait
   * @param isReading the last message was left before its end
   * @param goOn goes on with it
   * @param exceed the client has sent more than it may
   */
  constructor(
    private readonly endpoint: Endpoint,
    private readonly share: Share,
    private readonly on: {
      most(): { messages: number; bytes: number }
      isReading(): boolean
      goOn(): void
      exceed(what: string, option?: keyof Limits): void
    },
  ) {}

  postMessage(message: unknown, transfer: Transferable[]): void {
    this.endpoint.postMessage(message, transfer)
  }

  addEventListener(type: 'message' | 'messageerror', listener: (event: MessageEvent) => void): void {
    const receive = (event: MessageEvent) => this.receive(event, listener)
    this.#listeners.set(listener, receive)
    this.endpoint.addEventListener(type, receive)
  }

  removeEventListener(type: 'message' | 'messageerror', listener: (event: MessageEvent) => void): void {
    this.endpoint.removeEventListener(type, this.#listeners.get(listener) ?? listener)
  }

  /** Takes a message, to be read by `listener` when it is its turn. */
  receive(event: MessageEvent, listener: (event: MessageEvent) => void): void {
    const begin = performance.now()
    const { share, on } = this
    // Chromium decodes it here.
    const { data } = event
    const { messages, bytes } = on.most()
    // A burst passes. Who goes on when as many wait sends more than is read.
    this.#behind = share.isBusy ? this.#behind + 1 : 0
    if (this.#behind > messages) return on.exceed(`${messages} messages`, 'calls')
    if (Array.isArray(data) && data.length > MOST_SLOTS) return on.exceed(`${MOST_SLOTS} slots in a message`)
    // What is read at once holds no memory.
    const size = share.isBusy ? weigh(data, bytes) : 0
    if (this.#bytes + size > bytes) return on.exceed(`${bytes} bytes in messages`, 'bytes')
    this.#bytes += size
    share.charge(performance.now() - begin)
    let isNew = true
    share.take(() => {
      if (isNew) listener(event)
      else on.goOn()
      isNew = false
      if (on.isReading()) return true
      this.#bytes -= size
      return false
    })
  }
}
