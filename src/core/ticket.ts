/** A question while it waits for its answer. */
import { isNoNews } from './errors.js'
import { isPrimitive, lookAt } from './look.js'
import * as Wire from './protocol.js'

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

/** Makes the promise of an answer. */
type PromiseKind = new (
  executor: (resolve: (result: unknown) => void, reject: (error: unknown) => void) => void,
) => Promise<unknown>

export class Ticket {
  readonly promise: Promise<unknown>
  resolve!: (result: unknown) => void
  #reject!: (error: unknown) => void
  /** The batch it waits in, and where. */
  batch: unknown[] | undefined
  at = 0
  asked = false
  /** Its arguments, where they may wait in the batch. */
  again: Arguments | undefined
  failed = false
  /** Callbacks and signals among its arguments outlive it. */
  lasting = false

  constructor(
    readonly id: number,
    readonly action: string,
    public args: readonly unknown[],
    Kind: PromiseKind = Promise,
  ) {
    this.promise = new Kind((resolve, reject) => {
      this.resolve = resolve
      this.#reject = reject
    })
  }

  /** For its asker, which forgets it too. */
  reject(error: unknown): void {
    this.failed = true
    this.batch = undefined
    this.#reject(error)
    if (isNoNews(error)) this.promise.catch(() => {})
  }

  /** A promise that is held for long must not hold what it was called with. */
  forget(): void {
    this.args = []
    this.again = undefined
  }

  /** What was thrown, as whoever has asked is to get it. */
  explain(thrown: unknown): unknown {
    return thrown
  }
}
