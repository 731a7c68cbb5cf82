/** One client's readers of a stream: a store, which wants the newest snapshot, and a `for await`, which wants every value. */
import * as Wire from './protocol.js'
import { diff, NOTHING } from './diff.js'
import { LimitError } from './errors.js'
import { Credit, NewestWins } from './flow.js'
import type { Part } from './part.js'
import type { Outbox } from './outbox.js'
import type { Patch } from './patch.js'
import { Queue } from './queue.js'
import { say, sayThrown, type Mouth } from './say.js'
import type { Scope } from './scope.js'
import type { Hub, SourceReader } from './sources.js'
import { weigh } from './weigh.js'

/** Memory for values that wait. */
export interface Room {
  bytes: number
}

/** What a reader needs of its client. */
export interface ReaderClient {
  readonly outbox: Outbox
  /** Who speaks, for messages: `todos.watchTodos()`. */
  readonly where: string
  /** Values that may wait for a slow `for await`. */
  readonly buffer: number
  /** Bytes that may wait, of all readers of a client that does not own the thread. */
  readonly room?: Room | undefined
  /** The reader has a snapshot to send. */
  offered(reader: StoreReader): void
  /** The reader is over. */
  ended(reader: Reader): void
}

export abstract class Reader implements SourceReader {
  #leaving: (() => void) | undefined

  /** @param scope of the call that gave the stream @param ownsScope the call was for this reader alone */
  constructor(
    readonly id: number,
    protected readonly hub: Hub,
    readonly scope: Scope,
    private readonly ownsScope: boolean,
    protected readonly client: ReaderClient,
  ) {}

  abstract readonly open: boolean
  abstract readonly wantsLast: boolean
  abstract next(value: unknown): void
  /** Something was emitted that has not been sent. */
  protected abstract readonly behind: boolean
  /** What was emitted and has not been sent is not sent any more. */
  protected abstract drop(): void

  error(error: unknown): void {
    // Also where an end is waiting: a last value that cannot be sent must not look like a good end.
    this.#leaving = undefined
    this.#end(() => sayThrown(this.client.outbox, Wire.FAIL, this.id, error, this.client.where))
  }

  complete(): void {
    this.#end(() => this.client.outbox.put(Wire.COMPLETE, this.id, 0, 0))
  }

  /** Ends it now, whatever waits: something it was to have cannot be sent, or was lost. */
  fail(error: unknown): void {
    this.drop()
    this.error(error)
  }

  /** The client does not want any more. */
  leave(): void {
    this.drop()
    this.hub.remove(this)
    if (!this.ownsScope) return
    this.scope.abort(new DOMException('The last reader has left', 'AbortError'))
    this.scope.release()
  }

  /** Everything was sent: an end that has waited for it is said. */
  protected caughtUp(): void {
    if (this.behind || !this.#leaving) return
    this.#leaving()
    this.client.ended(this)
    // What its source throws because of that reason is no news.
    this.hub.remove(this, this.scope.aborted ? this.scope.signal.reason : undefined)
    if (this.ownsScope) this.scope.release()
  }

  #end(tell: () => void): void {
    this.#leaving ??= tell
    this.caughtUp()
  }
}

/** One snapshot in flight, one waiting; the newest wins. */
export class StoreReader extends Reader {
  readonly flow = new NewestWins()
  readonly wantsLast = true
  #newest: unknown
  #picture: Part | undefined
  /** Patches since the last whole snapshot; undefined before the first one. */
  #patches: number | undefined

  get open(): boolean {
    return true
  }
  /** Of what the reader has, as far as it can be followed. */
  get picture(): Part | undefined {
    return this.#picture
  }
  protected get behind(): boolean {
    return this.flow.waiting
  }
  protected drop(): void {
    if (this.flow.waiting) this.hub.counts.skipped++
    this.flow.dropped()
  }

  next(value: unknown): void {
    this.drop()
    this.hub.counts.emitted++
    this.#newest = value
    this.#offer()
  }

  /** The reader has lost track: it is to have the whole, which counts in place of what was sent last. */
  again(): void {
    if (this.#patches === undefined) return
    this.#picture = undefined
    if (!this.flow.waiting) this.hub.counts[this.#patches > 0 ? 'patches' : 'wholes']--
    this.#offer()
  }

  #offer(): void {
    this.flow.offer()
    this.client.offered(this)
  }

  /** Sends the newest snapshot as it is now: what has changed in it, where that is known. */
  send(): void {
    const { hub } = this
    const snapshot = this.#newest
    // First of all: looking at the snapshot may run getters of the logic, which may emit a newer one.
    this.flow.sent()
    const old = this.#picture
    const follows = hub.follows(snapshot)
    try {
      // The page begins to read while the picture of the whole is taken.
      if (!old || !follows) this.#sayWhole(snapshot)
      this.#picture = follows ? hub.picture(snapshot, this) : undefined
      if (old && follows) this.#sayWhatChanged(old, this.#picture, snapshot)
    } catch (error) {
      return this.fail(error)
    }
    this.caughtUp()
  }

  #sayWhatChanged(old: Part, now: Part | undefined, snapshot: unknown): void {
    const patch = now === old ? NOTHING : now && diff(old, now)
    if (patch === NOTHING) {
      this.hub.counts.skipped++
      return this.flow.acknowledged()
    }
    if (!patch || !this.#sayPatch(patch, snapshot)) this.#sayWhole(snapshot)
  }

  /** @returns false where it cannot be cloned: the whole then says where in the snapshot that is */
  #sayPatch(patch: Patch, snapshot: unknown): boolean {
    const number = (this.#patches as number) + 1
    const { outbox, where } = this.client
    try {
      say(outbox, Wire.PATCH, this.id, [number, patch], 'snapshot', where, false, snapshot)
    } catch {
      return false
    }
    this.#patches = number
    this.hub.counts.patches++
    return true
  }

  #sayWhole(snapshot: unknown): void {
    this.#patches = 0
    const { outbox, where } = this.client
    const { counts } = this.hub
    // Counted first, as one that is not sent, and so also where it cannot be.
    counts.skipped++
    say(outbox, Wire.SNAPSHOT, this.id, snapshot, 'snapshot', where, !this.hub.shared)
    counts.skipped--
    counts.wholes++
  }
}

/** A value that waits for credit. */
type Shelved = [form: unknown, payload: unknown, transfer: Transferable[], bytes: number]

/** Bytes that a value takes which waits, besides its own. */
const SHELVED = 64

/** Every value as it was emitted, as far as the reader's credit goes; then values wait. */
export class ValueReader extends Reader {
  readonly wantsLast = false
  readonly #credit = new Credit()
  readonly #waiting = new Queue<Shelved>()

  get open(): boolean {
    return this.#credit.open && this.#waiting.length === 0
  }
  protected get behind(): boolean {
    return this.#waiting.length > 0
  }
  protected drop(): void {
    const { room } = this.client
    if (room) while (this.behind) room.bytes += this.#take()[3]
    this.#waiting.clear()
  }

  next(value: unknown): void {
    const { outbox, where, buffer, room } = this.client
    if (!this.open && (this.#waiting.length >= buffer || (room && room.bytes <= 0))) {
      const message = `${where}: more than ${this.#waiting.length} values wait for a reader; read faster, take snapshots, or raise the option 'buffer'`
      return this.fail(new LimitError(message))
    }
    try {
      const { open } = this
      say(open ? outbox : this.#shelve, Wire.VALUE, this.id, value, 'value', where, !this.hub.shared)
      if (open) this.#credit.spend()
    } catch (error) {
      this.error(error)
    }
  }

  grant(count: number): void {
    this.#credit.grant(count)
    while (this.#credit.open && this.#waiting.length > 0) {
      const [form, payload, transfer, bytes] = this.#take()
      if (this.client.room) this.client.room.bytes += bytes
      this.#credit.spend()
      this.client.outbox.post([Wire.VALUE, this.id, form, payload], transfer)
    }
    this.caughtUp()
    this.hub.pull()
  }

  #take(): Shelved {
    return this.#waiting.shift() as Shelved
  }

  #push(form: unknown, payload: unknown, transfer: Transferable[]): void {
    const { room } = this.client
    const bytes = room ? SHELVED + weigh(payload) : 0
    if (room) room.bytes -= bytes
    this.#waiting.push([form, payload, transfer, bytes])
  }

  /** Keeps a value as it is now. */
  readonly #shelve: Mouth = {
    put: (_tag, _id, form, payload) => this.#push(form, payload, []),
    post: ([, , form, payload], transfer) => {
      const [copy, moved] = structuredClone([payload, transfer], { transfer }) as [unknown, Transferable[]]
      this.#push(form, copy, moved)
    },
  }
}
