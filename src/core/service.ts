/** A logic and the clients it answers: the page that has started it, and others that have a port to it. */
import * as Wire from './protocol.js'
import { Client } from './client.js'
import { isPort, type Endpoint } from './endpoint.js'
import { CLIENT_LIMITS, readLimits, type Limits } from './limits.js'
import type { LifeLock } from './lock.js'
import { Logic } from './logic.js'
import { realm } from './realm.js'
import { DEVELOPMENT, report } from './report.js'
import type { ThreadContext } from './types.js'
import { Shares } from './shares.js'
import { isToken } from './token.js'

export interface ServiceOptions {
  /** Held as long as this thread lives. */
  lock?: LifeLock
  /** No client owns this thread; it is to end when it could not start, and when its last client closes it. */
  shared?: () => void
}

/** Messages of a client that has not introduced itself. */
const MOST_BEFORE_START = 100

export class Service {
  readonly logic: Logic
  readonly #lock: LifeLock | undefined
  /** The name of the lock that is held now. */
  #held: string | undefined
  /** Of each client that does not own the thread. */
  limits = CLIENT_LIMITS
  readonly shares = new Shares()
  readonly #shared: (() => void) | undefined
  readonly clients = new Set<Client>()
  /** In development: what the thread that replaces this one goes on with. */
  declare carried?: Promise<unknown>
  #starting: Promise<void> | undefined
  /** Clients whose pages are kept and may come back, by the locks of these. */
  readonly #kept = new Map<string | undefined, Client>()
  /** A page that has closed the thread may still be open: it keeps the worker. */
  #isHeld = false
  /** It is shared, and about to end. */
  #ending = false
  #lastId = 0
  /** Those who wait until something is at rest. */
  readonly #waiting = new Set<() => void>()

  /** @param exposed a class, a factory function, an instance, or a promise of one of these */
  constructor(exposed: unknown, { lock, shared }: ServiceOptions = {}) {
    this.logic = new Logic(exposed)
    this.#lock = lock
    this.#shared = shared
    lock?.follow((name) => {
      this.#held = name
      for (const client of this.clients) client.tellLock(name)
    })
  }

  /**
   * Says hello, and answers whoever says start.
   *
   * @param owner what this client closes is the thread
   * @param via the client that has connected this one
   */
  accept(endpoint: Endpoint, owner = false, via?: Client): void {
    if (this.#ending) return void this.#turnAway(endpoint)
    let client: Client | undefined
    let token: string
    let before = 0
    // One listener for good, and the first: libraries in the logic may listen to the worker's messages, too, and know only
    // their own.
    const listener = (event: MessageEvent) => {
      if (client) {
        // Only an owner's endpoint may be a worker. To look at a message decodes it, which is the client's time.
        if (owner && event.data?.[0] === token) event.stopImmediatePropagation()
        return client.receive(event)
      }
      const info = startInfo(event.data)
      // An owner's endpoint may be a worker, where a library in the logic posts messages of its own.
      if (!info) return void (!owner && ++before > MOST_BEFORE_START && giveUp())
      event.stopImmediatePropagation()
      via?.info.signal.removeEventListener('abort', giveUpToo)
      if (this.#ending) {
        endpoint.removeEventListener('message', listener)
        return void this.#letWait(endpoint, event.data[0])
      }
      token = event.data[0] as string
      client = new Client(this, endpoint, { id: ++this.#lastId, owner, token, info, via, listener })
      this.clients.add(client)
      if (this.#held) client.tellLock(this.#held)
      client.receive(event)
    }
    const giveUp = () => {
      endpoint.removeEventListener('message', listener)
      endpoint.close?.()
    }
    const giveUpToo = () => void (via?.refused && giveUp())
    via?.info.signal.addEventListener('abort', giveUpToo)
    endpoint.addEventListener('message', listener)
    endpoint.start?.()
    void this.#greet(endpoint)
  }

  /** A shared thread may end with another tab at any time, before its start is done, too: that is seen from here on. */
  async #greet(endpoint: Endpoint): Promise<void> {
    const lock = this.#shared && (await this.#lock?.held)
    endpoint.postMessage({ bgthread: Wire.VERSION, ...(lock && { lock }) } satisfies Wire.Hello, [])
  }

  /** Whoever comes to a shared thread that ends is to find the next one, and has said nothing yet. */
  async #turnAway(endpoint: Endpoint): Promise<void> {
    const ending = await this.#lock?.held
    // Where no lock tells, it hears nothing and comes again.
    if (ending) endpoint.postMessage({ bgthread: Wire.VERSION, ending } satisfies Wire.Hello, [])
  }

  /** Whoever has just missed it hears of its end. */
  async #letWait(endpoint: Endpoint, token: string): Promise<void> {
    const lock = await this.#lock?.held
    const end = lock ? [Wire.LOCKED, 0, lock, 0] : [Wire.END, Wire.DROPPED, Wire.RAW, undefined]
    endpoint.postMessage([token, ...end], [])
  }

  /** A client has said start: the first one's is that of the logic. Settles when the client may be answered. */
  async enter(client: Client, info: Wire.StartInfo, args: unknown[]): Promise<void> {
    if (!this.#starting) {
      this.limits = readLimits(info.limits)
      this.#starting = this.#start(info, args)
      // Whoever comes next is to find another.
      this.#starting.catch(() => this.#endShared())
    }
    await this.#starting
    if (client.over) return
    await this.logic.connect(client.info)
    client.entered = true
    if (client.over) this.#disconnect(client)
  }

  /** What the logic does may end the worker, or keep it busy: its page has the name of the lock before that. */
  async #start(info: Wire.StartInfo, args: unknown[]): Promise<void> {
    if (this.#lock) await this.#lock.held
    await this.logic.start(info, args, this.#context(info))
  }

  #context({ name, epoch }: Wire.StartInfo): Omit<ThreadContext, 'signal'> {
    const clients = this.clients
    return {
      name,
      epoch,
      stats: () => this.stats,
      get host() {
        for (const client of clients) if (client.host) return client.host
        return undefined as never
      },
    }
  }

  get stats() {
    const sum = {
      clients: this.clients.size,
      pendingCalls: 0,
      subscriptions: 0,
      callbacks: 0,
      sent: 0,
      received: 0,
      ignored: 0,
    }
    for (const { connection, responder } of this.clients) {
      const { sent, received, ignored, pendingCalls } = connection.stats
      sum.pendingCalls += responder.calls
      sum.subscriptions += responder.subscriptions
      sum.callbacks += pendingCalls
      sum.sent += sent
      sum.received += received
      sum.ignored += ignored
    }
    return { ...sum, ...this.logic.hubs.stats }
  }

  /** @param save the thread starts again: calls are not waited for, and what the logic saves is given */
  async close(client: Client, save: boolean | typeof Wire.CARRY): Promise<unknown> {
    // Each tab that shares the thread asks, and all get the same. The last that leaves ends it.
    if (DEVELOPMENT && save === Wire.CARRY)
      return (this.carried ??= (async () => {
        this.logic.abort()
        await this.#starting?.catch(() => {})
        for (const { responder } of this.clients)
          responder.abortAll(new DOMException('The thread is replaced after an edit', 'AbortError'))
        for (const { connection } of this.clients) connection.outbox.flush()
        const { isMadeOfClass, instance } = this.logic
        const { carry } = realm
        const carries = carry && isMadeOfClass && !('saveState' in instance)
        const state = await (carries ? carry.save(instance, client.connection.name) : this.logic.save())
        await this.logic.stop()
        return state
      })())
    const others = [...this.clients].filter((other) => other !== client)
    if (!client.owner && (save || !this.#shared || others.length > 0)) {
      await this.#until(() => !client.busy)
      return undefined
    }
    this.#ending = this.#shared !== undefined
    this.logic.abort()
    await this.#starting?.catch(() => {})
    if (!save) for (const other of others) other.say(Wire.CLOSED)
    const clients = [client, ...others]
    if (save)
      for (const { responder } of clients)
        responder.abortAll(new DOMException('The thread is restarted', 'AbortError'))
    else await this.#until(() => !clients.some(({ busy }) => busy))
    // What was answered arrives before what `onStop` brings.
    for (const { connection } of clients) connection.outbox.flush()
    try {
      const state = save ? await this.logic.save() : undefined
      await this.logic.stop()
      return state
    } finally {
      this.#endShared()
    }
  }

  /** What has been answered leaves first. */
  #endShared(): void {
    this.#ending = this.#shared !== undefined
    if (this.#shared) setTimeout(this.#shared)
  }

  /** A client has less to do. */
  rested(): void {
    for (const look of this.#waiting) look()
  }

  #until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!isSo()) return
        this.#waiting.delete(look)
        resolve()
      }
      this.#waiting.add(look)
      look()
    })
  }

  /**
   * Ends what was a client's. The last one ends a shared thread if it closes it, or if its page is gone and no page that
   * is only kept may come back: pages that have closed the thread would keep the worker.
   *
   * @param how it has closed the thread, leaves it for a while (`DROPPED`), is put out, or is found gone
   */
  leave(client: Client, how: number | 'gone'): void {
    if (!this.clients.delete(client)) return
    const isKept = how === Wire.DROPPED && this.#shared !== undefined && !client.isConnected
    if (isKept) this.#keep(client)
    else if (how !== 'gone') this.#isHeld = true
    client.end(isKept)
    if (client.entered) this.#disconnect(client)
    this.rested()
    if (how === Wire.CLOSED || (how === 'gone' && this.#kept.size === 0)) this.#endUnused()
  }

  /** Its lock was asked for before its page was kept. A request from now on would end the page in Chromium. */
  #keep(client: Client): void {
    this.#kept.get(client.lock)?.forget()
    this.#kept.set(client.lock, client)
  }

  /** The page of a client that has left for a while is gone, or has given up its lock, as suspended pages do in WebKit. */
  lose(client: Client): void {
    if (this.#kept.get(client.lock) !== client) return
    this.#kept.delete(client.lock)
    if (this.#kept.size === 0 && this.#isHeld) this.#endUnused()
  }

  #endUnused(): void {
    if (this.#ending || this.clients.size > 0) return
    this.logic.abort()
    this.#endShared()
  }

  #disconnect({ info }: Client): void {
    this.logic.disconnect(info).catch(report)
  }

  /** Nothing in the thread has caught this: its owner is told, or all who share it. @returns whether anybody was */
  tell(error: unknown): boolean {
    const told = [...this.clients].filter(({ owner }) => owner || this.#shared)
    for (const client of told) client.tell(error)
    return told.length > 0
  }

  end(): void {
    this.logic.abort()
    for (const client of this.clients) client.end()
    this.clients.clear()
  }
}

/** What a client sends first, as far as it is well-formed: any client may send anything. */
function startInfo(message: unknown): Wire.StartInfo | undefined {
  if (!Array.isArray(message)) return undefined
  const [token, tag, , info] = message
  if (!isToken(token) || tag !== Wire.START || typeof info !== 'object' || info === null) return undefined
  const { name, epoch, buffer, state, compute, limits, host } = info as Record<keyof Wire.StartInfo, unknown>
  if (typeof name !== 'string' || !Number.isSafeInteger(epoch) || typeof buffer !== 'number') return undefined
  return {
    name,
    epoch: epoch as number,
    buffer,
    state,
    compute: compute === true,
    limits: limits as Partial<Limits>,
    host: isPort(host) ? host : undefined,
  }
}
