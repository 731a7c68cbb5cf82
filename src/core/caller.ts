/** The asking half of a connection: calls that wait for their answer, and streams that are subscribed to. */
import * as Wire from './protocol.js'
import type { HoleKeeper, RichArguments } from './rich.js'
import { makeRich } from './rich.js'
import type { RemoteCall } from './call.js'
import type { Callbacks } from './callbacks.js'
import { ThreadError } from './errors.js'
import { deepFreeze } from './freeze.js'
import { iterate } from './iterator.js'
import { lookAt } from './look.js'
import { takeBack, type LostOp, type Outbox } from './outbox.js'
import { DEVELOPMENT } from './report.js'
import { notCloneable, sayThrown } from './say.js'
import { Shelf } from './shelf.js'
import { Snapshots, type Origin, type Sink } from './snapshot.js'
import { apply } from './apply.js'
import { appendStack, Tracer } from './stacks.js'
import { decode } from './thrown.js'
import { freeze, Ticket, type Arguments } from './ticket.js'
import type { Observer } from './types.js'

/** Why nothing can be asked, said of one action. */
export type Refusal = (action: string, outcome: 'not-sent' | 'unknown') => Error

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

export class Caller {
  readonly #pending = new Map<number, Ticket>()
  readonly #sinks = new Map<number, Reading>()
  readonly #numbers = new Map<string, number>()
  readonly #shelf = new Shelf()
  readonly #heldStreams = new FinalizationRegistry<number>((id) => this.#letGo(id))
  /** What ends with a call, or with the stream it has brought. */
  readonly #cleanups = new Map<number, (() => void)[]>()
  #signals = 0
  #snapshots = 0
  #patched = 0
  #lastId = 0
  #refusal: Refusal | undefined
  readonly #tracer = new Tracer()

  /** @param name the thread's, for messages @param linger of streams, in milliseconds */
  constructor(
    readonly outbox: Outbox,
    readonly callbacks: Callbacks,
    readonly name: string,
    readonly linger: number,
  ) {}

  get stats() {
    return {
      pendingCalls: this.#pending.size,
      subscriptions: this.#sinks.size,
      signals: this.#signals,
      snapshots: this.#snapshots,
      patches: this.#patched,
    }
  }

  /** @param above the function whose caller is the user's line, for the stack */
  call(action: string, args: readonly unknown[], above?: unknown): RemoteCall {
    const ticket = new Ticket(this, action, args)
    if (this.#refusal) {
      ticket.fail(this.#refusal(action, 'not-sent'))
      return ticket.call
    }
    ticket.trace = this.#tracer.take(action, above)
    this.#ask(Wire.CALL, this.#number(action), ticket)
    return ticket.call
  }

  /** Calls a function of the other side that it passed as an argument. */
  invoke(callback: number, args: readonly unknown[]): Promise<unknown> {
    const ticket = new Ticket(this, 'a callback', args)
    if (this.#refusal) ticket.fail(this.#refusal('a callback', 'not-sent'))
    else this.#ask(Wire.INVOKE, callback, ticket)
    // A promise and no more: what the page's function gives is not for the logic to subscribe to.
    const result = ticket.call.then((value) => value)
    result.catch(() => {})
    return result
  }

  /** Starts the logic; settles when it is ready. */
  start(info: Wire.StartInfo, args: readonly unknown[]): Promise<unknown> {
    const ticket = new Ticket(this, 'start', args)
    ticket.lasting = true
    this.#ask(Wire.START, info, ticket)
    return ticket.call
  }

  /** Asks the other side to end in order; settles when it has. */
  close(): Promise<unknown> {
    const ticket = new Ticket(this, 'close', [])
    this.#pending.set(ticket.id, ticket)
    this.outbox.put(Wire.CLOSE, ticket.id, 0, 0)
    return ticket.call
  }

  /** From now on calls reject at once; those that were made go on. */
  refuse(refusal: Refusal): void {
    this.#refusal ??= refusal
  }

  /** Nothing will be answered any more: all that is pending fails. */
  end(refusal: Refusal): void {
    this.#refusal = refusal
    const outcome = this.outbox.waiting ? 'not-sent' : 'unknown'
    for (const ticket of [...this.#pending.values()]) ticket.fail(refusal(ticket.action, outcome))
    for (const id of [...this.#cleanups.keys()]) this.#cleanUp(id)
    const sinks = [...this.#sinks.values()]
    this.#sinks.clear()
    for (const { sink, action } of sinks) sink.error(refusal(action, outcome))
  }

  /** Takes an answer. @returns false where nobody waits for it */
  answer(tag: number, id: number, form: unknown, payload: unknown): boolean {
    const ticket = this.#pending.get(id)
    if (!ticket) {
      if (tag === Wire.RETURN_STREAM) this.#letGo(id)
      return false
    }
    if (tag === Wire.RETURN_STREAM) {
      this.#pending.delete(id)
      ticket.forget()
      ticket.resolve(this.#held(ticket))
      return true
    }
    let value: unknown
    try {
      value = decode(form, payload)
    } catch (error) {
      ticket.fail(error)
      return true
    }
    if (tag === Wire.RETURN) {
      this.#pending.delete(id)
      ticket.forget()
      // What the logic was made with belongs to it as long as it lives.
      if (!ticket.lasting) this.#cleanUp(id)
      ticket.resolve(value)
    } else {
      if (form === Wire.ERROR) appendStack(value as Error, `${this.name}.${ticket.action}()`, ticket.trace)
      ticket.fail(value)
    }
    return true
  }

  /** What was asked never arrived. */
  lose({ tag, id }: LostOp, error: Error): void {
    if (tag < Wire.NOTHING) this.#pending.get(id)?.fail(error)
  }

  /** Takes what a stream says. @returns false where nobody listens */
  hear(tag: number, id: number, form: unknown, payload: unknown): boolean {
    const reading = this.#sinks.get(id)
    if (!reading) return false
    const { sink, call } = reading
    if (tag === Wire.COMPLETE) {
      this.#sinks.delete(id)
      // What was passed to the call that brought this stream is not needed any more.
      if (call) this.#cleanUp(call)
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
    if (tag !== Wire.VALUE) this.outbox.put(Wire.ACKNOWLEDGE, id, 0, 0)
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
      reading.last = apply(reading.last, patch, DEVELOPMENT)
    } catch {
      // One before it was lost, or it is malformed.
      reading.patches = NaN
      this.outbox.put(Wire.WHOLE, id, 0, 0)
      return false
    }
    reading.patches++
    this.#snapshots++
    this.#patched++
    reading.sink.next(reading.last)
    return true
  }

  /** The call is answered or given up: what belonged to it goes. */
  settle(id: number): void {
    this.#pending.get(id)?.forget()
    this.#pending.delete(id)
    this.#cleanUp(id)
  }

  /** Gives up a call, or the stream that it has brought. */
  cancel(id: number, reason: unknown): void {
    const ticket = this.#pending.get(id)
    const inBatch = ticket?.inBatch
    const known = ticket || this.#cleanups.has(id)
    ticket?.fail(reason)
    if (inBatch) takeBack(this.outbox.batch, ticket?.at ?? 0)
    else if (known) sayThrown(this.outbox, Wire.CANCEL, id, reason, `${this.name}: a call`)
  }

  #cleanUp(id: number): void {
    if (this.#cleanups.size === 0 && this.callbacks.size === 0) return
    for (const cleanUp of this.#cleanups.get(id) ?? []) cleanUp()
    this.#cleanups.delete(id)
    this.callbacks.releaseOwner(id)
  }

  /** Makes a stream of a call that has not left, or of what a call that has left will bring. */
  streamOf(ticket: Ticket): Snapshots<unknown> {
    const { action, inBatch, asked } = ticket
    // As they were passed: the page's objects may have changed since. A refused call has not looked at them yet.
    const again = ticket.again ?? freeze(ticket.args)
    if ((asked && !inBatch) || !again) return this.#relay(ticket.call)
    if (inBatch) takeBack(this.outbox.batch, ticket.at)
    this.settle(ticket.id)

    const args =
      again.count === Wire.JSON_ARGS ? (JSON.parse(again.slots[0] as string) as unknown[]) : again.slots
    const stream = this.#shelf.take(
      action,
      args,
      () => new Snapshots<unknown>(this.#origin(action, () => this.#number(action), again)),
    )
    ticket.resolve(stream)
    return stream
  }

  #ask(tag: number, target: unknown, ticket: Ticket): void {
    const { id, args } = ticket
    const { outbox } = this
    ticket.asked = true
    this.#pending.set(id, ticket)
    // Before the batch is looked at: reading may run code of the page, which may call.
    const again = tag === Wire.START ? undefined : freeze(args)
    if (!again) return this.#post(tag, target, ticket)
    ticket.again = again
    ticket.at = outbox.batch.length
    ticket.batch = outbox.batch
    outbox.ask(tag, id, target as number, again.count, again.slots)
  }

  /**
   * Arguments that could still be changed leave now. Most are plain data or platform objects and are posted as they
   * are; only when that fails are they searched for what has to cross in another way.
   */
  #post(tag: number, target: unknown, ticket: Ticket): void {
    // `onclick={proxy.refresh}`: no event can cross, so none was meant to.
    if (ticket.args.length === 1 && typeof Event === 'function' && ticket.args[0] instanceof Event) {
      ticket.args = []
      return this.#ask(tag, target, ticket)
    }
    const { id, args } = ticket
    let rich: RichArguments | undefined
    const attempt = () => {
      // An aborted signal was found: what was entered after it belongs to nothing.
      if (ticket.failed) return this.#cleanUp(id)
      const op = rich
        ? [tag, id, target, Wire.RICH_ARGS, rich.args, rich.holes]
        : [tag, id, target, args.length, ...args]
      this.outbox.post(op, rich?.transfer ?? [])
    }
    const transfer: Transferable[] = []
    const keeper = this.#keeper(ticket)
    const search = (everywhere: boolean) => {
      this.#cleanUp(id)
      rich = makeRich(args, keeper, everywhere)
      // Marks are spent by the first walk, and what they mark still moves in the second.
      for (const item of rich.transfer) transfer.push(item)
      rich.transfer = transfer
    }
    try {
      if (lookAt(args) === 'special') search(false)
      try {
        attempt()
      } catch {
        search(true)
        attempt()
      }
    } catch (cause) {
      const where = `${this.name}.${ticket.action}()`
      ticket.fail(notCloneable(rich?.args ?? args, 'args', where, transfer, cause))
    }
  }

  #keeper(ticket: Ticket): HoleKeeper {
    const { id } = ticket
    return {
      addCallback: (callback) => this.callbacks.add(callback, id),
      addSignal: (signal) => {
        if (signal.aborted) ticket.fail(signal.reason)
        else this.#cleanups.set(id, [...(this.#cleanups.get(id) ?? []), this.#follow(signal, id)])
        return 0
      },
    }
  }

  /** By its number only: a signal that lives long must not keep the call, and what it brought, alive. */
  #follow(signal: AbortSignal, id: number): () => void {
    const abort = () => this.cancel(id, signal.reason)
    signal.addEventListener('abort', abort)
    this.#signals++
    return () => {
      this.#signals--
      signal.removeEventListener('abort', abort)
    }
  }

  /** A name is said once; then its number stands for it. */
  #number(action: string): number {
    let number = this.#numbers.get(action)
    if (number === undefined) {
      number = this.#numbers.size
      this.#numbers.set(action, number)
      this.outbox.put(Wire.NAME, number, action, 0)
    }
    return number
  }

  /** @param target where the subscriptions go: a method's number, or below zero the call that holds the source */
  #origin(action: string, target: () => number, { count, slots }: Arguments): Origin<unknown> {
    const ask = (tag: number, sink: Sink<unknown>): number | undefined => {
      if (this.#refusal) {
        const error = this.#refusal(action, 'not-sent')
        // On a server a store is silent: the page shows its first value. A loop must not wait for ever.
        const silent = error instanceof ThreadError && error.code === 'INERT' && tag === Wire.SUBSCRIBE
        // Later: a reader may subscribe again when it fails.
        if (!silent) queueMicrotask(() => sink.error(error))
        return undefined
      }
      const id = this.nextId()
      const number = target()
      this.#sinks.set(id, { sink, action, call: number < 0 ? -number : 0, patches: NaN })
      this.outbox.ask(tag, id, number, count, slots)
      return id
    }
    const close = (id: number | undefined) => {
      if (id !== undefined && this.#sinks.delete(id)) this.outbox.put(Wire.UNSUBSCRIBE, id, 0, 0)
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
                void (id !== undefined && this.#sinks.has(id) && this.outbox.put(Wire.CREDIT, id, count, 0)),
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
    this.#cleanUp(id)
    this.outbox.put(Wire.LET_GO, id, 0, 0)
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

  nextId(): number {
    return ++this.#lastId
  }
}
