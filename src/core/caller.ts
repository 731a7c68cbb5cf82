/** The page's asking half: calls of actions, and streams that are subscribed to. */
import * as Wire from './protocol.js'
import { argumentsOf } from './again.js'
import { apply } from './apply.js'
import { Asker, type Refusal } from './asker.js'
import { CallClock } from './call-clock.js'
import { RemoteCall } from './call.js'
import { ThreadError, ThreadTimeoutError } from './errors.js'
import { deepFreeze } from './freeze.js'
import { iterate, type Valve } from './iterator.js'
import { beyond, type OpenLimits } from './limits.js'
import type { Line } from './line.js'
import { slotsAt, takeBack, type LostOp } from './outbox.js'
import { DEVELOPMENT } from './report.js'
import type { Shelf } from './shelf.js'
import { Snapshots, type Origin, type Sink } from './snapshot.js'
import { Tracer } from './stacks.js'
import type { RemoteStream } from './streaming.js'
import { decode } from './thrown.js'
import { readArguments, Ticket, writeDown } from './ticket.js'

/** What outlives a start of the thread, and so its caller: the streams that are read again from the next. */
export interface Front {
  readonly shelf: Shelf
  /** Of streams, in milliseconds. */
  readonly linger: number
  /** What may be open at a time. */
  readonly limits: OpenLimits
  /** Milliseconds that each call may take. */
  readonly callTimeout?: number | undefined
  /** Who asks the thread as it runs now. */
  caller(): Caller
}

/** A stream that is read. */
interface Reading {
  sink: Sink<unknown>
  action: string
  /** The call that holds the stream, or 0. */
  call: number
  /** The last snapshot, and how many patches have led to it since the last whole one. */
  last?: unknown
  patches: number
}

export class Caller extends Asker {
  readonly #sinks = new Map<number, Reading>()
  readonly #numbers = new Map<string, number>()
  readonly #heldStreams = new FinalizationRegistry<number>((id) => this.#letGo(id))
  /** In development: the thread is replaced after an edit. */
  declare carries?: typeof Wire.CARRY
  #snapshots = 0
  #patched = 0
  readonly #tracer = new Tracer()
  readonly #clock = new CallClock(
    this.pending,
    (id) => this.line.callbacks.isAtWork(id),
    (call) => this.#timeOut(call),
  )

  constructor(
    line: Line,
    private readonly front: Front,
  ) {
    super(line)
  }

  get name(): string {
    return this.line.name
  }

  override get stats() {
    return {
      ...super.stats,
      subscriptions: this.#sinks.size,
      snapshots: this.#snapshots,
      patches: this.#patched,
    }
  }

  /** @param above the function whose caller is the user's line, for the stack */
  call(action: string, args: readonly unknown[], above?: unknown): RemoteCall {
    const call = new RemoteCall(this, action)
    if (!this.refusal) call.trace = this.#tracer.take(action, above)
    this.send(call, args)
    return call
  }

  /**
   * Asks for a call, also for one that was made elsewhere and has waited there for its turn.
   *
   * @returns false where there is no answer to wait for: it has been rejected
   */
  send(call: RemoteCall, args: readonly unknown[]): boolean {
    const { action } = call
    if (call.caller !== this) {
      call.caller = this
      call.id = this.nextId()
    }
    if (this.pending.size >= this.front.limits.calls) {
      call.reject(this.#beyond('calls', action))
      return false
    }
    call.args = this.refusal && args
    this.ask(Wire.CALL, this.refusal ? 0 : this.#number(action), call, args)
    const waits = this.pending.has(call.id)
    call.timeout ??= this.front.callTimeout
    if (waits) this.bound(call)
    // Needed where it turns out to be a stream; else it holds them only until it is answered.
    if (waits && !call.batch) call.args = args
    return waits
  }

  /** The thread is ready: time passes for calls from now on. */
  beReady(): void {
    this.#clock.start()
  }

  bound(call: RemoteCall): void {
    this.#clock.watch(call)
  }

  #timeOut({ id, action, timeout, again }: RemoteCall): void {
    if (again || !this.pending.has(id)) return
    const { outcome } = this
    this.cancel(
      id,
      new ThreadTimeoutError(
        `thread '${this.name}': ${action}() was not done after ${timeout} ms; give it a longer callTimeout, or none`,
        outcome,
      ),
    )
  }

  /** Starts the logic, ahead of all that was asked already; settles when it is ready. */
  start(info: Wire.StartInfo, args: readonly unknown[]): Promise<unknown> {
    const ticket = new Ticket(this.nextId(), 'start')
    ticket.lasting = true
    this.ask(Wire.START, info, ticket, args, info.host && [info.host])
    return ticket
  }

  /** Asks the other side to end in order; settles when it has. */
  close(): Promise<unknown> {
    return this.#close('close', 0)
  }

  /** Asks the other side to end in order, without waiting for calls; gives what its logic has saved. */
  save(): Promise<unknown> {
    return this.#close('saveState', (DEVELOPMENT && this.carries) || Wire.SAVE)
  }

  #close(action: string, save: 0 | typeof Wire.SAVE | typeof Wire.CARRY): Promise<unknown> {
    const ticket = new Ticket(this.nextId(), action)
    this.pending.set(ticket.id, ticket)
    this.line.outbox.put(Wire.CLOSE, ticket.id, save, 0)
    return ticket
  }

  /** @param renew the thread starts anew: stores read their streams from the next caller */
  override end(refusal: Refusal, renew = false): void {
    this.#clock.stop()
    super.end(refusal)
    const { outcome } = this
    const sinks = [...this.#sinks.values()]
    this.#sinks.clear()
    for (const { sink, action, call } of sinks) {
      // A source that a call has brought is gone with its thread.
      if (renew && sink.renew && !call) sink.renew()
      else sink.error(refusal(action, outcome))
    }
  }

  override take(tag: number, id: number, form: unknown, payload: unknown): boolean {
    // A call that has become a subscription may be answered all the same.
    const reading = this.#sinks.get(id)
    if (tag === Wire.RETURN_STREAM) return reading !== undefined || this.#takeStream(id)
    return reading || tag >= Wire.SNAPSHOT
      ? this.#hear(tag, id, form, payload, reading)
      : super.take(tag, id, form, payload)
  }

  override reads(id: number): boolean {
    return this.#sinks.has(id)
  }

  override lose(op: LostOp, error: Error): void {
    super.lose(op, error)
    if (op.tag < Wire.NOTHING) this.#forget(op.id)?.sink.error(error)
  }

  override cancel(id: number, reason: unknown): void {
    super.cancel(id, reason)
    this.#forget(id)?.sink.error(reason)
  }

  /** Its source waits in the thread until nobody holds it here. */
  #takeStream(id: number): boolean {
    const call = this.pending.get(id)
    if (!(call instanceof RemoteCall)) {
      this.#letGo(id)
      return false
    }
    this.pending.delete(id)
    call.lasting = true
    if (call.batch) call.args = readArguments(slotsAt(call.batch, call.at))
    call.batch = call.trace = undefined
    call.whenOver?.()
    const stream = (call.stream ??= this.#streamOfSent(call))
    this.#heldStreams.register(stream, id)
    call.resolve(stream)
    return true
  }

  /** Takes what a stream says. @returns false where nobody listens */
  #hear(tag: number, id: number, form: unknown, payload: unknown, reading?: Reading): boolean {
    if (!reading) {
      // Unless the thread hears of it, its replies might wait for ever for this reader to catch up.
      if (tag < Wire.VALUE) this.line.outbox.put(Wire.UNSUBSCRIBE, id, 0, 0)
      return false
    }
    const { sink, call } = reading
    if (tag === Wire.COMPLETE) {
      // The whole is asked for. It came too late, where the stream has ended: then the answer is a failure.
      if (Number.isNaN(reading.patches)) return true
      this.#forget(id)
      // What was passed to the call that brought this stream is not needed any more.
      if (call) this.cleanUp(call)
      sink.complete()
      return true
    }
    if (tag === Wire.RETURN || tag === Wire.THROW || tag === Wire.FAIL) {
      // Decoded first: what is malformed ends nothing.
      const error = tag === Wire.RETURN ? this.#noStream(reading.action) : decode(form, payload)
      this.#forget(id)
      sink.error(error)
      return true
    }
    if (tag !== Wire.VALUE) this.line.outbox.put(Wire.ACKNOWLEDGE, id, 0, 0)
    const value = decode(form, payload)
    if (tag === Wire.PATCH) return this.#hearPatch(id, reading, value)
    if (tag === Wire.SNAPSHOT) {
      if (DEVELOPMENT) deepFreeze(value)
      reading.last = value
      reading.patches = 0
      this.#snapshots++
    }
    sink.next(value)
    return true
  }

  #hearPatch(id: number, reading: Reading, payload: unknown): boolean {
    try {
      const [number, patch] = payload as [number, unknown]
      if (number !== reading.patches + 1) throw new TypeError('a patch for another snapshot')
      reading.last = apply(reading.last, patch)
      if (DEVELOPMENT) deepFreeze(reading.last)
    } catch {
      // One before it was lost, or it is malformed: nothing fits until the whole comes, which is asked for once.
      if (!Number.isNaN(reading.patches)) this.line.outbox.put(Wire.WHOLE, id, 0, 0)
      reading.patches = NaN
      return false
    }
    reading.patches++
    this.#snapshots++
    this.#patched++
    reading.sink.next(reading.last)
    return true
  }

  /** Makes a stream of a call. One that has left becomes its first subscription. */
  streamOf(call: RemoteCall): RemoteStream<unknown> {
    const { action, id } = call
    const waits = this.inBatch(call)
    const again = argumentsOf(call, this.name)
    if (call.lasting || (this.pending.has(id) && !waits)) {
      call.again = again
      // The copies are enough.
      call.args = undefined
      return call.stream ?? this.#streamOfSent(call)
    }
    // It has failed, or was given up, or has given a value.
    if (!again) return call.stream ?? this.#streamOfSettled(call)

    if (waits) takeBack(this.line.outbox.batch, call.at)
    this.answered(call)
    call.again = again
    const make = () =>
      new Snapshots<unknown>(this.#origin((tag, sink) => this.front.caller().#read(tag, sink, action, again)))
    const isPlain = !(again instanceof Error) && writeDown(again)
    const stream = isPlain ? this.front.shelf.take(action, again, make) : make()
    call.resolve(stream)
    return stream
  }

  /** A name is said once; then its number stands for it. */
  #number(action: string): number {
    let number = this.#numbers.get(action)
    if (number === undefined) {
      number = this.#numbers.size
      this.#numbers.set(action, number)
      this.line.outbox.put(Wire.NAME, number, action, 0)
    }
    return number
  }

  /** @param call that has brought the stream */
  #origin(
    read: (tag: number, sink: Sink<unknown>) => ReturnType<Valve<unknown>['open']>,
    call?: RemoteCall,
  ): Origin<unknown> {
    const { linger, shelf } = this.front
    return {
      linger,
      // A source that a call has brought is gone with its thread, unless it is called anew.
      get failed() {
        return call && !call.again ? undefined : shelf.failed
      },
      open: (sink) => read(Wire.SUBSCRIBE, sink).close,
      iterate: () => iterate<unknown>({ open: (sink) => read(Wire.ITERATE, sink) }),
    }
  }

  /**
   * @param args what the action is called with
   * @param call the call that has left and brings the stream, instead
   */
  #read(
    tag: number,
    sink: Sink<unknown>,
    action: string,
    args: readonly unknown[] | Error,
    call?: RemoteCall,
  ): ReturnType<Valve<unknown>['open']> {
    const { outbox } = this.line
    // Later: a reader may subscribe again when it fails.
    const fail = (error: unknown) => {
      queueMicrotask(() => sink.error(error))
      return { close() {}, grant() {} }
    }
    if (this.refusal) {
      const error = this.refusal(action, 'not-sent')
      // On a server a store is silent: the page shows its first value. A loop must not wait for ever.
      const silent = error instanceof ThreadError && error.code === 'INERT' && tag === Wire.SUBSCRIBE
      return silent ? { close() {}, grant() {} } : fail(error)
    }
    if (this.#sinks.size >= this.front.limits.subscriptions)
      return fail(this.#beyond('subscriptions', action))
    if (args instanceof Error && !call) return fail(args)
    const becomes = call?.again
    const ticket = becomes ? call : new Ticket(this.nextId(), action)
    const { id } = ticket
    this.#sinks.set(id, { sink, action, call: becomes ? 0 : (call?.id ?? 0), patches: 0 })
    if (becomes) {
      call.lasting = false
      this.answered(call, true)
      call.resolve(call.stream)
      outbox.put(Wire.ADOPT, id, tag, 0)
    } else if (call) outbox.ask(tag, id, -call.id, 0, [])
    else {
      this.ask(tag, this.#number(action), ticket, args as readonly unknown[])
      ticket.catch((error: unknown) => this.#forget(id)?.sink.error(error))
      this.pending.delete(id)
    }
    return {
      close: () => void (this.#forget(id) && outbox.put(Wire.UNSUBSCRIBE, id, 0, 0)),
      grant: (count: number) => void (this.#sinks.has(id) && outbox.put(Wire.CREDIT, id, count, 0)),
    }
  }

  /** It is read no more; its callbacks and signals go with it. */
  #forget(id: number): Reading | undefined {
    const reading = this.#sinks.get(id)
    if (!reading) return undefined
    this.#sinks.delete(id)
    this.cleanUp(id)
    return reading
  }

  #beyond(what: keyof OpenLimits, action: string): Error {
    return beyond(this.name, this.front.limits, what, action)
  }

  #noStream(action: string): ThreadError {
    return new ThreadError(
      'NOT_A_STREAM',
      `thread '${this.name}': ${action}() gave a value, not a stream; await it instead`,
    )
  }

  /**
   * The stream of a call that has left. Once it was taken as a stream, its first reader gets what the call brings, and a
   * later one calls anew. One that was only awaited stays what the call has brought, as long as it is held here.
   */
  #streamOfSent(call: RemoteCall): Snapshots<unknown> {
    return new Snapshots<unknown>(
      this.#origin((tag, sink) => {
        const { action, again = [], id } = call
        if (call.again && (this.refusal || !(call.lasting || this.pending.has(id))))
          return this.front.caller().#read(tag, sink, action, again)
        return this.#read(tag, sink, action, again, call)
      }, call),
    )
  }

  #streamOfSettled(call: RemoteCall): Snapshots<unknown> {
    return new Snapshots<unknown>(
      this.#origin((_, sink) => {
        call.then(
          () => sink.error(this.#noStream(call.action)),
          (error: unknown) => sink.error(error),
        )
        return { close() {}, grant() {} }
      }, call),
    )
  }

  #letGo(id: number): void {
    this.cleanUp(id)
    this.line.outbox.put(Wire.LET_GO, id, 0, 0)
  }
}
