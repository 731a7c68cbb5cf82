import { state, transfer, type ThreadContext } from 'bgthread/worker'

/** What a store shows: which start of the thread it comes from, and how often it has changed there. */
export interface Beat {
  epoch: number
  count: number
}

/** Says of each numbered call that it has run: also to a page that has restarted the thread since. */
const ran = new BroadcastChannel('chaos: ran')

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

/** A logic that does all that a logic may, well and badly. */
export class Chaotic {
  #beat = state<Beat>({ epoch: 0, count: 0 })

  onStart({ epoch }: ThreadContext) {
    this.#beat.set({ epoch, count: 0 })
  }

  echo<T>(number: number, value: T): T {
    ran.postMessage(number)
    this.#beat.update(({ epoch, count }) => ({ epoch, count: count + 1 }))
    return value
  }
  async later(number: number, milliseconds: number) {
    await pause(milliseconds)
    ran.postMessage(number)
    return number
  }
  /** Answers nobody until it is done. */
  busy(number: number, milliseconds: number) {
    const end = performance.now() + milliseconds
    while (performance.now() < end);
    return number
  }
  fail(number: number): never {
    throw new RangeError(`planned ${number}`)
  }
  /** What is thrown need not be an error, nor true. */
  failWith(thrown: unknown): never {
    // oxlint-disable-next-line no-throw-literal
    throw thrown
  }
  uncloneable(): unknown {
    return { at: { depth: new WeakMap() } }
  }
  deep(levels: number): unknown {
    let value: unknown = 'bottom'
    for (let i = 0; i < levels; i++) value = { value }
    return value
  }
  take(number: number, _value: unknown) {
    return number
  }
  /** @returns the sum of what the callback has given */
  async callBack(times: number, callback: (index: number) => Promise<number>) {
    let sum = 0
    for (let i = 0; i < times; i++) sum += await callback(i)
    return sum
  }
  /** As long as nobody aborts it, where that is never. */
  wait(number: number, milliseconds: number, signal: AbortSignal): Promise<number> {
    return new Promise((resolve, reject) => {
      setTimeout(() => resolve(number), milliseconds)
      signal.addEventListener('abort', () => reject(signal.reason as Error))
    })
  }
  move(bytes: Uint8Array<ArrayBuffer>) {
    for (let i = 0; i < bytes.length; i++) bytes[i]! += 1
    return transfer(bytes, [bytes.buffer])
  }

  watch() {
    return this.#beat
  }
  async *numbers(count: number) {
    for (let i = 0; i < count; i++) {
      if (i % 7 === 0) await pause(0)
      yield i
    }
  }

  die() {
    self.close()
  }
  throwLater(message: string) {
    setTimeout(() => {
      throw new Error(message)
    })
  }
  rejectLater(message: string) {
    void Promise.reject(new Error(message))
  }
  /** What others in the same worker might say. */
  post(messages: readonly unknown[]) {
    for (const message of messages) self.postMessage(message)
  }
}
