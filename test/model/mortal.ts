/** A thread that can hang, and die without a word, in process: a real port in the place of a worker. */
import type { ThreadContext } from 'bgthread/worker'
import type { Endpoint } from '../../src/core/endpoint.js'
import type { LifeLock } from '../../src/core/lock.js'
import { serve } from '../../src/core/serve.js'

/** What runs one instance of a logic. */
export interface Body {
  /** It takes nothing in until it is woken, like one that computes for long. */
  hang(): void
  wake(): void
  /** It has been woken, and has not heard all that was said meanwhile. */
  isBehind(): boolean
  /** Ends it as a crash would: it says nothing any more, and the platform releases its lock a moment later. */
  die(): void
}

/** How a logic is made in its body: as by a factory in a worker. */
export type Make<T> = (context: ThreadContext, body: Body) => T | Promise<T>

/**
 * Makes loads of threads that can hang and die.
 *
 * @param make a fresh instance for each start
 * @param options `locks: false`: as where there are no Web Locks
 * @returns the load, and what runs now
 */
export function mortals<T extends object>(
  make: Make<T>,
  { locks = true } = {},
): { load: () => Worker; current: () => Body; behind: () => boolean } {
  let current: Body | undefined
  const load = () => {
    const { port1, port2 } = new MessageChannel()
    const { lock, release } = locks ? holdLock() : { lock: undefined, release() {} }
    const ear = new Ear(port2)
    const body: Body = {
      isBehind: () => ear.isBehind,
      hang: () => ear.close(),
      wake: () => ear.open(),
      die() {
        port2.close()
        setImmediate(() => {
          release()
          // What it held is gone with it.
          end()
        })
      },
    }
    current = body
    const end = serve(ear, (context: ThreadContext) => make(context, body), lock && { lock })
    port1.start()
    port2.start()
    const terminate = () => {
      port1.close()
      release()
      end()
    }
    const listen = port1.addEventListener.bind(port1)
    // As in browsers, where nothing tells that a worker has died.
    const addEventListener: typeof listen = (type: string, ...rest: [never]) =>
      void (type === 'close' || listen(type, ...rest))
    return Object.assign(port1, { terminate, addEventListener }) as unknown as Worker
  }
  return {
    load,
    behind: () => current?.isBehind() ?? false,
    current() {
      if (!current) throw new Error('nothing has started')
      return current
    },
  }
}

/** A port that can be deaf for a while: what comes then is heard later, in order. */
class Ear implements Endpoint {
  readonly #listeners = new Set<(event: MessageEvent) => void>()
  readonly #missed: MessageEvent[] = []
  #closed = false

  constructor(private readonly port: MessagePort) {
    port.addEventListener('message', (event) => {
      if (this.#closed || this.#missed.length > 0) this.#missed.push(event)
      else this.#hear(event)
    })
  }
  postMessage(message: unknown, transfer: Transferable[]): void {
    this.port.postMessage(message, transfer)
  }
  addEventListener(type: string, listener: (event: MessageEvent) => void): void {
    if (type === 'message') this.#listeners.add(listener)
  }
  removeEventListener(_type: string, listener: (event: MessageEvent) => void): void {
    this.#listeners.delete(listener)
  }
  close(): void {
    this.#closed = true
  }
  /** It hears, and not yet all that has come. */
  get isBehind(): boolean {
    return !this.#closed && this.#missed.length > 0
  }
  /** Each of them in a task of its own, like a message. */
  open(): void {
    this.#closed = false
    const next = () => {
      const event = this.#closed ? undefined : this.#missed.shift()
      if (!event) return
      this.#hear(event)
      setImmediate(next)
    }
    setImmediate(next)
  }
  #hear(event: MessageEvent): void {
    for (const listener of [...this.#listeners]) listener(event)
  }
}

/** Holds a lock as a worker does, until it is told to release it. */
function holdLock(): { lock: LifeLock; release(): void } {
  const name = `bgthread:life ${crypto.randomUUID()}`
  let release = () => {}
  const ended = new Promise<void>((resolve) => (release = resolve))
  const held = new Promise<string>((resolve) => {
    void navigator.locks.request(name, () => {
      resolve(name)
      return ended
    })
  })
  return { lock: { held, follow: (tell) => void held.then(tell) }, release }
}

/** Web Locks as far as a thread needs them, for a Node that has none: one holder a name, the others wait in line. */
class Locks {
  readonly #lines = new Map<string, Promise<unknown>>()

  request(
    name: string,
    ...rest: [() => unknown] | [{ signal: AbortSignal }, () => unknown]
  ): Promise<unknown> {
    const work = rest.pop() as () => unknown
    const [options] = rest as { signal: AbortSignal }[]
    const turn = (this.#lines.get(name) ?? Promise.resolve()).then(() => {
      options?.signal.throwIfAborted()
      return work()
    })
    this.#lines.set(
      name,
      turn.catch(() => {}),
    )
    return turn
  }
}

if (!(globalThis.navigator as { locks?: unknown } | undefined)?.locks)
  Object.defineProperty(globalThis, 'navigator', { value: { locks: new Locks() }, configurable: true })
