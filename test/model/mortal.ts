/** A thread that can die without a word, in process: a real port in the place of a worker, cut when it is to die. */
import { serve } from '../../src/core/serve.js'

/** What runs one instance of a logic. */
export interface Body<T> {
  readonly logic: T
  /** Ends it as a crash would: it says nothing any more, and the platform releases its lock a moment later. */
  die(): void
}

/**
 * Makes loads of threads that can die.
 *
 * @param make a fresh instance for each start
 * @returns the load, and what runs now
 */
export function mortals<T extends object>(make: () => T): { load: () => Worker; current: () => Body<T> } {
  let current: Body<T> | undefined
  const load = () => {
    const { port1, port2 } = new MessageChannel()
    const { lock, release } = holdLock()
    const logic = make()
    const end = serve(port2, logic, { lock })
    port1.start()
    port2.start()
    current = {
      logic,
      die() {
        port2.close()
        setImmediate(() => {
          release()
          // What it held is gone with it.
          end()
        })
      },
    }
    const terminate = () => {
      port1.close()
      release()
      end()
    }
    return Object.assign(port1, { terminate }) as unknown as Worker
  }
  return {
    load,
    current() {
      if (!current) throw new Error('nothing has started')
      return current
    },
  }
}

/** Holds a lock as a worker does, until it is told to release it. */
function holdLock(): { lock: Promise<string>; release(): void } {
  const name = `bgthread:life ${crypto.randomUUID()}`
  let release = () => {}
  const ended = new Promise<void>((resolve) => (release = resolve))
  const lock = new Promise<string>((held) => {
    void navigator.locks.request(name, () => {
      held(name)
      return ended
    })
  })
  return { lock, release }
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
