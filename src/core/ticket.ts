/** A question while it waits for its answer. */
import { isNoNews } from './errors.js'
import { isPrimitive, lookAt } from './look.js'
import * as Wire from './protocol.js'

/** Arguments that can be said again: primitives as slots, or one JSON text. */
export interface Arguments {
  count: number
  slots: readonly unknown[]
}

/** `onclick={proxy.refresh}`: no event can cross, so none was meant to. */
export function withoutEvent(args: readonly unknown[]): readonly unknown[] {
  return args.length === 1 && typeof Event === 'function' && args[0] instanceof Event ? [] : args
}

/** The arguments as they are now, where they can be said later; undefined where they must be cloned at once. */
export function writeDown(args: readonly unknown[]): Arguments | undefined {
  for (const arg of args) {
    if (isPrimitive(arg)) continue
    return lookAt(args) === 'plain' ? { count: Wire.JSON_ARGS, slots: [JSON.stringify(args)] } : undefined
  }
  return { count: args.length, slots: args }
}

/** What was written down. */
export const readArguments = ({ count, slots }: Arguments): readonly unknown[] =>
  count === Wire.JSON_ARGS ? (JSON.parse(slots[0] as string) as unknown[]) : slots

/** `then` and `await` ask a promise for its constructor: with `Promise` they make one, and take the engine's fast way. */
export function passForPromise(kind: { prototype: Promise<unknown> }): void {
  Object.defineProperty(kind.prototype, 'constructor', { value: Promise })
}

type Settle = (result: unknown) => void
let resolve: Settle | undefined
let reject: Settle | undefined

/** Hands out the ends of the promise that is being made. One for all: a closure for each call would be garbage. */
const takeEnds = (toResolve: Settle, toReject: Settle) => {
  resolve = toResolve
  reject = toReject
}

/** The promise of an answer, together with what its asker has to know: one object, since there may be very many. */
export class Ticket extends Promise<unknown> {
  static {
    passForPromise(this)
  }
  readonly resolve: Settle
  private readonly settle: Settle
  /** The batch it waits in, and where. */
  batch: unknown[] | undefined
  at = 0
  /** Callbacks and signals among its arguments outlive it. */
  lasting = false
  /** Its asker does not want it any more; it has left, and the other side may be at it still. */
  givenUp = false

  constructor(
    public id: number,
    readonly action: string,
  ) {
    super(takeEnds)
    this.resolve = resolve as Settle
    this.settle = reject as Settle
    // Else the last promise would be held until there is another.
    resolve = reject = undefined
  }

  /** For its asker, which forgets it too. */
  reject(error: unknown): void {
    this.settle(error)
    if (isNoNews(error)) this.catch(() => {})
  }

  /** A promise that is held for long must not hold what it was called with. */
  forget(): void {
    this.batch = undefined
  }

  /** What was thrown, as whoever has asked is to get it. */
  explain(thrown: unknown): unknown {
    return thrown
  }
}
