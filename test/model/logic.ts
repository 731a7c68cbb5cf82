/** The logic of the real thread: it does what it is told, and notes what it was told. */
import { callSignal, keep, state, type State } from 'bgthread/worker'
import { after, coded, NO_MEMORY, TOPICS, type Cell, type Memory, type Saving, type Topic } from './words'

/** What really happened in the thread, over all its starts. */
export interface Record {
  /** The calls that have started, in order, of each start. */
  starts: number[][]
  /** Values that the generators of loops have given. */
  counted: Map<number, number>
  saving: Saving
}

type Callback = (id: number) => number | Promise<number>

export class Logic {
  readonly cells: { [topic in Topic]: State<Cell> }
  readonly gates = new Map<number, () => void>()
  readonly lent = new Map<number, Callback>()
  readonly releases = new Map<number, () => void>()
  memory = NO_MEMORY
  readonly #starts: number[] = []

  constructor(
    epoch: number,
    private readonly record: Record,
  ) {
    record.starts.push(this.#starts)
    const first = { epoch, n: 0, value: 0 }
    this.cells = { a: state(first), b: state(first) }
  }
  saveState() {
    const { saving } = this.record
    if (saving === 'throws') throw coded('UNSAVED')
    return saving === 'good' ? this.memory : new Promise<never>(() => {})
  }
  restoreState(memory: Memory) {
    this.memory = memory
    for (const topic of TOPICS) this.cells[topic].update((cell) => ({ ...cell, value: memory[topic] }))
  }
  give(id: number) {
    this.#starts.push(id)
    return id
  }
  fail(id: number) {
    this.#starts.push(id)
    throw coded('OWN')
  }
  wait(id: number, _options?: { signal: AbortSignal }) {
    this.#starts.push(id)
    const signal = callSignal()
    return new Promise<number>((resolve, reject) => {
      this.gates.set(id, () => resolve(id))
      signal.addEventListener('abort', () => reject(signal.reason))
    })
  }
  async ask(id: number, callback: Callback) {
    this.#starts.push(id)
    return callback(id)
  }
  lend(id: number, callback: Callback) {
    this.#starts.push(id)
    this.lent.set(id, callback)
    return id
  }
  keep(id: number, callback: Callback) {
    this.releases.set(id, keep(callback))
    return this.lend(id, callback)
  }
  borrow(id: number, callback: Callback) {
    this.lent.set(id, callback)
    return this.wait(id)
  }
  set(id: number, topic: Topic, value: number) {
    this.#starts.push(id)
    this.cells[topic].update((cell) => after(cell, value))
    return id
  }
  watch(topic: Topic, _options?: { signal: AbortSignal }) {
    return this.cells[topic]
  }
  /** Gives as many as its reader takes. */
  async *count(loop: number) {
    for (let n = 0; ; n++) {
      this.record.counted.set(loop, n + 1)
      yield { epoch: 0, n, value: 0 }
    }
  }
}
