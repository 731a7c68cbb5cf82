/** Bounds calls in time by its own ticks: none comes while the page is frozen or blocked. */
import type { RemoteCall } from './call.js'
import { afterTask } from './task.js'
import type { Ticket } from './ticket.js'

/** Adapters bound a call by this key; a symbol of the realm, since they may come from another bundle. */
export const CALL_TIMEOUT: unique symbol = Symbol.for('bgthread.callTimeout') as never

/** The longest tick, in milliseconds; a shorter time has ten. */
const TICK = 100

export class CallClock {
  #timer: ReturnType<typeof setInterval> | undefined
  #tick = Infinity
  #isReady = false

  /**
   * @param pending all that waits for an answer
   * @param isPaused a callback of this call is at work: the thread may be waiting for the page
   * @param late receives each call whose time has passed
   */
  constructor(
    private readonly pending: ReadonlyMap<number, Ticket>,
    private readonly isPaused: (id: number) => boolean,
    private readonly late: (call: RemoteCall) => void,
  ) {}

  /** The thread is ready: time passes for calls from now on. */
  start(): void {
    this.#isReady = true
    for (const call of this.#bounded()) this.watch(call)
  }

  /** Bounds one more call, if it has a timeout. */
  watch(call: RemoteCall): void {
    const { timeout = Infinity } = call
    if (!this.#isReady || !(timeout < Infinity)) return
    const tick = Math.max(1, Math.min(TICK, timeout / 10))
    // The tick that is under way is not all its own.
    call.timeLeft = timeout + Math.min(tick, this.#tick)
    if (tick >= this.#tick) return
    this.stop()
    this.#tick = tick
    this.#timer = setInterval(() => this.#pass(tick), tick)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#tick = Infinity
  }

  #pass(time: number): void {
    let isAwaited = false
    for (const call of this.#bounded()) {
      isAwaited = true
      if (this.isPaused(call.id)) continue
      const before = call.timeLeft
      call.timeLeft -= time
      // Messages that have arrived already are read first.
      if (before > 0 && call.timeLeft <= 0) afterTask(() => afterTask(() => this.late(call)))
    }
    if (!isAwaited) this.stop()
  }

  /** Streams are not bounded, and neither are tickets of other kinds. */
  *#bounded(): Iterable<RemoteCall> {
    for (const ticket of this.pending.values()) {
      const { timeout = Infinity, again } = ticket as RemoteCall
      if (timeout < Infinity && !again) yield ticket as RemoteCall
    }
  }
}
