/** The page's asking half: calls of actions, and streams that are subscribed to. */
import * as Wire from './protocol.js'
import { apply } from './apply.js'
import { Asker, type Refusal } from './asker.js'
import { RemoteCall } from './call.js'
import { ThreadError } from './errors.js'
import { deepFreeze } from './freeze.js'
import { iterate } from './iterator.js'
import type { Line } from './line.js'
import { takeBack } from './outbox.js'
import { DEVELOPMENT } from './report.js'
import { Shelf } from './shelf.js'
import { Snapshots, type Origin, type Sink } from './snapshot.js'
import { Tracer } from './stacks.js'
import { decode } from './thrown.js'
import { writeDown, Ticket, type Arguments } from './ticket.js'
import type { Observer } from './types.js'

const NONE: Arguments = { count: 0, slots: [] }

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
  readonly #shelf = new Shelf()
  readonly #heldStreams = new FinalizationRegistry<number>((id) => this.#letGo(id))
  #snapshots = 0
  #patched = 0
  readonly #tracer = new Tracer()

  /** @param linger of streams, in milliseconds */
  constructor(
    line: Line,
    readonly linger: number,
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
    let number = 0
    if (this.refusal) call.unasked = args
    else {
      call.trace = this.#tracer.take(action, above)
      number = this.#number(action)
    }
    this.ask(Wire.CALL, number, call, args)
    return call
  }

  /** Starts the logic; settles when it is ready. */
  start(info: Wire.StartInfo, args: readonly unknown[]): Promise<unknown> {
    const ticket = new Ticket(this.nextId(), 'start')
    ticket.lasting = true
    this.ask(Wire.START, info, ticket, args)
    return ticket
  }

  /** Asks the other side to end in order; settles when it has. */
  close(): Promise<unknown> {
    const ticket = new Ticket(this.nextId(), 'close')
    this.pending.set(ticket.id, ticket)
    this.line.outbox.put(Wire.CLOSE, ticket.id, 0, 0)
    return ticket
  }

  override end(refusal: Refusal): void {
    super.end(refusal)
    const { outcome } = this
    const sinks = [...this.#sinks.values()]
    this.#sinks.clear()
    for (const { sink, action } of sinks) sink.error(refusal(action, outcome))
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
    if (!reading) return false
    const { sink, call } = reading
    if (tag === Wire.COMPLETE) {
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
    const stream = this.#shelf.take(
      action,
      args,
      () => new Snapshots<unknown>(this.#origin(action, () => this.#number(action), again)),
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

  /** @param target where the subscriptions go: a method's number, or below zero the call that holds the source */
  #origin(action: string, target: () => number, { count, slots }: Arguments): Origin<unknown> {
    const ask = (tag: number, sink: Sink<unknown>): number | undefined => {
      if (this.refusal) {
        const error = this.refusal(action, 'not-sent')
        // On a server a store is silent: the page shows its first value. A loop must not wait for ever.
        const silent = error instanceof ThreadError && error.code === 'INERT' && tag === Wire.SUBSCRIBE
        // Later: a reader may subscribe again when it fails.
        if (!silent) queueMicrotask(() => sink.error(error))
        return undefined
      }
      const id = this.nextId()
      const number = target()
      this.#sinks.set(id, { sink, action, call: number < 0 ? -number : 0, patches: 0 })
      this.line.outbox.ask(tag, id, number, count, slots)
      return id
    }
    const close = (id: number | undefined) => {
      if (id !== undefined && this.#sinks.delete(id)) this.line.outbox.put(Wire.UNSUBSCRIBE, id, 0, 0)
    }
    return {
      linger: this.linger,
      open: (sink) => {
        const id = ask(Wire.SUBSCRIBE, sink)
        return () => close(id)
      },
      iterate: () =>
        iterate<unknown>({
          open: (sink) => {
            const id = ask(Wire.ITERATE, sink)
            return {
              grant: (count) =>
                void (
                  id !== undefined &&
                  this.#sinks.has(id) &&
                  this.line.outbox.put(Wire.CREDIT, id, count, 0)
                ),
              close: () => close(id),
            }
          },
        }),
    }
  }

  /** The stream that a call has brought; its source waits in the thread until nobody holds it here. */
  #held(ticket: Ticket): Snapshots<unknown> {
    // The ticket, not its number: it holds the call, and so the stream, as long as somebody reads it.
    const stream = new Snapshots<unknown>(this.#origin(ticket.action, () => -ticket.id, NONE))
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
      linger: this.linger,
      open: (sink) => {
        let over = false
        let stop = () => {}
        source().then(
          (stream) => void (over || (stop = stream.subscribe(sink as Observer<unknown>))),
          (error: unknown) => over || sink.error(error),
        )
        return () => {
          over = true
          stop()
        }
      },
      iterate: async function* () {
        yield* await source()
      } as () => AsyncIterableIterator<unknown, void, undefined>,
    })
  }
}
