/** Calls that wait for a thread, the first first. What is given up here was never sent. */
import type { Owner, RemoteCall } from './call.js'
import type { Caller } from './caller.js'
import { takeArguments } from './pool-arguments.js'
import { Signals } from './signals.js'
import type { RemoteStream } from './types.js'

export class CallQueue implements Owner {
  readonly #calls = new Map<number, RemoteCall>()
  /** Goes on where it was, however many have left before: a new one would have to pass their places. */
  #order = this.#calls.values()
  #lastId = 0
  readonly #signals = new Signals()
  /** Nothing waits any more. */
  whenEmpty = () => {}

  /** @param caller who reads the streams that calls turn out to be */
  constructor(
    readonly name: string,
    private readonly caller: () => Caller,
  ) {}

  get size(): number {
    return this.#calls.size
  }

  /** Abort signals that are listened to. */
  get signals(): number {
    return this.#signals.size
  }

  /** Below those that callers give: a call gets one of these when it is sent. */
  nextId(): number {
    return --this.#lastId
  }

  /** Takes a call, with its arguments as they are now. Until it leaves, it may be given up. */
  add(call: RemoteCall, args: readonly unknown[]): void {
    const { id, action } = call
    try {
      const { args: copies, signals } = takeArguments(args, `${this.name}.${action}()`)
      const aborted = signals.find((signal) => signal.aborted)
      if (aborted) return call.reject(aborted.reason)
      call.args = copies
      const unfollow = signals.map((signal) =>
        this.#signals.follow(signal, (reason) => this.cancel(id, reason)),
      )
      this.#calls.set(id, call)
      call.whenOver = () => {
        if (!this.#calls.delete(id)) return
        for (const stop of unfollow) stop()
        if (this.size === 0) this.whenEmpty()
      }
    } catch (error) {
      call.reject(error)
    }
  }

  /** Takes out the one that has waited longest; its arguments are its `args`. */
  shift(): RemoteCall | undefined {
    let next = this.#order.next()
    if (next.done) {
      // At its end it stays there, whatever comes later.
      this.#order = this.#calls.values()
      next = this.#order.next()
    }
    next.value?.whenOver?.()
    return next.value
  }

  /** @param why said of one action */
  refuse(why: (action: string) => Error): void {
    for (const [id, { action }] of [...this.#calls]) this.cancel(id, why(action))
  }

  cancel(id: number, reason: unknown): void {
    const call = this.#calls.get(id)
    call?.forget()
    call?.reject(reason)
  }

  /** Here no time passes: no thread is at it. */
  bound(): void {}

  streamOf(call: RemoteCall): RemoteStream<unknown> {
    return this.caller().streamOf(call)
  }
}
