/** The thread's answering half: runs actions and gives what comes of them, results and streams. */
import * as Wire from './protocol.js'
import { isFunctionField, isHidden } from './actions.js'
import { Answerer, Call } from './answerer.js'
import type { Asker } from './asker.js'
import type { Endpoint } from './endpoint.js'
import { ActionNotFoundError, LimitError, ThreadError } from './errors.js'
import type { Limits, OpenLimits } from './limits.js'
import type { Line } from './line.js'
import type { Logic } from './logic.js'
import { isPrimitive } from './look.js'
import { nearest } from './nearest.js'
import type { LostOp } from './outbox.js'
import { Publisher } from './publisher.js'
import { Replies } from './replies.js'
import { DEVELOPMENT } from './report.js'
import { sayThrown } from './say.js'
import { isSource } from './feed.js'
import { afterTask } from './task.js'
import { Turns, type Slice } from './turns.js'
import { weigh } from './weigh.js'

/** What a responder needs of the thread that it answers for. */
export interface Desk {
  readonly logic: Logic
  /** Values that may wait for a slow `for await`. */
  readonly buffer: number
  /** Starts the logic, or lets another client in. */
  start(args: unknown[]): Promise<void>
  /** Answers another client. */
  accept(port: Endpoint): void
  /** When it is served. */
  readonly slice: Slice
  /** What it may hold, where it does not own the thread. */
  readonly limits: Limits | undefined
  /** @returns false where no more of this kind may be asked: then the client is out */
  admits(tag: unknown): boolean
  /** Puts the client out. @param what it has more of than it may */
  exceed(what: string): void
  /** Ends in order; gives what the logic has saved, where it is to. */
  close(save: boolean | typeof Wire.CARRY): Promise<unknown>
  /** There is less to do. */
  rested(): void
}

/** Replies to a client that does not own the thread, which may wait for its readers to catch up. */
const HELD = { slots: 1_000, copies: 16 }
/** Bytes of the names of methods, of such a client. */
const MOST_NAMES = 2 ** 18
/** Bytes that a name takes besides its own. */
const NAMED = 64
/** Arguments of fewer bytes are bounded by the number of calls. */
const SMALL = 256

const describeBytes = (most: number) =>
  `the arguments of what is open would take more than ${most} bytes; wait until some of it ends, or raise the option limits.bytes of bgThread`

export class Responder extends Answerer {
  readonly #turns: Turns
  readonly #streams: Publisher
  readonly #replies: Replies
  readonly #names = new Map<number, string>()
  /** What the logic was made with lives as long as it does. */
  #startCall: Call | undefined
  #isClosing = false
  #bytesOfNames = 0
  /** Bytes of the larger arguments, by the numbers of what they were sent for. */
  readonly #weights = new Map<number, number>()
  #bytes = 0

  constructor(
    line: Line,
    asker: Asker,
    private readonly desk: Desk,
  ) {
    super(line, asker)
    const { outbox } = line
    const { slice, limits } = desk
    this.#streams = new Publisher(outbox, desk.logic.hubs, () => limits !== undefined && slice.isOver)
    if (limits) this.#streams.room = { bytes: limits.bytes }
    this.#replies = new Replies(outbox, this.#streams, limits && HELD)
    this.#turns = new Turns(
      (message, at) => this.run(message, at),
      () => outbox.flush(),
      () => this.rested(),
      slice,
    )
    // First snapshots, then the replies that must not overtake them.
    outbox.beforeFlush = () => {
      this.#replies.move()
      this.#streams.sendReady()
    }
  }

  protected override get mouth(): Replies {
    return this.#replies
  }

  override begin(): void {
    this.#turns.begin()
  }

  protected override isOpen(id: number): boolean {
    return super.isOpen(id) || this.#streams.has(id)
  }

  /** Calls take turns; a callback runs at once, before the reply to the call it belongs to. */
  override take(message: unknown[], at: number): boolean {
    const id = message[at + 1] as number
    const a = message[at + 2]
    switch (message[at]) {
      case Wire.CALL:
      case Wire.SUBSCRIBE:
      case Wire.ITERATE:
        if (this.desk.admits(message[at]) && this.#fits(message, at)) this.#turns.take(message, at)
        break
      case Wire.START:
        this.#turns.take(message, at)
        break
      case Wire.CONNECT:
        this.desk.accept(a as Endpoint)
        break
      case Wire.NAME:
        if (typeof a === 'string') this.#name(id, a)
        break
      case Wire.ACKNOWLEDGE:
        this.#streams.acknowledge(id)
        break
      case Wire.WHOLE:
        this.#streams.again(id)
        break
      case Wire.CREDIT:
        this.#streams.credit(id, a)
        break
      case Wire.UNSUBSCRIBE:
        this.#unsubscribe(id)
        break
      case Wire.ADOPT:
        return this.#adopt(id, a)
      case Wire.LET_GO:
        this.#streams.letGo(id)
        break
      case Wire.CLOSE:
        // Nobody asks twice.
        if (this.#isClosing) return false
        void this.#close(id, DEVELOPMENT && a === Wire.CARRY ? a : a === Wire.SAVE)
        break
      default:
        return super.take(message, at)
    }
    return true
  }

  /** A call is read as a stream from now on: before it has begun, while it runs, or when its source is here. */
  #adopt(id: number, tag: unknown): boolean {
    if (!isSubscription(tag)) return false
    if (!this.desk.admits(tag)) return true
    const call = this.running.get(id)
    if (call?.tag === Wire.CALL) call.tag = tag
    else if (!this.#streams.adopt(tag, id, `${this.line.name}.a stream()`)) this.#turns.become(id, tag)
    return true
  }

  #name(id: number, action: string): void {
    this.#bytesOfNames += NAMED + action.length
    if (this.desk.limits && this.#bytesOfNames > MOST_NAMES) this.desk.exceed(`${MOST_NAMES} bytes of names`)
    else this.#names.set(id, action)
  }

  /** What is asked fits into the memory that the client may take. One that is alone there may be larger. */
  #fits(message: unknown[], at: number): boolean {
    const most = this.desk.limits?.bytes ?? Infinity
    if (most === Infinity) return true
    const size = weigh(
      message.slice(at + 4, at + Wire.opLength(message[at] as number, message[at + 3])),
      most,
    )
    if (size < SMALL) return true
    if (this.#bytes + size > most) this.#weighAgain()
    const id = message[at + 1] as number
    if (this.#bytes > 0 && this.#bytes + size > most) {
      const call = new Call(message[at], id, this.#names.get(message[at + 2] as number) ?? 'a call')
      this.refuse(call, new LimitError(`${this.where(call)}: ${describeBytes(most)}`))
      return false
    }
    this.#bytes += size
    this.#weights.set(id, size)
    return true
  }

  /** Forgets what has ended. */
  #weighAgain(): void {
    for (const [id, size] of this.#weights) {
      if (this.isOpen(id) || this.#turns.has(id)) continue
      this.#weights.delete(id)
      this.#bytes -= size
    }
  }

  #unsubscribe(id: number): void {
    this.#turns.takeBack(id)
    this.#streams.unsubscribe(id)
    // A subscription whose method has not given its source yet.
    this.running.get(id)?.abort(new DOMException('The last reader has left', 'AbortError'))
  }

  protected override cancel(id: number, reason: unknown): void {
    this.#turns.takeBack(id)
    this.#streams.cancel(id, reason)
    super.cancel(id, reason)
    if (this.#startCall?.id === id) this.#startCall.abort(reason)
  }

  override lose(op: LostOp, error: Error): void {
    super.lose(op, error)
    if (op.tag >= Wire.SNAPSHOT && op.tag <= Wire.FAIL) this.#streams.fail(op.id, error)
  }

  /**
   * No more calls; those that run finish, then the logic is stopped.
   *
   * @param save it starts again: calls are not waited for, and what the logic saves is the answer
   */
  async #close(id: number, save: boolean | typeof Wire.CARRY): Promise<void> {
    this.#isClosing = true
    const call = new Call(Wire.CLOSE, id, save ? 'saveState' : 'onStop')
    try {
      this.reply(call, await this.desk.close(save))
    } catch (error) {
      this.refuse(call, error)
    }
    this.line.outbox.flush()
  }

  override end(): void {
    this.#turns.clear()
    this.#streams.end()
    super.end()
  }

  protected override answer(call: Call, target: unknown, args: unknown[]): void {
    if (call.tag === Wire.START) return this.#start(call, args)
    // Malformed: nobody waits for an answer.
    if (typeof target !== 'number') return
    if (call.tag === Wire.INVOKE) return super.answer(call, target, args)
    if (target < 0) {
      call.action = 'a stream'
      return this.#readHeld(call, -target)
    }
    call.action = this.#names.get(target) ?? 'a call'
    const { actions, instance } = this.desk.logic
    const method = actions.get(call.action)
    if (!method) return this.refuse(call, this.#notFound(call.action))
    this.perform(call, method, instance, args)
  }

  #start(call: Call, args: unknown[]): void {
    // Said once; any other is not ours.
    if (this.#startCall) return
    this.#streams.buffer = this.desk.buffer
    this.#turns.pause()
    this.#startCall = call
    this.desk.start(args).then(
      () => this.#becomeReady(call),
      (error: unknown) => this.refuse(call, error),
    )
  }

  #becomeReady(call: Call): void {
    this.reply(call, undefined)
    // Heard before the first call begins, which may compute for long.
    this.line.outbox.flush()
    afterTask(() => this.#turns.resume())
  }

  protected override give(call: Call, value: unknown): void {
    const { tag, id } = call
    const source = !isPrimitive(value) && isSource(value) ? (value as object) : undefined
    if (isSubscription(tag)) {
      // The reader may have left while the method was looking for the source.
      if (call.aborted) {
        if (source) this.#streams.discard(source)
        return call.release()
      }
      if (source && !this.desk.admits(tag)) return this.#streams.discard(source)
      if (source) return this.#streams.read(tag, id, source, this.where(call), call)
      return this.refuse(
        call,
        this.#notStream(`${call.action}() gave a value, not a stream; call it as an action`),
      )
    }
    if (!source) return super.give(call, value)
    this.#streams.hold(id, source, call)
    this.#replies.put(Wire.RETURN_STREAM, id, 0, 0)
  }

  #readHeld(call: Call, held: number): void {
    if (this.#streams.readHeld(call.tag, call.id, held, this.where(call))) return
    this.refuse(call, this.#notStream('this stream is gone; call its action again'))
  }

  protected override refuse(call: Call, error: unknown): void {
    if (!isSubscription(call.tag)) return super.refuse(call, error)
    call.release()
    sayThrown(this.line.outbox, Wire.FAIL, call.id, error, this.where(call))
  }

  protected override where(call: Call): string {
    return call.tag === Wire.START ? `${this.line.name}: ${this.desk.logic.step}` : super.where(call)
  }

  #notStream(what: string): ThreadError {
    return new ThreadError('NOT_A_STREAM', `thread '${this.line.name}': ${what}`)
  }

  #notFound(action: string): Error {
    const { name } = this.line
    const { actions, instance } = this.desk.logic
    if (!isHidden(action) && isFunctionField(instance, action))
      return new ThreadError(
        'ACTION_NOT_FOUND',
        `thread '${name}': '${action}' is a field; make it a method to call it from the page`,
      )
    // Where slips are made; a production build leaves the guessing out.
    return new ActionNotFoundError(name, action, DEVELOPMENT ? nearest(action, actions.keys()) : undefined)
  }

  protected override rested(): void {
    this.desk.rested()
  }

  /** Something was asked that has not been answered. */
  get busy(): boolean {
    return this.running.size > 0 || this.#turns.busy
  }

  /** Calls and subscriptions that have not been answered. */
  get calls(): number {
    return this.running.size + this.#turns.length
  }

  /** What has not come to its end: calls whose answers have not left, or whose streams are held, and streams that are read. */
  get open(): OpenLimits {
    return {
      calls: this.calls + this.#replies.length + this.#streams.held,
      subscriptions: this.#streams.size,
    }
  }

  /** Readers of streams. */
  get subscriptions(): number {
    return this.#streams.size
  }
}

const isSubscription = (tag: unknown) => tag === Wire.SUBSCRIBE || tag === Wire.ITERATE
