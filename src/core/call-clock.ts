/** Bounds calls in time by its own ticks: none comes while the page is frozen or blocked. */
import type { RemoteCall } from './call.js'
import { afterTask } from './task.js'

/** Adapters bound a call by this key; a symbol of the realm, since they may come from another bundle. */
export const CALL_TIMEOUT: unique symbol = Symbol.for('bgthread.callTimeout') as never

/** The longest tick, in milliseconds; a shorter time has ten. */
const TICK = 100

/** What a clock needs of the asker of the calls. */
export interface Clocked {
  /** Those that wait for their answers and are bounded. */
  bounded(): Iterable<RemoteCall>
  /** The thread is at them, and not waiting for the page. @returns false while a callback of this call is at work */
  isAt(call: RemoteCall): boolean
  late(call: RemoteCall): void
}

export class CallClock {
  #timer: ReturnType<typeof setInterval> | undefined
  #tick = Infinity

  constructor(private readonly clocked: Clocked) {}

  /** One more call is to be done in its time. */
  watch(call: RemoteCall): void {
    const tick = Math.max(1, Math.min(TICK, (call.timeout as number) / 10))
    // The tick that is under way is not all its own.
    call.timeLeft = (call.timeout as number) + Math.min(tick, this.#tick)
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
    const { clocked } = this
    let isAwaited = false
    for (const call of clocked.bounded()) {
      isAwaited = true
      if (!clocked.isAt(call)) continue
      const before = call.timeLeft
      call.timeLeft -= time
      // Messages that have arrived already are read first.
      if (before > 0 && call.timeLeft <= 0) afterTask(() => afterTask(() => clocked.late(call)))
    }
    if (!isAwaited) this.stop()
  }
}
