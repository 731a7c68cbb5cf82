/** The asking half of a connection, as far as both sides need it: questions that wait for an answer, and callbacks. */
import * as Wire from './protocol.js'
import { CallLines, drop } from './connect.js'
import type { Line } from './line.js'
import { lookAt } from './look.js'
import { warnOfLostFields } from './lost-fields.js'
import { takeBack, type LostOp } from './outbox.js'
import { holdsMiscloned } from './miscloned.js'
import { DEVELOPMENT } from './report.js'
import type { HoleKeeper, RichArguments } from './rich.js'
import { makeRich } from './rich.js'
import { notCloneable, sayThrown } from './say.js'
import { decode } from './thrown.js'
import { Signals } from './signals.js'
import { withoutEvent, writeDown, Ticket } from './ticket.js'

/** Why nothing can be asked, said of one action. */
export type Refusal = (action: string, outcome: 'not-sent' | 'unknown') => Error

export class Asker {
  protected readonly pending = new Map<number, Ticket>()
  /** What ends with a call, or with the stream it has brought. */
  readonly #cleanups = new Map<number, (() => void)[]>()
  protected refusal: Refusal | undefined
  readonly #signals = new Signals()
  #lastId = 0

  constructor(protected readonly line: Line) {}

  get stats() {
    return { pendingCalls: this.pending.size, signals: this.#signals.size }
  }

  /** An answer is waited for. */
  get isAwaited(): boolean {
    return this.pending.size > 0
  }

  /** What has become of calls that nobody will answer. */
  protected get outcome(): 'not-sent' | 'unknown' {
    return this.line.outbox.waiting ? 'not-sent' : 'unknown'
  }

  /** A stream is read under this number. */
  reads(_id: number): boolean {
    return false
  }

  nextId(): number {
    return ++this.#lastId
  }

  /**
   * Calls a function that the other side has passed as an argument.
   *
   * @param signal of the call it was passed to: when that aborts, its answer is not awaited any more
   * @param isKept it may outlive that call
   */
  invoke(
    callback: number,
    args: readonly unknown[],
    signal: AbortSignal,
    isKept: () => boolean,
  ): Promise<unknown> {
    const ticket = new Ticket(this.nextId(), 'a callback')
    this.ask(Wire.INVOKE, callback, ticket, args)
    ticket.catch(() => {})
    const { id } = ticket
    if (this.pending.has(id)) {
      const giveUp = (reason: unknown) => void (isKept() || this.cancel(id, reason))
      this.#addCleanUp(id, this.#signals.follow(signal, giveUp))
    }
    return ticket
  }

  /** From now on calls reject at once; those that were made go on. */
  refuse(refusal: Refusal): void {
    this.refusal ??= refusal
  }

  /** Nothing will be answered any more: all that is pending fails. */
  end(refusal: Refusal): void {
    this.refusal = refusal
    const { outcome } = this
    for (const ticket of [...this.pending.values()]) this.fail(ticket, refusal(ticket.action, outcome))
    for (const id of [...this.#cleanups.keys()]) this.cleanUp(id)
  }

  /** Takes an answer. @returns false where nobody waits for it */
  take(tag: number, id: number, form: unknown, payload: unknown): boolean {
    const ticket = this.pending.get(id)
    if (!ticket || (tag !== Wire.RETURN && tag !== Wire.THROW)) return false
    try {
      const value = decode(form, payload)
      if (tag === Wire.THROW) this.fail(ticket, form === Wire.ERROR ? ticket.explain(value) : value)
      else {
        // What the logic was made with belongs to it as long as it lives.
        this.answered(ticket, ticket.lasting)
        ticket.resolve(value)
      }
    } catch (error) {
      this.fail(ticket, error)
    }
    return true
  }

  /** What was asked never arrived. */
  lose({ tag, id }: LostOp, error: Error): void {
    const ticket = this.pending.get(id)
    if (ticket && tag < Wire.NOTHING) this.fail(ticket, error)
    // Its reason, that is.
    if (tag === Wire.CANCEL) sayThrown(this.line.outbox, tag, id, error, '')
  }

  /** Gives up a call, or the stream that it has brought. */
  cancel(id: number, reason: unknown): void {
    const { outbox, name } = this.line
    const ticket = this.pending.get(id)
    const inBatch = ticket && this.inBatch(ticket)
    const known = ticket || this.#cleanups.has(id)
    if (ticket) {
      ticket.givenUp = !inBatch
      this.fail(ticket, reason)
    }
    if (inBatch) takeBack(outbox.batch, ticket.at)
    else if (known) sayThrown(outbox, Wire.CANCEL, id, reason, `${name}: the abort of a call`)
  }

  protected fail(ticket: Ticket, error: unknown): void {
    this.answered(ticket)
    ticket.reject(error)
  }

  /** It has not left. */
  protected inBatch({ batch }: Ticket): boolean {
    return batch !== undefined && batch === this.line.outbox.batch
  }

  /** The call is answered or given up. @param lasting what belongs to it stays */
  protected answered(ticket: Ticket, lasting = false): void {
    this.pending.delete(ticket.id)
    ticket.forget()
    if (!lasting) this.cleanUp(ticket.id)
  }

  #addCleanUp(id: number, cleanUp: () => void): void {
    this.#cleanups.set(id, [...(this.#cleanups.get(id) ?? []), cleanUp])
  }

  /** What belonged to a call goes. */
  protected cleanUp(id: number): void {
    const { callbacks } = this.line
    if (this.#cleanups.size === 0 && callbacks.size === 0) return
    for (const cleanUp of this.#cleanups.get(id) ?? []) cleanUp()
    this.#cleanups.delete(id)
    callbacks.releaseOwner(id)
  }

  /** @param moves what is in the target, and moves with it */
  protected ask(
    tag: number,
    target: unknown,
    ticket: Ticket,
    args: readonly unknown[],
    moves: readonly Transferable[] = [],
  ): void {
    const { outbox } = this.line
    const { id, action } = ticket
    // A thread that is told to close while it restarts starts nevertheless: calls wait for it.
    if (this.refusal && tag !== Wire.START) return ticket.reject(this.refusal(action, 'not-sent'))
    this.pending.set(id, ticket)
    // Before the batch is looked at: reading may run code of the page, which may call.
    const again = tag === Wire.START ? undefined : writeDown(args)
    if (!again) return this.#post(tag, target, ticket, args, moves)
    ticket.at = outbox.batch.length
    ticket.batch = outbox.batch
    outbox.ask(tag, id, target as number, again.count, again.slots)
  }

  /**
   * Arguments that could still be changed leave now. Most are plain data or platform objects and are posted as they
   * are; only when that fails are they searched for what has to cross in another way.
   */
  #post(
    tag: number,
    target: unknown,
    ticket: Ticket,
    given: readonly unknown[],
    moves: readonly Transferable[],
  ): void {
    const { id } = ticket
    const args = withoutEvent(given)
    if (args !== given) return this.ask(tag, target, ticket, args, moves)
    const where = `${this.line.name}.${ticket.action}()`
    const lines = new CallLines()
    const keeper = this.#keeper(ticket, lines)
    let rich: RichArguments | undefined
    const search = (everywhere: boolean) => {
      this.cleanUp(id)
      rich = makeRich(args, keeper, everywhere)
      rich.moves.add(moves)
    }
    const send = () => {
      // An aborted signal was found: what was entered after it belongs to nothing.
      if (!this.pending.has(id)) {
        drop(lines.all)
        return this.cleanUp(id)
      }
      const op = rich
        ? [tag, id, target, Wire.RICH_ARGS, rich.args, rich.holes]
        : [tag, id, target, args.length, ...args]
      this.line.outbox.post(op, rich?.moves.list ?? [...moves], tag === Wire.START)
      rich?.moves.spend()
    }
    try {
      if (lookAt(args) === 'special') search(false)
      if (holdsMiscloned(rich?.args ?? args, DEVELOPMENT ? warnOfLostFields(args, 'args', where) : undefined))
        search(true)
      try {
        send()
      } catch {
        search(true)
        send()
      }
    } catch (cause) {
      drop(lines.all)
      this.fail(ticket, notCloneable(rich?.args ?? args, 'args', where, rich?.moves.list ?? moves, cause))
    }
  }

  #keeper(ticket: Ticket, lines: CallLines): HoleKeeper {
    const { id } = ticket
    return {
      addCallback: (callback, self) => this.line.callbacks.add(callback, id, self),
      addSignal: (signal) => {
        if (signal.aborted) this.fail(ticket, signal.reason)
        else this.#addCleanUp(id, this.#follow(signal, id))
        return 0
      },
      addLine: (connect) => lines.to(connect),
    }
  }

  /** By its number only: a signal that lives long must not keep the call, and what it brought, alive. */
  #follow(signal: AbortSignal, id: number): () => void {
    return this.#signals.follow(signal, (reason) => this.cancel(id, reason))
  }
}
