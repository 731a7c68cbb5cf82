/**
 * What a thread's page must see, told without messages, tasks or time. All that is done between two settlings is done
 * in one task: nothing can arrive meanwhile, so what must come of it is known exactly.
 */
import { after, LIVES, show, TOPICS, type Cell, type Topic } from './world'

interface Call {
  text: string
  /** The method waits in the thread until its gate is opened. */
  waits: boolean
  signal: boolean
}

interface Reader {
  topic: Topic
  status: string
  value: Cell | undefined
  reads: boolean
}

interface Stream {
  last: Cell | undefined
  subscribed: boolean
  status: string
}

interface Loop {
  topic: Topic
  steps: { text: string }[]
  /** Values that have arrived and were not asked for. */
  values: Cell[]
  askers: { text: string }[]
  opened: boolean
  /** The thread knows of it. */
  hears: boolean
  end: string
}

export class Model {
  state: 'running' | 'closing' | 'closed' | 'failed' = 'running'
  /** It has settled since it was started. */
  ready = false
  /** It is dead, and the page does not know. */
  dead = false
  /** The thread has said something by itself that has not arrived. */
  spoke = false
  epoch = 1
  deaths = 0
  lastId = 0
  lastValue = 0
  readonly calls = new Map<number, Call>()
  readonly readers: Reader[] = []
  readonly loops: Loop[] = []
  readonly #restarts: { text: string }[] = []
  readonly #closes: { text: string }[] = []
  readonly #streams: { [topic in Topic]: Stream } = { a: idle(), b: idle() }
  #cells = fresh(1)
  /** What the thread has said by itself, and then what the page has asked of it, in order. */
  #said: (() => void)[] = []
  #asked: (() => void)[] = []

  /** Why it takes nothing any more. */
  get #refusal(): string {
    return { running: '', closing: 'CLOSED', closed: 'CLOSED', failed: 'DIED' }[this.state]
  }

  call(how: 'give' | 'fail' | 'wait', abortable: boolean): number {
    return this.#call(how === 'wait' && abortable, (call) => {
      if (how === 'wait') call.waits = true
      else call.text = how === 'give' ? 'value' : 'OWN'
    })
  }

  set(topic: Topic, value: number): number {
    return this.#call(false, (call) => {
      this.#emit(topic, value, (tell) => tell())
      call.text = 'value'
    })
  }

  #call(signal: boolean, run: (call: Call) => void): number {
    const id = ++this.lastId
    const call: Call = { text: this.#refusal || 'pending', waits: false, signal }
    this.calls.set(id, call)
    if (call.text === 'pending') this.#asked.push(() => call.text === 'pending' && run(call))
    return id
  }

  abort(id: number): void {
    const call = this.calls.get(id)!
    if (call.text !== 'pending') return
    call.text = 'ABORTED'
    call.waits = false
  }

  open(id: number): void {
    const call = this.calls.get(id)!
    call.waits = false
    this.spoke = true
    this.#said.push(() => {
      if (call.text === 'pending') call.text = 'value'
    })
  }

  emit(topic: Topic, value: number): void {
    this.spoke = true
    this.#emit(topic, value, (tell) => this.#said.push(tell))
  }

  #emit(topic: Topic, value: number, later: (tell: () => void) => void): void {
    const cell = (this.#cells[topic] = after(this.#cells[topic], value))
    for (const loop of this.loops) if (loop.topic === topic && loop.hears) later(() => give(loop, cell))
  }

  die(): void {
    this.dead = true
  }

  subscribe(topic: Topic): void {
    const stream = this.#streams[topic]
    if (!stream.subscribed) stream.status = stream.last ? 'stale' : 'connecting'
    const status = (!stream.subscribed && this.#refusal) || stream.status
    stream.subscribed ||= !this.#refusal
    this.readers.push({ topic, status, value: stream.last, reads: stream.subscribed })
  }

  unsubscribe(at: number): void {
    const reader = this.readers[at]!
    reader.reads = false
    const { topic } = reader
    if (!this.readers.some((other) => other.reads && other.topic === topic))
      this.#streams[topic].subscribed = false
  }

  begin(topic: Topic): void {
    this.loops.push({ topic, steps: [], values: [], askers: [], opened: false, hears: false, end: '' })
  }

  next(at: number): void {
    const loop = this.loops[at]!
    const step = { text: 'pending' }
    loop.steps.push(step)
    const value = loop.values.shift()
    if (value) step.text = show(value)
    else if (loop.end) {
      step.text = loop.end
      loop.end = 'done'
    } else {
      loop.askers.push(step)
      if (!loop.opened) this.#open(loop)
    }
  }

  #open(loop: Loop): void {
    loop.opened = true
    if (this.#refusal) return end(loop, this.#refusal)
    this.#asked.push(() => {
      loop.hears = !loop.end
      give(loop, this.#cells[loop.topic])
    })
  }

  return(at: number): void {
    const loop = this.loops[at]!
    loop.values = []
    for (const asker of loop.askers.splice(0)) asker.text = 'done'
    loop.hears = false
    loop.end = 'done'
  }

  #closeAsked = false

  restart(): void {
    const restart = { text: 'pending' }
    this.#restarts.push(restart)
    if (this.#closeAsked || this.state === 'closed') restart.text = 'CLOSED'
    // It restarts already.
    else if (this.#restarts.some((other) => other !== restart && other.text === 'pending')) return
    else this.#startAgain('RESTARTED')
  }

  close(): void {
    const close = { text: 'pending' }
    this.#closes.push(close)
    this.#closeAsked = true
    if (this.state === 'running') this.state = 'closing'
    else if (this.state !== 'closing') close.text = 'done'
  }

  terminate(): void {
    if (this.state === 'running' || this.state === 'closing') this.#finish('closed', 'CLOSED')
  }

  #startAgain(code: string): void {
    this.epoch++
    this.state = 'running'
    this.ready = this.dead = this.spoke = false
    this.#lose(code)
    this.#cells = fresh(this.epoch)
    for (const topic of TOPICS) {
      const stream = this.#streams[topic]
      if (stream.subscribed) this.#tell(topic, stream.last ? 'stale' : 'connecting')
    }
  }

  #finish(state: 'closed' | 'failed', code: string): void {
    this.state = state
    this.ready = this.dead = this.spoke = false
    this.#lose(code)
    for (const topic of TOPICS) this.#streams[topic].subscribed = false
    for (const reader of this.readers) {
      if (reader.reads) reader.status = code
      reader.reads = false
    }
    for (const restart of this.#restarts) if (restart.text === 'pending') restart.text = code
    for (const close of this.#closes) close.text = 'done'
  }

  /** Calls and loops end with what ran them; what is under way arrives nowhere. */
  #lose(code: string): void {
    this.#said = []
    this.#asked = []
    for (const call of this.calls.values()) {
      if (call.text === 'pending') call.text = code
      call.waits = false
    }
    for (const loop of this.loops) if (loop.opened) end(loop, code)
  }

  #tell(topic: Topic, status: string): void {
    const stream = this.#streams[topic]
    stream.status = status
    for (const reader of this.readers)
      if (reader.reads && reader.topic === topic) Object.assign(reader, { status, value: stream.last })
  }

  /** All that is under way arrives. */
  settle(): void {
    if (this.dead) {
      if (this.state === 'closing' || this.deaths === LIVES) this.#finish('failed', 'DIED')
      else {
        this.deaths++
        this.#startAgain('DIED')
      }
    }
    for (const arrive of [...this.#said.splice(0), ...this.#asked.splice(0)]) arrive()
    this.spoke = false
    this.ready = this.state === 'running' || this.state === 'closing'
    for (const topic of TOPICS) {
      const stream = this.#streams[topic]
      if (!stream.subscribed) continue
      stream.last = this.#cells[topic]
      this.#tell(topic, 'live')
    }
    if (this.ready)
      for (const restart of this.#restarts) if (restart.text === 'pending') restart.text = 'done'
    if (this.state === 'closing' && ![...this.calls.values()].some(({ waits }) => waits))
      this.#finish('closed', 'CLOSED')
  }

  look() {
    const pending = [...this.calls.values()].filter(({ text }) => text === 'pending')
    const closing = this.state === 'closing' ? 1 : 0
    const streams = TOPICS.filter((topic) => this.#streams[topic].subscribed)
    return {
      state: `${closing || this.state === 'running' ? 'ready' : this.state} ${this.epoch}`,
      stats: {
        pendingCalls: pending.length + closing,
        subscriptions: streams.length + this.loops.filter(({ hears }) => hears).length,
        callbacks: 0,
        signals: pending.filter(({ signal }) => signal).length,
        restarts: this.epoch - 1,
      },
      calls: [...this.calls].map(([id, { text }]) => `${id} ${text}`),
      readers: this.readers.map(({ status, value }) => `${status} ${show(value)}`),
      loops: this.loops.map(({ steps }) => steps.map(({ text }) => text)),
      restarts: this.#restarts.map(({ text }) => text),
      closes: this.#closes.map(({ text }) => text),
      faults: [] as string[],
    }
  }
}

const idle = (): Stream => ({ last: undefined, subscribed: false, status: 'connecting' })
const fresh = (epoch: number) => ({ a: { epoch, n: 0, value: 0 }, b: { epoch, n: 0, value: 0 } })

function give(loop: Loop, cell: Cell): void {
  if (loop.end) return
  const asker = loop.askers.shift()
  if (asker) asker.text = show(cell)
  else loop.values.push(cell)
}

/** The first who waits is told why, or else the next to ask; after that it is done. */
function end(loop: Loop, why: string): void {
  if (loop.end) return
  loop.hears = false
  const [first, ...others] = loop.askers.splice(0)
  loop.end = first ? 'done' : why
  if (first) first.text = why
  for (const asker of others) asker.text = 'done'
}
