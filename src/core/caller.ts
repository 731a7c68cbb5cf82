/** The page's asking half: calls of actions, and streams that are subscribed to. */
import * as Wire from './protocol.js'
import { apply } from './apply.js'
import { Asker, type Refusal } from './asker.js'
import { RemoteCall } from './call.js'
import { ThreadError } from './errors.js'
import { deepFreeze } from './freeze.js'
import { iterate } from './iterator.js'
import { beyond, type Limits } from './limits.js'
import type { Line } from './line.js'
import { takeBack } from './outbox.js'
import { DEVELOPMENT } from './report.js'
import type { Shelf } from './shelf.js'
import { Snapshots, type Origin, type Sink } from './snapshot.js'
import { Tracer } from './stacks.js'
import { decode } from './thrown.js'
import { writeDown, Ticket, type Arguments } from './ticket.js'
import type { Observer } from './types.js'

const NONE: Arguments = { count: 0, slots: [] }

/** What outlives a start of the thread, and so its caller: the streams that are read again from the next. */
export interface Front {
  readonly shelf: Shelf
  /** Of streams, in milliseconds. */
  readonly linger: number
  /** What may be open at a time. */
  readonly limits: Limits
  /** Who asks the thread as it runs now. */
  caller(): Caller
}

/** A stream that is read. */
interface Reading {
  sink: Sink<unknown>
  action: string
  /** The call that has brought the stream, or 0. */
  call: number
  /** The last snapshot, and how many patches have led to it since the last whole one. */
  last?: unknown
  patches: number
}

export class Caller extends Asker {
  readonly #sinks = new Map<number, Reading>()
  readonly #numbers = new Map<string, number>()
  readonly #heldStreams = new FinalizationRegistry<number>((id) => this.#letGo(id))
  #snapshots = 0
  #patched = 0
  readonly #tracer = new Tracer()

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
    call.unasked = this.refusal && args
    this.ask(Wire.CALL, this.refusal ? 0 : this.#number(action), call, args)
    return this.pending.has(call.id)
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
    return this.#close('saveState', 1)
  }

  #close(action: string, save: 0 | 1): Promise<unknown> {
    const ticket = new Ticket(this.nextId(), action)
    this.pending.set(ticket.id, ticket)
    this.line.outbox.put(Wire.CLOSE, ticket.id, save, 0)
    return ticket
  }

  /** @param renew the thread starts anew: stores read their streams from the next caller */
  override end(refusal: Refusal, renew = false): void {
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
    if (tag === Wire.RETURN_STREAM) return this.#takeStream(id)
    return tag >= Wire.SNAPSHOT && tag <= Wire.FAIL
      ? this.#hear(tag, id, form, payload)
      : super.take(tag, id, form, payload)
  }

  #takeStream(id: number): boolean {
    const ticket = this.pending.get(id)
    if (!ticket) {
      this.#letGo(id)
      return false
    }
    this.pending.delete(id)
    ticket.forget()
    ticket.resolve(this.#held(ticket))
    return true
  }

  /** Takes what a stream says. @returns false where nobody listens */
  #hear(tag: number, id: number, form: unknown, payload: unknown): boolean {
    const reading = this.#sinks.get(id)
    if (!reading) {
      // Unless the thread hears of it, its replies might wait for ever for this reader to catch up.
      if (tag < Wire.VALUE) this.line.outbox.put(Wire.UNSUBSCRIBE, id, 0, 0)
      return false
    }
    const { sink, call } = reading
    if (tag === Wire.COMPLETE) {
      // The whole is asked for. It came too late, where the stream has ended: then the answer is a failure.
      if (Number.isNaN(reading.patches)) return true
      this.#sinks.delete(id)
      // What was passed to the call that brought this stream is not needed any more.
      if (call) this.cleanUp(call)
      sink.complete()
      return true
    }
    if (tag === Wire.FAIL) {
      // Decoded first: what is malformed ends nothing.
      const error = decode(form, payload)
      this.#sinks.delete(id)
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

  /** Makes a stream of a call that has not left, or of what a call that has left will bring. */
  streamOf(call: RemoteCall): Snapshots<unknown> {
    const { action, unasked } = call
    // As they were passed: the page's objects may have changed since. A refused call has not looked at them yet.
    const { batch } = this.line.outbox
    const again = unasked ? writeDown(unasked) : this.inBatch(call) ? takeBack(batch, call.at) : undefined
    if (!again) return this.#relay(call)
    this.answered(call)

    const args =
      again.count === Wire.JSON_ARGS ? (JSON.parse(again.slots[0] as string) as unknown[]) : again.slots
    const stream = this.front.shelf.take(
      action,
      args,
      () => new Snapshots<unknown>(this.#origin(action, again, () => this.front.caller())),
    )
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

  /**
   * @param caller who asks: of an action, whoever does when it is subscribed to
   * @param held the call that holds the source, where no action gives it
   */
  #origin(action: string, args: Arguments, caller: () => Caller, held?: Ticket): Origin<unknown> {
    const read = (tag: number, sink: Sink<unknown>) => caller().#read(tag, sink, action, args, held)
    return {
      linger: this.front.linger,
      // A source that a call has brought is gone with its thread.
      ...(!held && { failed: this.front.shelf.failed }),
      open: (sink) => read(Wire.SUBSCRIBE, sink).close,
      iterate: () => iterate<unknown>({ open: (sink) => read(Wire.ITERATE, sink) }),
    }
  }

  #read(tag: number, sink: Sink<unknown>, action: string, { count, slots }: Arguments, held?: Ticket) {
    const { outbox } = this.line
    if (this.refusal) {
      const error = this.refusal(action, 'not-sent')
      // On a server a store is silent: the page shows its first value. A loop must not wait for ever.
      const silent = error instanceof ThreadError && error.code === 'INERT' && tag === Wire.SUBSCRIBE
      // Later: a reader may subscribe again when it fails.
      if (!silent) queueMicrotask(() => sink.error(error))
      return { close() {}, grant() {} }
    }
    if (this.#sinks.size >= this.front.limits.subscriptions) {
      queueMicrotask(() => sink.error(this.#beyond('subscriptions', action)))
      return { close() {}, grant() {} }
    }
    const id = this.nextId()
    const target = held ? -held.id : this.#number(action)
    this.#sinks.set(id, { sink, action, call: held?.id ?? 0, patches: 0 })
    outbox.ask(tag, id, target, count, slots)
    return {
      close: () => void (this.#sinks.delete(id) && outbox.put(Wire.UNSUBSCRIBE, id, 0, 0)),
      grant: (count: number) => void (this.#sinks.has(id) && outbox.put(Wire.CREDIT, id, count, 0)),
    }
  }

  #beyond(what: keyof Limits, action: string): Error {
    return beyond(this.name, this.front.limits, what, action)
  }

  /** The stream that a call has brought; its source waits in the thread until nobody holds it here. */
  #held(ticket: Ticket): Snapshots<unknown> {
    // The ticket, not its number: it holds the call, and so the stream, as long as somebody reads it.
    const stream = new Snapshots<unknown>(this.#origin(ticket.action, NONE, () => this, ticket))
    this.#heldStreams.register(stream, ticket.id)
    return stream
  }

  #letGo(id: number): void {
    this.cleanUp(id)
    this.line.outbox.put(Wire.LET_GO, id, 0, 0)
  }

  /** A stream that is subscribed to when the call that brings it has come back. */
  #relay(call: Promise<unknown>): Snapshots<unknown> {
    call.catch(() => {})
    const source = async () => {
      const result = await call
      if (result instanceof Snapshots) return result as Snapshots<unknown>
      throw new ThreadError(
        'NOT_A_STREAM',
        `thread '${this.name}': the call gave a value, not a stream; await it instead`,
      )
    }
    return new Snapshots<unknown>({
      linger: this.front.linger,
      failed: this.front.shelf.failed,
      open: (sink) => {
        let over = false
        let stop = (_linger: number) => {}
        source().then(
          (stream) => void (over || (stop = stream.subscribe(sink as Observer<unknown>))),
          (error: unknown) => over || sink.error(error),
        )
        return () => {
          over = true
          // This stream has lingered already.
          stop(0)
        }
      },
      iterate: async function* () {
        yield* await source()
      } as () => AsyncIterableIterator<unknown, void, undefined>,
    })
  }
}
