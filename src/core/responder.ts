/** The answering half of a connection: runs actions and gives what comes of them, results and streams. */
import * as Wire from './protocol.js'
import { isFunctionField, isHidden, type Action } from './actions.js'
import type { Callbacks } from './callbacks.js'
import { ActionNotFoundError, ThreadError } from './errors.js'
import { isPrimitive } from './look.js'
import type { Logic } from './logic.js'
import type { LostOp } from './outbox.js'
import { Publisher } from './publisher.js'
import { Replies } from './replies.js'
import { fillHoles } from './rich.js'
import { say, sayThrown } from './say.js'
import { Scope } from './scope.js'
import { Hubs, isSource } from './sources.js'
import { released, standIn, type StandInParts } from './stand-in.js'
import { afterTask } from './task.js'
import { Turns } from './turns.js'

/** What a responder is made of, and speaks with. */
export interface ResponderParts extends StandInParts {
  /** What answers here; a page offers only its callbacks. */
  logic?: Logic | undefined
  /** The lock this side holds as long as it lives; the other side is told before it hears that this one is ready. */
  lock?: Promise<string | undefined> | undefined
  /** This side's functions that the other side may call. */
  callbacks: Callbacks
}

/** A call while it runs: what was asked, and for whom. */
interface Call {
  tag: unknown
  id: number
  action: string
  scope: Scope
}

export class Responder {
  readonly turns: Turns
  readonly streams: Publisher
  readonly #replies: Replies
  readonly #names = new Map<number, string>()
  /** Calls whose methods are running. */
  readonly #running = new Map<number, Scope>()
  #starting: Promise<void> | undefined
  /** What the logic was made with lives as long as it does. */
  #startCall: Call | undefined
  #whenIdle: (() => void) | undefined

  constructor(private readonly parts: ResponderParts) {
    const { outbox, logic } = parts
    this.streams = new Publisher(outbox, logic?.hubs ?? new Hubs())
    this.#replies = new Replies(outbox, () => this.streams.pull())
    this.turns = new Turns(
      (message, at) => this.#run(message, at),
      () => outbox.flush(),
      () => this.#checkIdle(),
    )
  }

  /** Adds to the batch that is about to leave: first snapshots, then the replies that must not overtake them. */
  beforeFlush(): void {
    this.#replies.move()
    this.streams.sendReady()
  }

  /** Takes an asking op. Calls take turns; a callback runs at once, before the reply to the call it belongs to. */
  ask(message: unknown[], at: number): void {
    if (message[at] === Wire.INVOKE) this.#run(message, at)
    else this.turns.take(message, at)
  }

  name(number: number, name: unknown): void {
    if (typeof name === 'string') this.#names.set(number, name)
  }

  unsubscribe(id: number): void {
    this.turns.takeBack(id)
    this.streams.unsubscribe(id)
    // A subscription whose method has not given its source yet.
    this.#running.get(id)?.abort(new DOMException('The last reader has left', 'AbortError'))
  }

  cancel(id: number, reason: unknown): void {
    this.turns.takeBack(id)
    this.streams.cancel(id, reason)
    this.#running.get(id)?.abort(reason)
    if (this.#startCall?.id === id) this.#startCall.scope.abort(reason)
  }

  /** What was answered never arrived. */
  lose({ tag, id }: LostOp, error: Error): void {
    if (tag === Wire.RETURN || tag === Wire.THROW) sayThrown(this.#replies, Wire.THROW, id, error, '')
    else if (tag >= Wire.SNAPSHOT && tag <= Wire.FAIL) this.streams.fail(id, error)
  }

  /** No more calls; those that run finish, then the logic is stopped. */
  async close(id: number): Promise<void> {
    const { logic, outbox } = this.parts
    logic?.abort()
    await this.#starting
    if (this.#isBusy()) await new Promise<void>((idle) => (this.#whenIdle = idle))
    const call = { tag: Wire.CLOSE, id, action: 'onStop', scope: new Scope() }
    try {
      await logic?.stop()
      this.#reply(call, undefined)
    } catch (error) {
      this.#refuse(call, error)
    }
    outbox.flush()
  }

  /** The client is gone: whatever was its own ends. */
  end(): void {
    this.turns.clear()
    this.streams.end()
    const gone = new DOMException('The client is gone', 'AbortError')
    for (const scope of this.#running.values()) scope.abort(gone)
    this.#running.clear()
  }

  #run(message: unknown[], at: number): void {
    const tag = message[at]
    const id = message[at + 1] as number
    const target = message[at + 2]
    if (tag === Wire.NOTHING) return
    const call: Call = { tag, id, action: this.#names.get(target as number) ?? 'a call', scope: new Scope() }
    let args: unknown[]
    try {
      args = this.#readArguments(message, at, call.scope)
    } catch (error) {
      return this.#refuse(call, error)
    }
    if (tag === Wire.START) return this.#start(call, target as Wire.StartInfo, args)
    // Malformed: nobody waits for an answer.
    if (typeof target !== 'number') return
    if (tag === Wire.INVOKE) return this.#invoke(call, target, args)
    if (target < 0) {
      call.action = 'a stream'
      return this.#readHeld(call, -target)
    }

    const { logic } = this.parts
    const method = logic?.actions.get(call.action)
    if (!method) return this.#refuse(call, this.#notFound(call.action))
    this.#perform(call, () => Reflect.apply(method, logic?.instance, args) as unknown)
  }

  /** Runs a function and gives what comes of it, at once where it is no promise. */
  #perform(call: Call, work: () => unknown): void {
    try {
      const result = call.scope.run(work)
      if (!isThenable(result)) return this.#give(call, result)
      this.#running.set(call.id, call.scope)
      // Other people's thenables may throw, or resolve to another.
      Promise.resolve(result).then(
        (value) => this.#settle(call, () => this.#give(call, value)),
        (error: unknown) => this.#settle(call, () => this.#refuse(call, error)),
      )
    } catch (error) {
      this.#refuse(call, error)
    }
  }

  #settle(call: Call, answer: () => void): void {
    // The client that asked may be gone.
    if (!this.#running.delete(call.id)) return
    try {
      answer()
    } catch (error) {
      // A result that throws when it is looked at.
      this.#refuse(call, error)
    }
    this.#checkIdle()
  }

  #start(call: Call, info: Wire.StartInfo, args: unknown[]): void {
    const { logic } = this.parts
    // Said once, and to a thread; any other is not ours.
    if (!logic || this.#starting) return
    this.streams.buffer = info.buffer
    this.turns.pause()
    this.#startCall = call
    this.#starting = logic.start(info, args).then(
      () => this.#becomeReady(call),
      (error: unknown) => this.#refuse(call, error),
    )
  }

  /** Only a thread whose death would be seen is ready; until then its start may still time out. */
  async #becomeReady(call: Call): Promise<void> {
    const lock = await this.parts.lock
    if (lock) this.parts.outbox.put(Wire.LOCKED, 0, lock, 0)
    this.#reply(call, undefined)
    // Heard before the first call begins, which may compute for long.
    this.parts.outbox.flush()
    afterTask(() => this.turns.resume())
  }

  #invoke(call: Call, callback: number, args: unknown[]): void {
    call.action = 'a callback'
    const found = this.parts.callbacks.get(callback)
    if (found) this.#perform(call, () => found(...args))
    else this.#refuse(call, released(this.parts.name))
  }

  #give(call: Call, value: unknown): void {
    const { tag, id, scope } = call
    const source = !isPrimitive(value) && isSource(value) ? (value as object) : undefined
    if (tag === Wire.SUBSCRIBE || tag === Wire.ITERATE) {
      // The reader may have left while the method was looking for the source.
      if (scope.aborted) {
        if (source) this.streams.discard(source)
        return scope.release()
      }
      if (source) return this.streams.read(tag, id, source, this.#where(call), scope)
      return this.#refuse(
        call,
        this.#notStream(`${call.action}() gave a value, not a stream; call it as an action`),
      )
    }
    if (source) {
      this.streams.hold(id, source, scope)
      return this.#replies.put(Wire.RETURN_STREAM, id, 0, 0)
    }
    scope.release()
    this.#reply(call, value)
  }

  #readHeld(call: Call, held: number): void {
    if (this.streams.readHeld(call.tag, call.id, held, this.#where(call))) return
    this.#refuse(call, this.#notStream('this stream is gone; call its action again'))
  }

  #reply(call: Call, value: unknown): void {
    try {
      say(this.#replies, Wire.RETURN, call.id, value, 'result', this.#where(call))
    } catch (error) {
      sayThrown(this.#replies, Wire.THROW, call.id, error, this.#where(call))
    }
  }

  #refuse(call: Call, error: unknown): void {
    const { tag, id, scope } = call
    scope.release()
    if (tag === Wire.SUBSCRIBE || tag === Wire.ITERATE)
      sayThrown(this.parts.outbox, Wire.FAIL, id, error, this.#where(call))
    else sayThrown(this.#replies, Wire.THROW, id, error, this.#where(call))
  }

  #readArguments(message: unknown[], at: number, scope: Scope): unknown[] {
    const count = message[at + 3] as number
    if (count >= 0) return message.slice(at + 4, at + 4 + count)
    const args: unknown = count === Wire.JSON_ARGS ? JSON.parse(message[at + 4] as string) : message[at + 4]
    if (!Array.isArray(args)) throw new TypeError('malformed arguments')
    if (count === Wire.RICH_ARGS) fillHoles(message[at + 5], this.#fill(scope))
    return args
  }

  /** One function is one stand-in, however often it was passed; all signals of a call are its own. */
  #fill(scope: Scope): (kind: unknown, reference: unknown) => unknown {
    const stands = new Map<unknown, Action>()
    return (kind, reference) => {
      if (kind === Wire.SIGNAL) return scope.signal
      const stand = stands.get(reference) ?? standIn(reference as number, scope, this.parts)
      stands.set(reference, stand)
      return stand
    }
  }

  #where(call: Call): string {
    return `${this.parts.name}.${call.action}()`
  }

  #notStream(what: string): ThreadError {
    return new ThreadError('NOT_A_STREAM', `thread '${this.parts.name}': ${what}`)
  }

  #notFound(action: string): Error {
    const { logic, name } = this.parts
    if (logic && !isHidden(action) && isFunctionField(logic.instance, action))
      return new ThreadError(
        'ACTION_NOT_FOUND',
        `thread '${name}': '${action}' is a field; make it a method to call it from the page`,
      )
    return new ActionNotFoundError(name, action, logic?.actions.keys() ?? [])
  }

  #checkIdle(): void {
    if (!this.#isBusy()) this.#whenIdle?.()
  }

  #isBusy(): boolean {
    return this.#running.size > 0 || this.turns.waiting > 0
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  const type = typeof value
  if ((type !== 'object' && type !== 'function') || value === null) return false
  return typeof (value as { then?: unknown }).then === 'function'
}
