/** The answering half of a connection: runs actions, reads streams, and says what they give. */
import * as Wire from './protocol.js'
import { isFunctionField, isHidden, type Action } from './actions.js'
import type { Callbacks } from './callbacks.js'
import { ActionNotFoundError, ThreadError } from './errors.js'
import { KEEP } from './keep.js'
import type { Logic } from './logic.js'
import { takeBack, type Outbox } from './outbox.js'
import { Queue } from './queue.js'
import { StoreReader, ValueReader, type Reader, type ReaderClient } from './readers.js'
import { Replies } from './replies.js'
import { fillHoles } from './rich.js'
import { isPrimitive, say, sayThrown } from './say.js'
import { Scope } from './scope.js'
import { Hubs, isSource } from './sources.js'
import { afterTask } from './task.js'

/** Milliseconds of work after which replies leave and the event loop has its turn. */
const SLICE = 1

/** What a responder is made of, and speaks with. */
export interface ResponderParts {
  outbox: Outbox
  /** The thread's name, for messages. */
  name: string
  /** What answers here; a page offers only its callbacks. */
  logic?: Logic | undefined
  /** The lock this side holds as long as it lives; the other side is told before it hears that this one is ready. */
  lock?: Promise<string | undefined> | undefined
  /** This side's functions that the other side may call. */
  callbacks: Callbacks
  /** Calls a function of the other side. */
  invoke(callback: number, args: unknown[]): Promise<unknown>
}

export class Responder {
  readonly #replies: Replies
  /** The logic's; on a page, where a callback may give a stream as well, its own. */
  readonly #hubs: Hubs
  readonly #names = new Map<number, string>()
  /** Calls whose methods are running. */
  readonly #running = new Map<number, Scope>()
  /** Sources that calls have brought, until the other side lets go of them. */
  readonly #held = new Map<number, { source: object; scope: Scope }>()
  readonly #readers = new Map<number, Reader>()
  /** Stores with a snapshot that has not left. */
  readonly #dirty = new Set<StoreReader>()
  /** Asking ops that wait for their turn. */
  readonly #queue = new Queue<{ message: unknown[]; at: number }>()
  #paused = false
  #sliceStart = 0
  #buffer = Infinity
  #starting: Promise<void> | undefined
  #whenIdle: (() => void) | undefined

  constructor(private readonly parts: ResponderParts) {
    this.#replies = new Replies(parts.outbox, () => this.#pullSnapshots())
    this.#hubs = parts.logic?.hubs ?? new Hubs()
  }

  get stats() {
    return { running: this.#running.size, readers: this.#readers.size, held: this.#held.size }
  }

  /** Adds to the batch that is about to leave: first snapshots, then the replies that must not overtake them. */
  beforeFlush(): void {
    this.#replies.move()
    for (const reader of [...this.#dirty]) if (reader.flow.ready) this.#sendSnapshot(reader)
  }

  /** A message has come in: its slice of time begins. */
  begin(): void {
    this.#sliceStart = performance.now()
  }

  /** Takes an asking op; calls start in the order they came, in slices that let the event loop breathe. */
  ask(message: unknown[], at: number): void {
    if (message[at] === Wire.INVOKE) return this.#run(message, at)
    if (this.#paused) this.#queue.push({ message, at })
    else this.#runInSlice(message, at)
  }

  name(number: number, name: unknown): void {
    if (typeof name === 'string') this.#names.set(number, name)
  }

  acknowledge(id: number): void {
    const reader = this.#readers.get(id)
    if (!(reader instanceof StoreReader)) return
    reader.flow.acknowledged()
    if (reader.flow.waiting || this.#replies.held) this.parts.outbox.schedule()
  }

  credit(id: number, count: unknown): void {
    const reader = this.#readers.get(id)
    if (reader instanceof ValueReader) reader.grant(count as number)
  }

  unsubscribe(id: number): void {
    this.#takeBack(id)
    const reader = this.#readers.get(id)
    if (reader) this.#endReader(reader)
    // A subscription whose method has not given its source yet.
    this.#running.get(id)?.abort(new DOMException('The last reader has left', 'AbortError'))
  }

  letGo(id: number): void {
    const held = this.#held.get(id)
    if (!held) return
    this.#held.delete(id)
    held.scope.abort(new DOMException('Nobody holds the stream any more', 'AbortError'))
    held.scope.release()
  }

  cancel(id: number, reason: unknown): void {
    this.#takeBack(id)
    this.#running.get(id)?.abort(reason)
    const held = this.#held.get(id)
    if (!held) return
    held.scope.abort(reason)
    for (const reader of [...this.#readers.values()]) if (reader.scope === held.scope) reader.error(reason)
  }

  /** No more calls; those that run finish, then the logic is stopped. */
  async close(id: number): Promise<void> {
    this.parts.logic?.abort()
    await this.#starting
    if (this.#running.size > 0 || this.#queue.length > 0)
      await new Promise<void>((idle) => (this.#whenIdle = idle))
    try {
      await this.parts.logic?.stop()
      this.#reply(id, undefined, 'onStop')
    } catch (error) {
      sayThrown(this.#replies, Wire.THROW, id, error, 'onStop')
    }
    this.parts.outbox.flush()
  }

  /** The client is gone: whatever was its own ends. */
  end(): void {
    const gone = new DOMException('The client is gone', 'AbortError')
    this.#queue.clear()
    for (const reader of [...this.#readers.values()]) this.#endReader(reader)
    for (const scope of this.#running.values()) scope.abort(gone)
    for (const { scope } of this.#held.values()) scope.abort(gone)
    this.#running.clear()
    this.#held.clear()
  }

  #runInSlice(message: unknown[], at: number): void {
    this.#run(message, at)
    if (this.#paused || performance.now() - this.#sliceStart < SLICE) return
    this.#paused = true
    this.parts.outbox.flush()
    afterTask(() => this.#resume())
  }

  #resume(): void {
    this.#paused = false
    this.begin()
    while (!this.#paused && this.#queue.length > 0) {
      const { message, at } = this.#queue.shift() as { message: unknown[]; at: number }
      this.#runInSlice(message, at)
    }
    this.#checkIdle()
  }

  /** Takes back what has not begun. */
  #takeBack(id: number): void {
    for (const { message, at } of this.#queue) if (message[at + 1] === id) takeBack(message, at)
  }

  #run(message: unknown[], at: number): void {
    const tag = message[at]
    const id = message[at + 1] as number
    const target = message[at + 2]
    if (tag === Wire.NOTHING) return
    const scope = new Scope()
    let args: unknown[]
    try {
      args = this.#readArguments(message, at, scope)
    } catch (error) {
      return this.#refuse(tag, id, error, 'arguments')
    }
    if (tag === Wire.START) return this.#start(id, target as Wire.StartInfo, args)
    // Malformed: nobody waits for an answer.
    if (typeof target !== 'number') return
    if (tag === Wire.INVOKE) return this.#invoke(id, target, args, scope)
    if (target < 0) return this.#readHeld(tag, id, -target)

    const action = this.#names.get(target) ?? String(target)
    const method = this.parts.logic?.actions.get(action)
    if (!method) return this.#refuse(tag, id, this.#notFound(action), action)
    const give =
      tag === Wire.CALL
        ? (value: unknown) => this.#giveResult(id, value, action, scope)
        : (value: unknown) => this.#giveStream(tag, id, value, action, scope)
    this.#perform(
      tag,
      id,
      () => Reflect.apply(method, this.parts.logic?.instance, args) as unknown,
      give,
      action,
      scope,
    )
  }

  /** Runs a function and gives what comes of it, at once where it is no promise. */
  #perform(
    tag: unknown,
    id: number,
    work: () => unknown,
    give: (value: unknown) => void,
    where: string,
    scope: Scope,
  ): void {
    try {
      const result = scope.run(work)
      if (!isThenable(result)) return give(result)
      this.#running.set(id, scope)
      const settle = (then: () => void) => {
        // The client that asked may be gone.
        if (!this.#running.delete(id)) return
        try {
          then()
        } catch (error) {
          // A result that throws when it is looked at.
          this.#refuse(tag, id, error, where, scope)
        }
        this.#checkIdle()
      }
      result.then(
        (value) => settle(() => give(value)),
        (error: unknown) => settle(() => this.#refuse(tag, id, error, where, scope)),
      )
    } catch (error) {
      this.#refuse(tag, id, error, where, scope)
    }
  }

  #start(id: number, info: Wire.StartInfo, args: unknown[]): void {
    // Said once, and to a thread; any other is not ours.
    if (!this.parts.logic || this.#starting) return
    this.#buffer = info.buffer
    this.#paused = true
    const started = this.parts.logic.start(info, args)
    this.#starting = started.then(
      () => {
        this.#resume()
        return this.#sayReady(id)
      },
      (error: unknown) => sayThrown(this.#replies, Wire.THROW, id, error, 'start'),
    )
  }

  /** Only a thread whose death would be seen is ready; until then its start may still time out. */
  async #sayReady(id: number): Promise<void> {
    const lock = await this.parts.lock
    if (lock) this.parts.outbox.put(Wire.LOCKED, 0, lock, 0)
    this.#reply(id, undefined, 'start')
  }

  #invoke(id: number, callback: number, args: unknown[], scope: Scope): void {
    const found = this.parts.callbacks.get(callback)
    if (!found) return this.#refuse(Wire.INVOKE, id, released(this.parts.name), 'a callback')
    const give = (value: unknown) => this.#giveResult(id, value, 'a callback', scope)
    this.#perform(Wire.INVOKE, id, () => found(...args), give, 'a callback', scope)
  }

  #giveResult(id: number, value: unknown, action: string, scope: Scope): void {
    if (!isPrimitive(value) && isSource(value)) {
      this.#held.set(id, { source: value as object, scope })
      this.#replies.put(Wire.RETURN_STREAM, id, 0, 0)
      return
    }
    scope.release()
    this.#reply(id, value, action)
  }

  #reply(id: number, value: unknown, action: string): void {
    const where = `${this.parts.name}.${action}()`
    try {
      say(this.#replies, Wire.RETURN, id, value, 'result', where)
    } catch (error) {
      sayThrown(this.#replies, Wire.THROW, id, error, where)
    }
  }

  #refuse(tag: unknown, id: number, error: unknown, action: string, scope?: Scope): void {
    scope?.release()
    const where = `${this.parts.name}.${action}()`
    if (tag === Wire.SUBSCRIBE || tag === Wire.ITERATE)
      sayThrown(this.parts.outbox, Wire.FAIL, id, error, where)
    else sayThrown(this.#replies, Wire.THROW, id, error, where)
  }

  #giveStream(tag: unknown, id: number, value: unknown, action: string, scope: Scope): void {
    if (scope.aborted) return scope.release()
    if (!isSource(value)) {
      const message = `thread '${this.parts.name}': ${action}() gave a value, not a stream; call it as an action`
      return this.#refuse(tag, id, new ThreadError('NOT_A_STREAM', message), action, scope)
    }
    this.#read(tag, id, value as object, action, scope, true)
  }

  #readHeld(tag: unknown, id: number, call: number): void {
    const held = this.#held.get(call)
    if (held) return this.#read(tag, id, held.source, 'a stream', held.scope, false)
    const message = `thread '${this.parts.name}': this stream is gone; call its action again`
    this.#refuse(tag, id, new ThreadError('NOT_A_STREAM', message), 'a stream')
  }

  #read(tag: unknown, id: number, source: object, action: string, scope: Scope, ownsScope: boolean): void {
    const hub = this.#hubs.of(source)
    const client: ReaderClient = {
      outbox: this.parts.outbox,
      where: `${this.parts.name}.${action}()`,
      buffer: this.#buffer,
      ended: (reader) => this.#forget(reader),
      offered: (reader) => {
        this.#dirty.add(reader)
        this.parts.outbox.schedule()
      },
    }
    const Kind = tag === Wire.SUBSCRIBE ? StoreReader : ValueReader
    const reader = new Kind(id, hub, scope, ownsScope, client)
    this.#readers.set(id, reader)
    hub.add(reader)
  }

  #endReader(reader: Reader): void {
    this.#forget(reader)
    reader.leave()
  }

  #forget(reader: Reader): void {
    this.#readers.delete(reader.id)
    if (reader instanceof StoreReader) this.#dirty.delete(reader)
    // Replies may have waited for this reader's acknowledgement.
    if (this.#replies.held) this.parts.outbox.schedule()
  }

  /** Before replies leave: what was emitted before them. @returns false where a reader has to catch up first */
  #pullSnapshots(): boolean {
    let caughtUp = true
    for (const reader of [...this.#dirty]) {
      if (reader.flow.pullable) this.#sendSnapshot(reader)
      else if (reader.flow.waiting) caughtUp = false
    }
    return caughtUp
  }

  #sendSnapshot(reader: StoreReader): void {
    this.#dirty.delete(reader)
    reader.send()
  }

  #readArguments(message: unknown[], at: number, scope: Scope): unknown[] {
    const count = message[at + 3] as number
    if (count >= 0) return message.slice(at + 4, at + 4 + count)
    const args: unknown = count === Wire.JSON_ARGS ? JSON.parse(message[at + 4] as string) : message[at + 4]
    if (!Array.isArray(args)) throw new TypeError('malformed arguments')
    if (count === Wire.JSON_ARGS) return args as unknown[]
    fillHoles(message[at + 5], (kind, reference) =>
      kind === Wire.SIGNAL ? scope.signal : this.#stand(reference as number, scope),
    )
    return args
  }

  /** What stands in the thread for a function of the page. */
  #stand(callback: number, scope: Scope): Action {
    let kept = 0
    const stand = (...args: unknown[]) => {
      if (!scope.released || kept > 0) return this.parts.invoke(callback, args)
      const refused = Promise.reject(released(this.parts.name))
      // A late progress report that nobody awaits is no error.
      refused.catch(() => {})
      return refused
    }
    const keep = () => {
      kept++
      this.parts.outbox.put(Wire.KEEP, callback, 0, 0)
      let done = false
      return () => {
        if (done) return
        done = true
        kept--
        this.parts.outbox.put(Wire.RELEASE, callback, 0, 0)
      }
    }
    return Object.defineProperty(stand, KEEP, { value: keep })
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
    if (this.#running.size === 0 && this.#queue.length === 0) this.#whenIdle?.()
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  )
}

function released(thread: string): Error {
  return new ThreadError(
    'CALLBACK_RELEASED',
    `thread '${thread}': the call that this callback was passed to is over; keep it with keep(callback)`,
  )
}
