/** A client, as the thread sees it: the connection to it, and what it may. */
import * as Wire from './protocol.js'
import { Asker } from './asker.js'
import { Connection } from './connection.js'
import type { Endpoint } from './endpoint.js'
import { LimitError, ThreadClosedError } from './errors.js'
import { LockWatch } from './lock.js'
import { realm } from './realm.js'
import { Responder, type Desk } from './responder.js'
import { sayThrown } from './say.js'
import type { Service } from './service.js'
import type { AttachedThread, ThreadClient } from './types.js'

interface Introduction {
  id: number
  /** What it closes is the thread. */
  owner: boolean
  token: string
  info: Wire.StartInfo
  /** Listens to the endpoint. */
  listener: (event: MessageEvent) => void
}

export class Client implements Desk {
  readonly connection: Connection
  readonly responder!: Responder
  readonly owner: boolean
  /** What the logic is told of it. */
  readonly info: ThreadClient
  /** The logic knows of it. */
  entered = false
  over = false
  readonly #start: Wire.StartInfo
  #host: AttachedThread<object> | undefined
  readonly #end = new AbortController()
  readonly #watch = new LockWatch(
    { received: () => this.connection.stats.received, ping: () => this.connection.ping() },
    () => this.#drop(),
  )

  constructor(
    private readonly service: Service,
    private readonly endpoint: Endpoint,
    { id, owner, token, info, listener }: Introduction,
  ) {
    this.owner = owner
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
      onEnd: (how) => owner || this.service.leave(this, how),
    })
    this.connection.connect(endpoint)
    this.connection.outbox.open()
  }

  get logic() {
    return this.service.logic
  }
  get locked() {
    return this.service.locked
  }
  /** The services that it offers. */
  get host(): object | undefined {
    return this.#host?.proxy
  }
  get busy(): boolean {
    return this.responder.busy
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
    this.service.accept(port)
  }
  close(save: boolean): Promise<unknown> {
    return this.service.close(this, save)
  }
  rested(): void {
    this.service.rested()
  }

  /** Something more is asked for. @returns false where that is one too many: then the client is out */
  admits(open: number): boolean {
    const { calls, subscriptions } = this.service.limits
    // An owner limits itself, and may do with its thread what it likes.
    if (this.owner || open < calls + subscriptions) return true
    this.refuse(
      new LimitError(
        `thread '${this.connection.name}': a client had ${open} calls and subscriptions open, which is all it may, ` +
          'and asked for more; let some end first, or raise the option limits of bgThread',
      ),
    )
    return false
  }

  /** Puts the client out. */
  refuse(error: Error): void {
    this.say(Wire.REFUSED, error)
    this.service.leave(this, Wire.REFUSED)
  }

  /** Its lock is free. A page that was only frozen finds out when it wakes, and comes back. */
  #drop(): void {
    this.say(Wire.DROPPED)
    this.service.leave(this, 'gone')
  }

  /** Tells it what the thread holds as long as it lives. */
  lock(name: string): void {
    this.connection.outbox.put(Wire.LOCKED, 0, name, 0)
  }

  /** Tells it how the conversation ends. */
  say(how: number, error?: Error): void {
    const { outbox } = this.connection
    sayThrown(outbox, Wire.END, how, error, '')
    outbox.flush()
  }

  tell(error: unknown): void {
    const { outbox } = this.connection
    sayThrown(outbox, Wire.UNCAUGHT, 0, error, `${this.connection.name}: uncaught`)
    outbox.flush()
  }

  end(): void {
    this.over = true
    this.#watch.end()
    this.#end.abort(new DOMException('The client is gone', 'AbortError'))
    this.#host?.terminate()
    this.connection.asker.end(() => new ThreadClosedError('the client is gone'))
    this.connection.close()
    if (!this.owner) this.endpoint.close?.()
  }
}
