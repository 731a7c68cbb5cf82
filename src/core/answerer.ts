/** The answering half of a connection, as far as both sides need it: runs callbacks and says what comes of them. */
import * as Wire from './protocol.js'
import type { Action } from './actions.js'
import type { Asker } from './asker.js'
import type { Line } from './line.js'
import { isPrimitive } from './look.js'
import type { LostOp } from './outbox.js'
import { realm } from './realm.js'
import { fillHoles, type Fill } from './rich.js'
import { say, sayThrown, type Mouth } from './say.js'
import { Scope } from './scope.js'
import { released, standIn, type StandIn } from './stand-in.js'
import { decode } from './thrown.js'

/** A call while it runs: what was asked, and for whom. */
export class Call extends Scope {
  /** Told when its promise has settled. */
  settled: (() => void) | undefined
  constructor(
    public tag: unknown,
    readonly id: number,
    public action: string,
  ) {
    super()
  }
}

export class Answerer {
  /** Calls whose methods are running. */
  protected readonly running = new Map<number, Call>()

  /** @param asker asks the other side's callbacks */
  constructor(
    protected readonly line: Line,
    private readonly asker: Asker,
  ) {}

  /** Where replies go. */
  protected get mouth(): Mouth {
    return this.line.outbox
  }

  /** A message has come in. */
  begin(): void {}

  /** Takes an op. @returns false where it is none for this half */
  take(message: unknown[], at: number): boolean {
    switch (message[at]) {
      case Wire.NOTHING:
        return true
      case Wire.INVOKE:
        this.run(message, at)
        return true
      case Wire.CANCEL:
        this.cancel(message[at + 1] as number, decode(message[at + 2], message[at + 3]))
        return true
    }
    return false
  }

  /** What was answered never arrived. */
  lose({ tag, id }: LostOp, error: Error): void {
    if (tag === Wire.RETURN || tag === Wire.THROW) sayThrown(this.mouth, Wire.THROW, id, error, '')
    if (tag === Wire.UNCAUGHT) sayThrown(this.mouth, tag, id, error, '')
  }

  /** The other side is gone: whatever was its own ends. */
  end(): void {
    this.abortAll(new DOMException('The client is gone', 'AbortError'))
    this.running.clear()
  }

  abortAll(reason: unknown): void {
    for (const call of this.running.values()) call.abort(reason)
  }

  protected cancel(id: number, reason: unknown): void {
    this.running.get(id)?.abort(reason)
  }

  /** What was asked under this number is not over: nobody asks twice. */
  protected isOpen(id: number): boolean {
    return this.running.has(id)
  }

  protected run(message: unknown[], at: number): void {
    const id = message[at + 1] as number
    if (this.isOpen(id)) return
    const call = new Call(message[at], id, 'a callback')
    let args: unknown[]
    try {
      args = this.#readArguments(message, at, call)
    } catch (error) {
      return this.refuse(call, error)
    }
    this.answer(call, message[at + 2], args)
  }

  /** Does what was asked. @param target what of */
  protected answer(call: Call, target: unknown, args: unknown[]): void {
    const { callbacks } = this.line
    const callback = callbacks.get(target as number)
    if (callback) {
      this.perform(call, callback, callbacks.selfOf(target as number), args)
      if (this.running.has(call.id)) call.settled = callbacks.work(target as number)
    } else this.refuse(call, released(this.line.name))
  }

  /** Runs a function and gives what comes of it, at once where it is no promise. */
  protected perform(call: Call, work: Action, self: unknown, args: unknown[]): void {
    try {
      const result = call.run(work, self, args)
      if (!isThenable(result)) return this.give(call, result)
      this.running.set(call.id, call)
      // Other people's thenables may throw, or resolve to another.
      Promise.resolve(result).then(
        (value) => this.#settle(call, () => this.give(call, value)),
        (error: unknown) => this.#settle(call, () => this.refuse(call, error)),
      )
    } catch (error) {
      this.refuse(call, error)
    }
  }

  #settle(call: Call, answer: () => void): void {
    // The client that asked may be gone.
    if (!this.running.delete(call.id)) return
    call.settled?.()
    try {
      answer()
    } catch (error) {
      // A result that throws when it is looked at.
      this.refuse(call, error)
    }
    this.rested()
  }

  /** A call is done that has taken its time. */
  protected rested(): void {}

  protected give(call: Call, value: unknown): void {
    call.release()
    this.reply(call, value)
  }

  protected reply(call: Call, value: unknown): void {
    if (isPrimitive(value)) return this.mouth.put(Wire.RETURN, call.id, Wire.RAW, value)
    try {
      say(this.mouth, Wire.RETURN, call.id, value, 'result', this.where(call))
    } catch (error) {
      sayThrown(this.mouth, Wire.THROW, call.id, error, this.where(call))
    }
  }

  protected refuse(call: Call, error: unknown): void {
    call.release()
    sayThrown(this.mouth, Wire.THROW, call.id, error, this.where(call))
  }

  protected where({ tag, action }: Call): string {
    return tag === Wire.INVOKE ? `${this.line.name}: ${action}` : `${this.line.name}.${action}()`
  }

  #readArguments(message: unknown[], at: number, scope: Scope): unknown[] {
    const count = message[at + 3] as number
    if (count >= 0) return withoutGaps(message, at + 4, count)
    const args: unknown = count === Wire.JSON_ARGS ? decode(Wire.JSON_TEXT, message[at + 4]) : message[at + 4]
    if (!Array.isArray(args)) throw malformed()
    if (count === Wire.JSON_ARGS) return args
    fillHoles(message[at + 5], this.#fill(scope), message)
    return withoutGaps(args, 0, args.length)
  }

  /** One function is one stand-in, however often it was passed; all signals of a call are its own. */
  #fill(scope: Scope): Fill {
    const stands = new Map<unknown, StandIn>()
    return (kind, reference, container, first = reference) => {
      if (kind === Wire.SIGNAL) return scope.signal
      if (kind === Wire.PROXY) return proxyOf(reference)
      if (!Number.isSafeInteger(reference) || !Number.isSafeInteger(first)) throw malformed()
      const stand = stands.get(first) ?? standIn(first as number, scope, this.line, this.asker)
      stands.set(first, stand)
      if (reference !== first) stand.add(container, reference as number)
      return stand.call
    }
  }
}

function proxyOf(line: unknown): object {
  if (realm.outward) return realm.outward.proxy(line as Wire.ThreadLine)
  throw new Error("this side has no code to call another thread: import 'bgthread/client' in its entry")
}

const malformed = () => new TypeError('malformed arguments')

/** A part of a list. One that is long and empty is short on its way: it is looked through up to its first gap. */
function withoutGaps(list: readonly unknown[], from: number, count: number): unknown[] {
  const part: unknown[] = []
  for (let at = from; at < from + count; at++) {
    const item = list[at]
    if (item === undefined && !(at in list)) throw malformed()
    part.push(item)
  }
  return part
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  const type = typeof value
  if ((type !== 'object' && type !== 'function') || value === null) return false
  return typeof (value as { then?: unknown }).then === 'function'
}
