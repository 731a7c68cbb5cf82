/** The real thing that a model is held against: a thread, and everything its page has seen of it. */
import { bgThread, type Thread } from 'bgthread'
import { callSignal, state, type State } from 'bgthread/worker'
import { mortals } from './mortal'

export const TOPICS = ['a', 'b'] as const
export type Topic = (typeof TOPICS)[number]

/** A value of a stream: the start it belongs to, how many there were before it, and what it is. */
export interface Cell {
  epoch: number
  n: number
  value: number
}

export const show = (cell: Cell | undefined): string => (cell ? `${cell.epoch}.${cell.n}=${cell.value}` : '–')

/** The one that comes after it. */
export const after = ({ epoch, n }: Cell, value: number): Cell => ({ epoch, n: n + 1, value })

/** How often a thread may die before it is given up. */
export const LIVES = 1

/** What really ran in the thread, over all its starts. */
interface Record {
  /** The calls that have started, in order, of each start. */
  starts: number[][]
}

class Logic {
  readonly cells: { [topic in Topic]: State<Cell> }
  readonly gates = new Map<number, () => void>()
  readonly #starts: number[] = []

  constructor(record: Record) {
    record.starts.push(this.#starts)
    const first = { epoch: record.starts.length, n: 0, value: 0 }
    this.cells = { a: state(first), b: state(first) }
  }
  give(id: number) {
    this.#starts.push(id)
    return id
  }
  fail(id: number) {
    this.#starts.push(id)
    throw Object.assign(new Error(`call ${id} failed`), { code: 'OWN' })
  }
  wait(id: number, _options?: { signal: AbortSignal }) {
    this.#starts.push(id)
    const signal = callSignal()
    return new Promise<number>((resolve, reject) => {
      this.gates.set(id, () => resolve(id))
      signal.addEventListener('abort', () => reject(signal.reason))
    })
  }
  set(id: number, topic: Topic, value: number) {
    this.#starts.push(id)
    this.cells[topic].update((cell) => after(cell, value))
    return id
  }
  watch(topic: Topic) {
    return this.cells[topic]
  }
}

/** What came of a call, or of one step of a loop. */
interface Outcome {
  text: string
  started?: 'at most once' | 'never' | 'once'
}

interface Reader {
  text: () => string
  /** What it was shown last. */
  value: Cell | undefined
  leave(): void
}

interface Loop {
  iterator: AsyncIterator<Cell, void>
  steps: Outcome[]
}

export class World {
  readonly thread: Thread<Logic>
  readonly calls = new Map<number, Outcome>()
  readonly readers: Reader[] = []
  readonly loops: Loop[] = []
  readonly restarts: Outcome[] = []
  readonly closes: Outcome[] = []
  /** What must never be. */
  readonly faults: string[] = []
  readonly #record: Record = { starts: [] }
  readonly #aborts = new Map<number, AbortController>()
  readonly #mortals = mortals(() => new Logic(this.#record))

  constructor() {
    this.thread = bgThread<Logic>(this.#mortals.load, {
      linger: 0,
      heartbeat: false,
      restart: { max: LIVES, within: Infinity },
      onError: (error) => codeOf(error) === 'DIED' || this.faults.push(`uncaught ${String(error)}`),
    })
  }

  call(id: number, how: 'give' | 'fail' | 'wait', abortable: boolean): void {
    const { proxy } = this.thread
    if (how !== 'wait' || !abortable) return this.#follow(id, proxy[how](id) as Promise<number>)
    const abort = new AbortController()
    this.#aborts.set(id, abort)
    this.#follow(id, proxy.wait(id, { signal: abort.signal }))
  }

  set(id: number, topic: Topic, value: number): void {
    this.#follow(id, this.thread.proxy.set(id, topic, value))
  }

  abort(id: number): void {
    this.#aborts.get(id)?.abort(Object.assign(new Error('aborted'), { code: 'ABORTED' }))
  }

  /** In the thread, without a word from the page. */
  emit(topic: Topic, value: number): void {
    this.#mortals.current().logic.cells[topic].update((cell) => after(cell, value))
  }

  open(id: number): void {
    this.#mortals.current().logic.gates.get(id)?.()
  }

  die(): void {
    this.#mortals.current().die()
  }

  subscribe(topic: Topic): void {
    const at = this.readers.length
    let status = ''
    let end = ''
    let left = false
    const hear = () => {
      if (left) this.faults.push(`reader ${at} was told something after it had left`)
      if (end) this.faults.push(`reader ${at} was told something after its end`)
    }
    const reader: Reader = {
      value: undefined,
      text: () => `${end || status} ${show(reader.value)}`,
      leave() {},
    }
    this.readers.push(reader)
    const unsubscribe = this.thread.proxy.watch(topic).subscribe({
      next: (cell) => {
        hear()
        const { value } = reader
        if (value && (cell.epoch < value.epoch || (cell.epoch === value.epoch && cell.n < value.n)))
          this.faults.push(`reader ${at} was shown ${show(cell)} after ${show(value)}`)
        reader.value = cell
      },
      status: (next) => {
        hear()
        status = next
      },
      error: (error) => {
        hear()
        end = codeOf(error)
      },
    })
    reader.leave = () => {
      unsubscribe()
      left = true
    }
  }

  unsubscribe(at: number): void {
    this.readers[at]!.leave()
  }

  begin(topic: Topic): void {
    this.loops.push({ iterator: this.thread.proxy.watch(topic)[Symbol.asyncIterator](), steps: [] })
  }

  next(at: number): void {
    const { iterator, steps } = this.loops[at]!
    steps.push(this.#watch(iterator.next(), ({ done, value }) => (done ? 'done' : show(value as Cell))))
  }

  return(at: number): void {
    void this.loops[at]!.iterator.return?.()
  }

  restart(): void {
    this.restarts.push(this.#watch(this.thread.restart({ timeout: Infinity }), () => 'done'))
  }

  close(): void {
    this.closes.push(this.#watch(this.thread.close({ timeout: Infinity }), () => 'done'))
  }

  /** All there is to be seen, in the model's words. */
  look() {
    const { pendingCalls, subscriptions, callbacks, signals, restarts } = this.thread.stats()
    const { state, epoch } = this.thread.status.get()!
    return {
      state: `${state} ${epoch}`,
      stats: { pendingCalls, subscriptions, callbacks, signals, restarts },
      calls: [...this.calls].map(([id, { text }]) => `${id} ${text}`),
      readers: this.readers.map((reader) => reader.text()),
      loops: this.loops.map(({ steps }) => steps.map(({ text }) => text)),
      restarts: this.restarts.map(({ text }) => text),
      closes: this.closes.map(({ text }) => text),
      faults: [...this.faults, ...this.#misstarts()],
    }
  }

  #follow(id: number, call: PromiseLike<number>): void {
    const outcome = this.#watch(call, (value) => {
      if (value !== id) this.faults.push(`call ${id} gave ${value}`)
      return 'value'
    })
    this.calls.set(id, outcome)
  }

  #watch<T>(promise: PromiseLike<T>, tell: (value: T) => string): Outcome {
    const outcome: Outcome = { text: 'pending', started: 'at most once' }
    promise.then(
      (value) => {
        outcome.text = tell(value)
        outcome.started = 'once'
      },
      (error: unknown) => {
        outcome.text = codeOf(error)
        if ((error as { outcome?: string }).outcome === 'not-sent') outcome.started = 'never'
      },
    )
    return outcome
  }

  /** Calls that ran twice, out of order, or against what their callers were told. */
  #misstarts(): string[] {
    const faults: string[] = []
    const { starts } = this.#record
    for (const [at, ids] of starts.entries())
      if (ids.some((id, i) => i > 0 && id <= ids[i - 1]!)) faults.push(`start ${at + 1}: order ${ids.join()}`)
    const all = starts.flat()
    for (const [id, { started }] of this.calls) {
      const times = all.filter((other) => other === id).length
      if (times > 1 || (started === 'never' && times > 0) || (started === 'once' && times !== 1))
        faults.push(`call ${id} was to start ${started} and did ${times} times`)
    }
    return faults
  }
}

function codeOf(error: unknown): string {
  return String((error as { code?: string }).code ?? error)
}
