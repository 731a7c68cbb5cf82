/** Those who read a page's streams: one for all of a topic, or each its own where a signal is among the arguments. */
import type { Whole } from './way'
import { show, TOPICS, type Cell, type Topic } from './words'

interface Reader {
  topic: Topic
  status: string
  value: Cell | undefined
  reads: boolean
  tie: Tie | undefined
}

/** A reader's own stream, with a signal. */
interface Tie {
  /** One too many: its call waits, and has no reader; it is read; its signal has aborted; it is over. */
  state: 'called' | 'held' | 'cut' | 'over'
  /** The page listens to its signal. */
  signal: boolean
  subscribed: boolean
  lingersUntil: number
}

/** One for all who read a topic without a signal. */
interface Stream {
  last: Cell | undefined
  subscribed: boolean
  status: string
  lingersUntil: number
}

export class Readers {
  readonly all: Reader[] = []
  readonly #streams: { [topic in Topic]: Stream } = { a: idle(), b: idle() }
  #now = 0

  /** @param linger how long a stream stays without a reader, in beats */
  constructor(
    private readonly whole: Whole,
    private readonly linger: number,
  ) {}

  /** Calls that have not brought their streams. */
  get pending(): number {
    return this.all.filter(({ tie }) => tie?.state === 'called' && tie.signal).length
  }
  get signals(): number {
    return this.all.filter(({ tie }) => tie?.signal).length
  }
  get subscriptions(): number {
    const streams = TOPICS.filter((topic) => this.#streams[topic].subscribed).length
    return streams + this.all.filter(({ tie }) => tie?.subscribed).length
  }

  subscribe(topic: Topic): void {
    const stream = this.#streams[topic]
    const refusal = this.whole.ask()
    if (refusal === 'LIMIT') {
      this.all.push({ topic, status: refusal, value: undefined, reads: false, tie: undefined })
      return
    }
    if (!stream.subscribed) stream.status = stream.last ? 'stale' : 'connecting'
    const full = stream.subscribed ? '' : this.whole.admit()
    stream.subscribed ||= !full
    stream.lingersUntil = NaN
    this.all.push({
      topic,
      status: full || stream.status,
      value: stream.last,
      reads: stream.subscribed,
      tie: undefined,
    })
  }

  tie(topic: Topic): void {
    const refusal = this.whole.ask()
    const full = refusal || this.whole.admit()
    const state = refusal ? 'over' : full ? 'called' : 'held'
    const tie: Tie = { state, signal: !refusal, subscribed: !full, lingersUntil: NaN }
    this.all.push({ topic, status: full || 'connecting', value: undefined, reads: !full, tie })
    // Its source waits in the thread: the page may read it yet.
    if (state === 'called') this.whole.way.ask(() => void (tie.state === 'called' && (tie.state = 'over')))
  }

  /** The signal of a stream that a call has brought, or is to bring, aborts. */
  cut(at: number): void {
    const reader = this.all[at]!
    const tie = reader.tie!
    tie.state = 'cut'
    endTie(reader, 'ABORTED')
  }

  unsubscribe(at: number): void {
    const reader = this.all[at]!
    reader.reads = false
    const { topic, tie } = reader
    const stream = tie ?? this.#streams[topic]
    if (!tie && this.all.some((other) => other.reads && !other.tie && other.topic === topic)) return
    if (this.linger) stream.lingersUntil = this.#now + this.linger
    else leave(stream)
  }

  /** The thread's streams show this now. */
  arrive(cells: { [topic in Topic]: Cell }): void {
    for (const topic of TOPICS) {
      const stream = this.#streams[topic]
      if (!stream.subscribed) continue
      stream.last = cells[topic]
      this.#tell(topic, 'live')
    }
    for (const reader of this.all)
      if (reader.reads && reader.tie?.subscribed)
        Object.assign(reader, { status: 'live', value: cells[reader.topic] })
  }

  /** A beat's time. */
  pass(): void {
    this.#now++
    const ties = this.all.flatMap(({ tie }) => tie ?? [])
    for (const stream of [...ties, ...TOPICS.map((topic) => this.#streams[topic])])
      if (stream.lingersUntil === this.#now) leave(stream)
  }

  /** What calls have brought that nobody reads ends with what ran them. */
  lose(): void {
    for (const { tie } of this.all) if (tie && !tie.subscribed) tie.signal = false
  }

  /** What is read is read again from the next start. */
  renew(): void {
    for (const topic of TOPICS) {
      const stream = this.#streams[topic]
      if (!stream.subscribed) continue
      // Nobody reads it.
      if (!Number.isNaN(stream.lingersUntil)) stream.subscribed = false
      else this.#tell(topic, stream.last ? 'stale' : 'connecting')
    }
    for (const reader of this.all) {
      const { tie, reads, value } = reader
      if (!tie?.subscribed) continue
      if (!reads) leave(tie)
      else reader.status = value ? 'stale' : 'connecting'
    }
  }

  /** There is no next start. */
  finish(code: string): void {
    for (const topic of TOPICS) this.#streams[topic].subscribed = false
    for (const reader of this.all) {
      if (reader.tie) leave(reader.tie)
      if (reader.reads) reader.status = code
      reader.reads = false
    }
  }

  look(): string[] {
    return this.all.map(({ status, value }) => `${status} ${show(value)}`)
  }

  #tell(topic: Topic, status: string): void {
    const stream = this.#streams[topic]
    stream.status = status
    for (const reader of this.all)
      if (reader.reads && !reader.tie && reader.topic === topic)
        Object.assign(reader, { status, value: stream.last })
  }
}

const idle = (): Stream => ({ last: undefined, subscribed: false, status: 'connecting', lingersUntil: NaN })

function leave(stream: Stream | Tie): void {
  stream.subscribed = false
  if ('signal' in stream) stream.signal = false
}

function endTie(reader: Reader, why: string): void {
  if (reader.tie) leave(reader.tie)
  if (reader.reads) reader.status = why
  reader.reads = false
}
