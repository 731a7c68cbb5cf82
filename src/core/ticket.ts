/** A call while it waits for its answer. */
import { RemoteCall, type CallSource } from './call.js'
import { isNoNews } from './errors.js'
import { isPrimitive, lookAt } from './look.js'
import * as Wire from './protocol.js'
import type { Trace } from './stacks.js'
import type { RemoteStream } from './types.js'

/** Arguments that can be said again: primitives as slots, or one JSON text. */
export interface Arguments {
  count: number
  slots: readonly unknown[]
}

/** The arguments as they are now, where they can be said later; undefined where they must be cloned at once. */
export function freeze(args: readonly unknown[]): Arguments | undefined {
  if (args.every(isPrimitive)) return { count: args.length, slots: args }
  return lookAt(args) === 'plain' ? { count: Wire.JSON_ARGS, slots: [JSON.stringify(args)] } : undefined
}

/** What a ticket needs of the one who has made it. */
interface Owner {
  readonly outbox: { readonly batch: unknown[] }
  nextId(): number
  /** What belonged to the call goes. */
  settle(id: number): void
  cancel(id: number, reason: unknown): void
  streamOf(ticket: Ticket): RemoteStream<unknown>
}

/** A call on its way. */
export class Ticket implements CallSource {
  readonly call: RemoteCall
  readonly id: number
  resolve!: (result: unknown) => void
  #reject!: (error: unknown) => void
  trace: Trace | undefined
  /** The batch it waits in, and where. */
  batch: unknown[] | undefined
  at = 0
  asked = false
  /** Its arguments, where they may wait in the batch. */
  again: Arguments | undefined
  failed = false
  /** Callbacks and signals among its arguments outlive it. */
  lasting = false
  #stream: RemoteStream<unknown> | undefined

  constructor(
    private readonly caller: Owner,
    readonly action: string,
    public args: readonly unknown[],
  ) {
    this.id = caller.nextId()
    this.call = new RemoteCall((resolve, reject) => {
      this.resolve = resolve
      this.#reject = reject
    })
    this.call.source = this
  }

  /** It has not left. */
  get inBatch(): boolean {
    return this.batch !== undefined && this.batch === this.caller.outbox.batch
  }

  stream(): RemoteStream<unknown> {
    this.call.catch(() => {})
    return (this.#stream ??= this.caller.streamOf(this))
  }

  cancel(reason: unknown): void {
    this.caller.cancel(this.id, reason)
  }

  /** A promise that is held for long must not hold what it was called with. */
  forget(): void {
    this.args = []
    this.again = undefined
    this.trace = undefined
  }

  fail(error: unknown): void {
    this.failed = true
    this.batch = undefined
    this.caller.settle(this.id)
    this.#reject(error)
    if (isNoNews(error)) this.call.catch(() => {})
  }
}
