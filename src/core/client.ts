/** A client, as the thread sees it: the connection to it, and what it may. */
import * as Wire from './protocol.js'
import { Asker } from './asker.js'
import { Connection } from './connection.js'
import type { Endpoint } from './endpoint.js'
import { LimitError, ThreadClosedError } from './errors.js'
import { Gate } from './gate.js'
import type { Limits } from './limits.js'
import { LockWatch } from './lock.js'
import { realm } from './realm.js'
import { Responder, type Desk } from './responder.js'
import { sayThrown } from './say.js'
import type { Service } from './service.js'
import { Share } from './shares.js'
import { OwnSlice, type Slice } from './turns.js'
import type { AttachedThread, ThreadClient } from './types.js'

interface Introduction {
  id: number
  /** What it closes is the thread. */
  owner: boolean
  token: string
  info: Wire.StartInfo
  /** Listens to the endpoint. */
  listener: (event: MessageEvent) => void
  /** The client that has connected this one; none where the owner has, or it came by itself. */
  via: Client | undefined
}

/** Clients that one has connected, and these in their turn. */
const MOST_CONNECTED = 100
/** Messages from it that may wait, whatever its limits are. */
const FEWEST_WAITING = 1_000
/** Messages to it, that may wait to be known as read. */
const MOST_REMEMBERED = 100_000

export class Client implements Desk {
  readonly connection: Connection
  readonly responder!: Responder
  readonly owner: boolean
  /** What the logic is told of it. */
  readonly info: ThreadClient
  /** The logic knows of it. */
  entered = false
  over = false
  /** It was put out. */
  refused = false
  /** How many it has connected. */
  #connected = 0
  readonly slice: Slice
  readonly #start: Wire.StartInfo
  readonly #share: Share | undefined
  readonly #gate: Gate | undefined
  readonly #via: Client | undefined
  /** All that came by the same way: what they have open is counted together. */
  readonly #party: Set<Client>
  #host: AttachedThread<object> | undefined
  readonly #end = new AbortController()
  readonly #watch = new LockWatch(
    { received: () => this.connection.stats.received, ping: () => this.connection.ping() },
    () => this.#drop(),
  )

  constructor(
    private readonly service: Service,
    private readonly endpoint: Endpoint,
    { id, owner, token, info, via, listener }: Introduction,
  ) {
    this.owner = owner
    this.#via = via
    this.#party = via ? via.#party : new Set()
    this.#party.add(this)
    const share = owner ? undefined : new Share(service.shares)
    this.#share = share
    this.slice = share ?? (service.shares.owner = new OwnSlice())
    this.#start = info
    const { name } = info
    this.#host = info.host && realm.outward?.host(info.host, `${name}.host`)
    this.info = {
      id,
      signal: this.#end.signal,
      host: this.#host?.proxy,
      disconnect: () => this.refuse(new ThreadClosedError(`thread '${name}' has disconnected this client`)),
    }
    this.connection = new Connection({
      token,
      name,
      listener,
      asks: (line) => new Asker(line),
      answers: (line, asker) => {
        const responder = new Responder(line, asker, this)
        ;(this as { responder: Responder }).responder = responder
        return responder
      },
      onLocked: (lock) => this.#watch.follow(lock),
      // An owner ends the thread itself.
      ...(share && { isLate: () => share.isOver }),
      onEnd: (how) => owner || this.service.leave(this, how),
    })
    if (share) this.#gate = this.#guard(share)
    this.connection.connect(this.#gate ?? endpoint)
    this.connection.outbox.open()
  }

  get logic() {
    return this.service.logic
  }
  /** The services that it offers. */
  get host(): object | undefined {
    return this.#host?.proxy
  }
  get busy(): boolean {
    return this.responder.busy
  }
  /** Another client has connected it. */
  get isConnected(): boolean {
    return this.#via !== undefined
  }
  /** The name of the lock that it holds as long as it lives. */
  get lock(): string | undefined {
    return this.#watch.name
  }

  get buffer(): number {
    return this.#start.buffer
  }

  start(args: unknown[]): Promise<void> {
    if (this.#start.host && !realm.outward)
      return Promise.reject(
        new Error("this worker has no code to call its host: import 'bgthread/client' in its entry"),
      )
    return this.service.enter(this, this.#start, args)
  }
  accept(port: Endpoint): void {
    if (this.owner) return this.service.accept(port)
    if (this.#party.size >= MOST_CONNECTED || ++this.#connected > MOST_CONNECTED * 10)
      this.exceed(`${MOST_CONNECTED} clients`)
    else this.service.accept(port, false, this)
  }

  /** It is served in its turn, from its first message on. */
  #guard(share: Share): Gate {
    const { connection } = this
    connection.outbox.defer = (work) => share.later(work)
    return new Gate(this.endpoint, share, {
      most: () => ({
        // Even if few calls may be open, a busy thread may have many messages to read: replies, acknowledgements.
        messages: Math.max(FEWEST_WAITING, this.service.limits.calls + this.service.limits.subscriptions),
        bytes: this.service.limits.bytes,
      }),
      isReading: () => connection.isReading,
      goOn: () => connection.goOn(),
      exceed: (what, option) => this.exceed(what, option),
    })
  }

  /** Takes a message, to be read when it is its turn. */
  receive(event: MessageEvent): void {
    const { receive } = this.connection
    if (this.#gate) this.#gate.receive(event, receive)
    else receive(event)
  }
  close(save: boolean | typeof Wire.CARRY): Promise<unknown> {
    return this.service.close(this, save)
  }
  rested(): void {
    this.service.rested()
  }

  get limits(): Limits | undefined {
    // An owner limits itself, and may do with its thread what it likes.
    return this.owner ? undefined : this.service.limits
  }

  admits(tag: unknown): boolean {
    const { limits } = this
    if (!limits) return true
    const open = { calls: 0, subscriptions: 0 }
    for (const { responder } of this.#party) {
      open.calls += responder.open.calls
      open.subscriptions += responder.open.subscriptions
    }
    const { asker, outbox } = this.connection
    // Calls that the client has cancelled may run on, and it does not count them.
    if (open.calls >= limits.calls + limits.subscriptions || asker.stats.pendingCalls > limits.calls)
      this.exceed(`${limits.calls} calls`, 'calls')
    else if (tag !== Wire.CALL && open.subscriptions >= limits.subscriptions)
      this.exceed(`${limits.subscriptions} subscriptions`, 'subscriptions')
    else if (outbox.remembered > MOST_REMEMBERED)
      this.exceed(`${MOST_REMEMBERED} messages that it has not read`)
    return !this.over
  }

  /** @param option the limit that allows more, if one does */
  exceed(what: string, option?: keyof Limits): void {
    const error = new LimitError(
      `thread '${this.connection.name}': a client had ${what} open, which is all it may, and sent more; ` +
        `let some end first${option ? `, or raise the option limits.${option} of bgThread` : ''}`,
    )
    for (const client of [...this.#party]) if (client.#isBehind(this)) client.refuse(error)
  }

  /** It is that client, or was connected by it. */
  #isBehind(client: Client): boolean {
    return client === this || (this.#via !== undefined && this.#via.#isBehind(client))
  }

  /** Puts the client out. */
  refuse(error: Error): void {
    this.refused = true
    this.say(Wire.REFUSED, error)
    this.service.leave(this, Wire.REFUSED)
  }

  /** Its lock is free. A page that was only frozen finds out when it wakes, and comes back. */
  #drop(): void {
    if (this.over) return this.service.lose(this)
    this.say(Wire.DROPPED)
    this.service.leave(this, 'gone')
  }

  /** Tells it what the thread holds as long as it lives. */
  tellLock(name: string): void {
    const { outbox } = this.connection
    outbox.put(Wire.LOCKED, 0, name, 0)
    outbox.flush()
  }

  /** Tells it how the conversation ends. */
  say(how: number, error?: Error): void {
    const { outbox } = this.connection
    sayThrown(outbox, Wire.END, how, error, '')
    outbox.flush()
  }

  /** Watches its lock no longer. */
  forget(): void {
    this.#watch.end()
  }

  tell(error: unknown): void {
    const { outbox } = this.connection
    sayThrown(outbox, Wire.UNCAUGHT, 0, error, `${this.connection.name}: uncaught`)
    outbox.flush()
  }

  /** @param isKept its page may come back: its lock tells when that is gone */
  end(isKept = false): void {
    this.over = true
    if (!isKept) this.forget()
    this.#party.delete(this)
    this.#share?.end()
    this.#end.abort(new DOMException('The client is gone', 'AbortError'))
    this.#host?.terminate()
    this.connection.asker.end(() => new ThreadClosedError('the client is gone'))
    this.connection.close()
    if (!this.owner) this.endpoint.close?.()
  }
}
