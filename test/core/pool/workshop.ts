import { callSignal, state } from 'bgthread/worker'

/** What has happened in all the instances of a test, which run in process. */
export const log: string[] = []
export const instances: Workshop[] = []
let gates: (() => void)[] = []

/** Lets what waits in `work` go on. */
export function openGates(): void {
  for (const open of gates.splice(0)) open()
}

/** How many wait in `work`. */
export const atWork = () => gates.length

export function reset(): void {
  log.length = instances.length = 0
  gates = []
}

/** A logic whose work is done when the test says so. */
export class Workshop {
  #count = state(0)
  readonly number: number
  constructor() {
    this.number = instances.push(this)
  }
  /** Does not hear an abort. */
  async work(name: string) {
    log.push(`${name} begins`)
    await new Promise<void>((resolve) => gates.push(resolve))
    log.push(`${name} ends`)
    return name
  }
  where() {
    return this.number
  }
  echo(...values: unknown[]) {
    log.push('echo')
    return values
  }
  async callBack(callback: (value: string) => Promise<string>) {
    return callback('from the thread')
  }
  /** @param other the proxy of another thread */
  ask(other: { echo(value: string): unknown }) {
    return other.echo('from thread to thread')
  }
  fail(message: string): never {
    throw new RangeError(message)
  }
  count() {
    this.#count.update((count) => count + 1)
    return this.#count.get()
  }
  watch() {
    log.push(`watched in ${this.number}`)
    return this.#count
  }
  /** Shows what it was passed, and the answer of another thread. */
  async *show(value: unknown, other?: { echo(value: string): unknown }) {
    const signal = callSignal()
    yield { in: this.number, value, answer: await other?.echo('hello') }
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    log.push(`shown in ${this.number}`)
  }
  async *until() {
    const signal = callSignal()
    yield this.number
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
  }
  onStop() {
    log.push(`${this.number} stops`)
  }
}
