/** The real thing that a model is held against: a thread, and everything its page has seen of it. */
import { vi } from 'vitest'
import { bgThread, type Thread } from 'bgthread'
import { Logic, type Record } from './logic'
import { mortals, type Body } from './mortal'
import {
  after,
  BEAT,
  BUFFER,
  CLOSE,
  coded,
  codeOf,
  DEAF,
  LIVES,
  SAVE,
  show,
  START,
  throws,
  type Cell,
  type Fate,
  type Kind,
  type Saving,
  type Setting,
  type Topic,
} from './words'

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
  readonly abort: AbortController | undefined
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
  readonly rings: Outcome[] = []
  readonly restarts: Outcome[] = []
  readonly closes: Outcome[] = []
  /** Codes of what `onError` was told. */
  readonly told: string[] = []
  /** What must never be. */
  readonly faults: string[] = []
  /** How often what runs the logic has died, and how often there was time to notice it. */
  deaths = 0
  noticed = 0
  readonly #record: Record = { starts: [], counted: new Map(), saving: 'good' }
  readonly #fates: Fate[]
  #fate: Fate = 'good'
  #logic: Logic | undefined
  /** How often each callback was called. */
  readonly #heard = new Map<number, number>()
  readonly #aborts = new Map<number, AbortController>()
  /** As an app would: what is held is not collected, whenever that may be. */
  readonly #held: unknown[] = []
  readonly #mortals = mortals((context, body) => this.#make(context.epoch, body))

  constructor({ linger, onHang, limits, fate }: Setting) {
    this.#fates = [fate]
    this.thread = bgThread<Logic>(() => this.#load(), {
      linger: linger * BEAT,
      buffer: BUFFER,
      limits,
      onHang,
      startTimeout: START * BEAT,
      heartbeat: { interval: BEAT, limit: DEAF },
      restart: { max: LIVES, within: Infinity },
      onError: (error) => this.told.push(codeOf(error)),
    })
  }

  #load(): Worker {
    this.#fate = this.#fates.shift() ?? 'good'
    this.#logic = undefined
    if (this.#fate === 'refused') throw new Error('not loaded')
    return this.#mortals.load()
  }

  #make(epoch: number, body: Body): Logic | Promise<Logic> {
    if (this.#fate === 'throws') throw new Error('not made')
    if (this.#fate === 'silent') return new Promise<never>(() => {})
    if (this.#fate === 'dies') this.#die(body)
    return (this.#logic = new Logic(epoch, this.#record))
  }

  /** What runs now. */
  get #now(): Logic {
    if (!this.#logic) throw new Error('nothing runs')
    return this.#logic
  }

  #die(body: Body): void {
    this.deaths++
    body.die()
  }

  plan(fate: Fate): void {
    this.#fates.push(fate)
  }

  /** From now on. */
  save(saving: Saving): void {
    this.#record.saving = saving
  }

  pass(): void {
    vi.advanceTimersByTime(BEAT)
  }

  call(id: number, kind: Kind, abortable: boolean): void {
    const { proxy } = this.thread
    if (kind === 'ask' || kind === 'lend' || kind === 'keep' || kind === 'borrow')
      return this.#follow(id, proxy[kind](id, this.#callback) as PromiseLike<number>)
    if (kind !== 'wait' || !abortable) return this.#follow(id, proxy[kind](id) as PromiseLike<number>)
    const abort = new AbortController()
    this.#aborts.set(id, abort)
    this.#follow(id, proxy.wait(id, { signal: abort.signal }))
  }

  readonly #callback = (id: number): number => {
    this.#heard.set(id, (this.#heard.get(id) ?? 0) + 1)
    if (throws(id)) throw coded('OWN')
    return id
  }

  set(id: number, topic: Topic, value: number): void {
    this.#follow(id, this.thread.proxy.set(id, topic, value))
  }

  abort(id: number): void {
    this.#aborts.get(id)?.abort(coded('ABORTED'))
  }

  /** In the thread, without a word from the page. */
  emit(topic: Topic, value: number): void {
    const logic = this.#now
    logic.memory = { ...logic.memory, [topic]: value }
    logic.cells[topic].update((cell) => after(cell, value))
  }

  open(id: number): void {
    this.#now.gates.get(id)?.()
  }

  /** The thread calls what was passed to a call. */
  ring(id: number): void {
    const lent = Promise.resolve(this.#now.lent.get(id)!(id))
    // In a worker that has ended nothing is told any more; here it is, since its end only looks like one.
    const answer = lent.catch((error: unknown) =>
      codeOf(error) === 'CLOSED' ? new Promise<never>(() => {}) : Promise.reject(error),
    )
    this.rings.push(this.#watch(answer, (value) => (value === id ? 'value' : `gave ${value}`)))
  }

  /** The thread needs it no more. */
  release(id: number): void {
    this.#now.releases.get(id)!()
  }

  hang(): void {
    this.#mortals.current().hang()
  }

  /** There is something under way that it will hear. */
  get isBehind(): boolean {
    return this.#mortals.behind()
  }

  wake(): void {
    this.#mortals.current().wake()
  }

  die(): void {
    this.#die(this.#mortals.current())
  }

  subscribe(topic: Topic): void {
    this.#subscribe(this.thread.proxy.watch(topic))
  }

  /** Reads a stream that a call with a signal brings. */
  tie(topic: Topic): void {
    const abort = new AbortController()
    this.#subscribe(this.thread.proxy.watch(topic, { signal: abort.signal }), abort)
  }

  cut(at: number): void {
    this.readers[at]!.abort!.abort(coded('ABORTED'))
  }

  #subscribe(stream: ReturnType<Thread<Logic>['proxy']['watch']>, abort?: AbortController): void {
    this.#held.push(stream)
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
      leave() {
        unsubscribe()
        left = true
      },
      abort,
    }
    this.readers.push(reader)
    const unsubscribe = stream.subscribe({
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
  }

  unsubscribe(at: number): void {
    this.readers[at]!.leave()
  }

  begin(topic: Topic | 'count'): void {
    const { proxy } = this.thread
    const stream = topic === 'count' ? proxy.count(this.loops.length) : proxy.watch(topic)
    this.loops.push({ iterator: stream[Symbol.asyncIterator](), steps: [] })
  }

  next(at: number): void {
    const { iterator, steps } = this.loops[at]!
    steps.push(this.#watch(iterator.next(), ({ done, value }) => (done ? 'done' : show(value as Cell))))
  }

  return(at: number): void {
    void this.loops[at]!.iterator.return?.()
  }

  restart(): void {
    this.restarts.push(this.#watch(this.thread.restart({ timeout: SAVE * BEAT }), () => 'done'))
  }

  close(): void {
    this.closes.push(this.#watch(this.thread.close({ timeout: CLOSE * BEAT }), () => 'done'))
  }

  /** How many values the generator of a loop has given. */
  counted(at: number): number {
    return this.#record.counted.get(at) ?? 0
  }

  /** All there is to be seen, in the model's words. */
  look() {
    const { pendingCalls, subscriptions, callbacks, signals, restarts } = this.thread.stats()
    const { state, epoch } = this.thread.status.get()!
    return {
      state: `${state} ${epoch}`,
      stats: { pendingCalls, subscriptions, callbacks, signals, restarts },
      calls: [...this.calls].map(([id, { text }]) => `${id} ${text} ${this.#heard.get(id) ?? 0}`),
      readers: this.readers.map((reader) => reader.text()),
      loops: this.loops.map(({ steps }) => steps.map(({ text }) => text)),
      rings: this.rings.map(({ text }) => text),
      restarts: this.restarts.map(({ text }) => text),
      closes: this.closes.map(({ text }) => text),
      told: [...this.told],
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
    const times = new Map<number, number>()
    for (const id of starts.flat()) times.set(id, (times.get(id) ?? 0) + 1)
    for (const [id, { started }] of this.calls) {
      const count = times.get(id) ?? 0
      if (count > 1 || (started === 'never' && count > 0) || (started === 'once' && count !== 1))
        faults.push(`call ${id} was to start ${started} and did ${count} times`)
    }
    return faults
  }
}
