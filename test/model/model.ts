/**
 * What a thread's page must see, told without messages or tasks. All that is done between two settlings is done in one
 * task: nothing can arrive meanwhile, so what must come of it is known exactly. Time passes only while all is settled,
 * a beat at a time.
 */
import { WINDOW } from '../../src/core/flow.js'
import {
  after,
  BUFFER,
  CLOSE,
  DEAF,
  LINGER,
  LIVES,
  NO_MEMORY,
  SAVE,
  show,
  START,
  throws,
  TOPICS,
  type Cell,
  type Fate,
  type Kind,
  type Memory,
  type Saving,
  type Setting,
  type Topic,
} from './world'

/** A function of the page that was passed to a call. */
interface Callback {
  heard: number
  /** The page still lets it be called. */
  lives: boolean
  /** It was passed to the thread that runs now. */
  lent: boolean
  /** The call it was passed to is not over in the thread. */
  inCall: boolean
  kept: boolean
}

interface Call {
  text: string
  /** In the thread: the method waits until its gate is opened or its signal aborts. */
  runs: boolean
  signal: boolean
  callback: Callback | undefined
}

interface Reader {
  topic: Topic
  status: string
  value: Cell | undefined
  reads: boolean
  tie: Tie | undefined
}

/** The call with a signal that a reader's stream comes from. */
interface Tie {
  /** The call waits; it has brought its stream; its signal has aborted; its thread is gone. */
  state: 'called' | 'held' | 'cut' | 'over'
  /** The page listens to its signal. */
  signal: boolean
  subscribed: boolean
  lingersUntil: number
}

interface Stream {
  last: Cell | undefined
  subscribed: boolean
  status: string
  lingersUntil: number
}

interface Loop {
  topic: Topic | 'count'
  steps: { text: string }[]
  /** Values that have arrived and were not asked for. */
  values: Cell[]
  askers: { text: string }[]
  opened: boolean
  end: string
  /** There was one call too many when it was begun. */
  refusal: string
  /** Taken since the last grant. */
  taken: number
  // The thread's side of it
  hears: boolean
  credit: number
  waiting: Cell[]
  counted: number
}

type Step = () => void

export class Model {
  state: 'running' | 'closing' | 'closed' | 'failed' = 'running'
  /** Of one that runs or closes: the one before saves its state, it starts, the page takes it for well or for hung. */
  phase: 'saving' | 'starting' | 'ready' | 'unresponsive' = 'starting'
  /** It is dead, and the page does not know. */
  dead = false
  /** It takes nothing in. */
  deaf = false
  /** The thread has said something by itself that has not arrived. */
  spoke = false
  /** It has called back, and that has not arrived. */
  rang = false
  epoch = 1
  /** How often it came back by itself. */
  comebacks = 0
  /** What has come of starts, saves and beats, to see that all of it is tried. */
  readonly seen = new Map<string, number>()
  lastId = 0
  lastValue = 0
  readonly calls = new Map<number, Call>()
  readonly readers: Reader[] = []
  readonly loops: Loop[] = []
  readonly #rings: { text: string }[] = []
  readonly #restarts: { text: string }[] = []
  readonly #closes: { text: string }[] = []
  readonly #told: string[] = []
  readonly #streams: { [topic in Topic]: Stream } = { a: idle(), b: idle() }
  readonly #fates: Fate[] = []
  #fate: Fate
  #saving: Saving = 'good'
  /** The thread was asked for its state, and has begun. */
  #saves = false
  #memory = NO_MEMORY
  #cells = fresh(1, NO_MEMORY)
  /** What the thread has said by itself, and then what the page has asked of it, in order. */
  #said: Step[] = []
  #asked: Step[] = []
  #closeAsked = false
  /** The thread was told to end, and does when no call runs. */
  #stops = false
  /** A source that can wait is on its way to its loop; it takes tasks to give what is wanted. */
  opens = false
  #now = 0
  #startsUntil = START
  #savesUntil = NaN
  #closesUntil = NaN
  #heart = well()

  constructor(private readonly setting: Setting) {
    this.#fate = setting.fate
    if (this.#fate === 'refused') this.#failToStart('START_FAILED')
  }

  /** Why it takes nothing any more. */
  #refusal = ''

  get lives(): boolean {
    return (this.phase === 'ready' || this.phase === 'unresponsive') && !this.#isOver && !this.dead
  }
  /** It can be told to do something by itself. */
  get acts(): boolean {
    return this.lives && !this.deaf
  }
  /** Something runs that can hang or die: the one that starts is none yet, the one that saves is the one before. */
  get exists(): boolean {
    return this.lives || (this.phase === 'saving' && !this.#isOver && !this.dead)
  }
  get #isOver(): boolean {
    return this.state === 'closed' || this.state === 'failed'
  }

  /** Nothing of this topic is under way that a stream's end could meet. */
  isQuiet(topic: Topic): boolean {
    return !this.#stirred.has(topic)
  }
  readonly #stirred = new Set<Topic>()
  /** Streams of this topic are about to end. */
  isCut(topic: Topic): boolean {
    return this.readers.some(
      ({ reads, tie, topic: other }) => reads && tie?.state === 'cut' && other === topic,
    )
  }

  plan(fate: Fate): void {
    this.#fates.push(fate)
  }

  save(saving: Saving): void {
    this.#saving = saving
  }

  /** Calls that wait, and what the page itself has asked: to start, and to end. */
  get #pending(): number {
    const calls = [...this.calls.values()].filter(({ text }) => text === 'pending').length
    const ties = this.readers.filter(({ tie }) => tie?.state === 'called').length
    if (this.#isOver) return calls + ties
    return calls + ties + (this.phase === 'starting' ? 1 : 0) + (this.state === 'closing' ? 1 : 0)
  }

  get #subscriptions(): number {
    const streams = TOPICS.filter((topic) => this.#streams[topic].subscribed).length
    const ties = this.readers.filter(({ tie }) => tie?.subscribed).length
    return streams + ties + this.loops.filter(({ opened, end }) => opened && !end).length
  }

  /** @returns why a call is refused, or '' */
  #ask(): string {
    if (this.lives) this.#heart.beats = true
    return this.#pending >= this.setting.limits.calls ? this.#tooMany() : this.#refusal
  }

  #tooMany(): string {
    this.#count('LIMIT')
    return 'LIMIT'
  }

  get #isFull(): boolean {
    return this.#subscriptions >= this.setting.limits.subscriptions
  }

  call(kind: Kind, abortable: boolean): number {
    const signal = kind === 'wait' && abortable
    const lends = kind === 'ask' || kind === 'lend' || kind === 'keep' || kind === 'borrow'
    return this.#call(signal, lends, (call, id) => {
      const { callback } = call
      if (kind === 'wait') call.runs = true
      else if (kind === 'give') this.#answer(call, 'value')
      else if (kind === 'fail') this.#answer(call, 'OWN')
      else if (kind === 'ask') {
        callback!.heard++
        this.#answer(call, throws(id) ? 'OWN' : 'value')
      } else {
        callback!.lent = true
        callback!.kept = kind === 'keep'
        callback!.inCall = call.runs = kind === 'borrow'
        if (!call.runs) this.#answer(call, 'value')
      }
    })
  }

  set(topic: Topic, value: number): number {
    this.#stirred.add(topic)
    return this.#call(false, false, (call) => {
      this.#emit(topic, value, (tell) => tell())
      this.#answer(call, 'value')
    })
  }

  #call(signal: boolean, lends: boolean, run: (call: Call, id: number) => void): number {
    const id = ++this.lastId
    const refusal = this.#ask()
    const callback = lends
      ? { heard: 0, lives: !refusal, lent: false, inCall: false, kept: false }
      : undefined
    const call: Call = { text: refusal || 'pending', runs: false, signal, callback }
    this.calls.set(id, call)
    // What the page gives up on its way runs nevertheless.
    if (!refusal) this.#asked.push(() => run(call, id))
    return id
  }

  #answer(call: Call, text: string): void {
    if (call.text !== 'pending') return
    call.text = text
    if (call.callback && !call.callback.kept) call.callback.lives = false
  }

  abort(id: number): void {
    const call = this.calls.get(id)!
    this.#answer(call, 'ABORTED')
    this.#asked.push(() => (call.runs = false))
  }

  open(id: number): void {
    const call = this.calls.get(id)!
    call.runs = false
    if (call.callback) call.callback.inCall = false
    this.spoke = true
    this.#said.push(() => this.#answer(call, 'value'))
  }

  ring(id: number): void {
    const callback = this.calls.get(id)!.callback!
    const ring = { text: 'pending' }
    this.#rings.push(ring)
    if (!callback.inCall && !callback.kept) return void (ring.text = 'CALLBACK_RELEASED')
    this.spoke = this.rang = true
    this.#said.push(() => {
      if (callback.lives) callback.heard++
      ring.text = !callback.lives ? 'CALLBACK_RELEASED' : throws(id) ? 'OWN' : 'value'
    })
  }

  release(id: number): void {
    const callback = this.calls.get(id)!.callback!
    callback.kept = false
    this.spoke = true
    this.#said.push(() => (callback.lives = false))
  }

  emit(topic: Topic, value: number): void {
    this.spoke = true
    this.#stirred.add(topic)
    this.#memory = { ...this.#memory, [topic]: value }
    this.#emit(topic, value, (tell) => this.#said.push(tell))
  }

  #emit(topic: Topic, value: number, later: (tell: Step) => void): void {
    const cell = (this.#cells[topic] = after(this.#cells[topic], value))
    for (const loop of this.loops) if (loop.topic === topic && loop.hears) this.#send(loop, cell, later)
  }

  /** As far as its credit goes; then values wait, and only so many. */
  #send(loop: Loop, cell: Cell, later: (tell: Step) => void): void {
    if (loop.credit > 0 && loop.waiting.length === 0) {
      loop.credit--
      later(() => this.#give(loop, cell))
    } else if (loop.waiting.length < BUFFER) loop.waiting.push(cell)
    else {
      loop.waiting = []
      loop.hears = false
      this.#count('BUFFER')
      later(() => end(loop, 'LIMIT'))
    }
  }

  #give(loop: Loop, cell: Cell): void {
    if (loop.end) return
    const asker = loop.askers.shift()
    if (!asker) return void loop.values.push(cell)
    asker.text = show(cell)
    this.#take(loop)
  }

  /** Half a window at a time is granted again. */
  #take(loop: Loop): void {
    if (++loop.taken < WINDOW / 2) return
    loop.taken = 0
    if (!loop.end) this.#asked.push(() => this.#grant(loop, WINDOW / 2))
  }

  #grant(loop: Loop, count: number): void {
    if (!loop.hears) return
    this.#count('GRANT')
    loop.credit = Math.min(loop.credit + count, WINDOW)
    for (; loop.credit > 0 && loop.waiting.length > 0; loop.credit--) this.#give(loop, loop.waiting.shift()!)
    if (loop.topic === 'count') this.#pull(loop)
  }

  /** A source that can wait gives as much as is wanted. */
  #pull(loop: Loop): void {
    for (; loop.credit > 0; loop.credit--) this.#give(loop, { epoch: 0, n: loop.counted++, value: 0 })
  }

  hang(): void {
    this.deaf = true
  }

  wake(): void {
    this.deaf = false
  }

  die(): void {
    this.dead = true
  }

  subscribe(topic: Topic): void {
    const stream = this.#streams[topic]
    const refusal = this.#ask()
    if (refusal === 'LIMIT') {
      this.readers.push({ topic, status: refusal, value: undefined, reads: false, tie: undefined })
      return
    }
    if (!stream.subscribed) stream.status = stream.last ? 'stale' : 'connecting'
    const full = !stream.subscribed && (refusal || (this.#isFull ? this.#tooMany() : ''))
    stream.subscribed ||= !full
    stream.lingersUntil = NaN
    this.readers.push({
      topic,
      status: full || stream.status,
      value: stream.last,
      reads: stream.subscribed,
      tie: undefined,
    })
  }

  tie(topic: Topic): void {
    const refusal = this.#ask()
    const state = refusal ? 'over' : 'called'
    const tie: Tie = { state, signal: !refusal, subscribed: false, lingersUntil: NaN }
    const reader = { topic, status: refusal || 'connecting', value: undefined, reads: !refusal, tie }
    this.readers.push(reader)
    if (refusal) return
    this.#asked.push(() => {
      if (tie.state !== 'called') return
      tie.state = 'held'
      if (!reader.reads && !(this.#now < tie.lingersUntil)) return
      const refusal = this.#refusal || (this.#isFull ? this.#tooMany() : '')
      if (refusal) endTie(reader, refusal)
      else tie.subscribed = true
    })
  }

  /** The signal of a stream that a call has brought, or is to bring, aborts. */
  cut(at: number): void {
    const reader = this.readers[at]!
    const tie = reader.tie!
    const { state } = tie
    tie.state = 'cut'
    if (state === 'called') tie.signal = false
    if (state === 'called') endTie(reader, 'ABORTED')
    else this.#asked.push(() => endTie(reader, 'ABORTED'))
  }

  unsubscribe(at: number): void {
    const reader = this.readers[at]!
    reader.reads = false
    const { topic, tie } = reader
    const stream = tie ?? this.#streams[topic]
    if (!tie && this.readers.some((other) => other.reads && !other.tie && other.topic === topic)) return
    if (this.setting.linger) stream.lingersUntil = this.#now + LINGER
    else stream.subscribed = false
  }

  begin(topic: Topic | 'count'): void {
    this.loops.push({
      topic,
      steps: [],
      values: [],
      askers: [],
      opened: false,
      end: '',
      refusal: this.#ask() === 'LIMIT' ? 'LIMIT' : '',
      taken: 0,
      hears: false,
      credit: WINDOW,
      waiting: [],
      counted: 0,
    })
  }

  next(at: number): void {
    const loop = this.loops[at]!
    const step = { text: 'pending' }
    loop.steps.push(step)
    const value = loop.values.shift()
    if (value) {
      step.text = show(value)
      this.#take(loop)
    } else if (loop.end) {
      step.text = loop.end
      loop.end = 'done'
    } else {
      loop.askers.push(step)
      if (!loop.opened) this.#open(loop)
    }
  }

  #open(loop: Loop): void {
    const refusal = loop.refusal || this.#refusal || (this.#isFull ? this.#tooMany() : '')
    loop.opened = true
    if (refusal) return end(loop, refusal)
    const { topic } = loop
    this.opens ||= topic === 'count'
    this.#asked.push(() => {
      loop.hears = !loop.end
      if (!loop.hears) return
      if (topic === 'count') this.#pull(loop)
      else this.#send(loop, this.#cells[topic], (tell) => tell())
    })
  }

  return(at: number): void {
    const loop = this.loops[at]!
    loop.values = []
    for (const asker of loop.askers.splice(0)) asker.text = 'done'
    loop.hears = false
    loop.end = 'done'
  }

  /** The logic is asked for its state: what the thread says by itself until then would be for nobody. */
  get willSave(): boolean {
    return this.state === 'running' && this.phase === 'ready'
  }

  restart(): void {
    const restart = { text: 'pending' }
    this.#restarts.push(restart)
    if (this.#closeAsked || this.state === 'closed') restart.text = 'CLOSED'
    // It restarts already.
    else if (this.#restarts.some((other) => other !== restart && other.text === 'pending')) return
    else if (this.willSave) {
      this.#replace('RESTARTED')
      this.phase = 'saving'
      this.#saves = false
      this.#savesUntil = this.#now + SAVE
    } else {
      this.#replace('RESTARTED')
      this.#start()
    }
  }

  close(): void {
    const close = { text: 'pending' }
    this.#closes.push(close)
    if (this.state === 'running') {
      this.state = 'closing'
      this.#refusal = 'CLOSED'
      this.#closesUntil = this.#now + CLOSE
      this.#asked.push(() => (this.#stops = true))
    } else if (this.state !== 'closing') close.text = 'done'
    this.#closeAsked = true
  }

  terminate(): void {
    if (!this.#isOver) this.#finish('closed', 'CLOSED')
  }

  /** The next is yet to start. */
  #replace(code: string): void {
    this.epoch++
    if (this.#isOver) this.state = 'running'
    if (this.state === 'running') this.#refusal = ''
    this.#lose(code)
    this.#heart = well()
    for (const topic of TOPICS) {
      const stream = this.#streams[topic]
      if (!stream.subscribed) continue
      // Nobody reads it.
      if (!Number.isNaN(stream.lingersUntil)) stream.subscribed = false
      else this.#tell(topic, stream.last ? 'stale' : 'connecting')
    }
  }

  /** @param memory what was saved */
  #start(memory?: Memory): void {
    this.#fate = this.#fates.shift() ?? 'good'
    this.#count(this.#fate)
    this.phase = 'starting'
    this.dead = this.deaf = this.spoke = this.rang = false
    this.#memory = memory ?? NO_MEMORY
    this.#savesUntil = NaN
    this.#startsUntil = this.#now + START
    if (this.#fate === 'refused') this.#failToStart('START_FAILED')
  }

  #failToStart(code: string): void {
    if (this.epoch === 1) this.#finish('failed', code)
    else this.#startAgain(code)
  }

  /** By itself, and only so often. */
  #startAgain(code: string): void {
    this.#count(code)
    if (this.state === 'closing' || this.comebacks === LIVES) return this.#finish('failed', code)
    this.comebacks++
    this.#replace(code)
    this.#start()
  }

  #becomeReady(): void {
    this.#cells = fresh(this.epoch, this.#memory)
    this.phase = 'ready'
    this.#startsUntil = NaN
    this.#heart.beats = this.#pending > 0
    for (const restart of this.#restarts) if (restart.text === 'pending') restart.text = 'done'
  }

  #finish(state: 'closed' | 'failed', code: string): void {
    this.#lose(code)
    this.state = state
    this.#refusal = code
    this.dead = this.deaf = this.spoke = this.rang = false
    this.#startsUntil = this.#savesUntil = this.#closesUntil = NaN
    this.#heart = well()
    for (const topic of TOPICS) this.#streams[topic].subscribed = false
    for (const reader of this.readers) {
      if (reader.reads) reader.status = code
      reader.reads = false
    }
    for (const restart of this.#restarts) if (restart.text === 'pending') restart.text = code
    for (const close of this.#closes) close.text = 'done'
  }

  /** Calls, loops and what calls have brought end with what ran them; what is under way arrives nowhere. */
  #lose(code: string): void {
    this.#said = []
    this.#asked = []
    this.#stirred.clear()
    this.spoke = this.rang = this.#stops = this.opens = false
    for (const call of this.calls.values()) {
      this.#answer(call, code)
      call.runs = false
      if (call.callback)
        Object.assign(call.callback, { lives: false, lent: false, inCall: false, kept: false })
    }
    for (const loop of this.loops) if (loop.opened) end(loop, code)
    for (const reader of this.readers) {
      if (!reader.tie) continue
      endTie(reader, code)
      reader.tie.state = 'over'
      reader.tie.signal = false
    }
  }

  #tell(topic: Topic, status: string): void {
    const stream = this.#streams[topic]
    stream.status = status
    for (const reader of this.readers)
      if (reader.reads && !reader.tie && reader.topic === topic)
        Object.assign(reader, { status, value: stream.last })
  }

  /** A beat's time. */
  pass(): void {
    this.#now++
    this.#beat()
    for (const reader of this.readers)
      if (reader.tie?.lingersUntil === this.#now) reader.tie.subscribed = false
    for (const topic of TOPICS) {
      const stream = this.#streams[topic]
      if (stream.lingersUntil === this.#now) stream.subscribed = false
    }
    if (this.#savesUntil === this.#now) this.#goOnWithout('SAVE_TIMEOUT')
    if (this.#closesUntil === this.#now) {
      this.#count('close timeout')
      this.#finish('closed', 'CLOSED')
    }
    if (this.#startsUntil === this.#now) {
      if (this.epoch === 1) this.#count('START_TIMEOUT')
      this.#failToStart('START_TIMEOUT')
    }
  }

  #beat(): void {
    const heart = this.#heart
    if (!heart.beats) return
    if (heart.heard) {
      heart.unanswered = 0
      if (this.phase === 'unresponsive') {
        this.phase = 'ready'
        this.#count('recovered')
      }
    }
    heart.heard = false
    if (this.phase === 'unresponsive') return
    if (this.#pending === 0) this.#heart = well()
    else if (heart.unanswered < DEAF) {
      heart.unanswered++
      heart.asked = true
    } else {
      this.phase = 'unresponsive'
      this.#count('unresponsive')
      if (this.setting.onHang === 'restart') this.#startAgain('HUNG')
    }
  }

  /** The state is lost. */
  #goOnWithout(code: string): void {
    this.#told.push(code)
    this.#count(`unsaved: ${code}`)
    this.#start()
  }

  /** All that is under way arrives. */
  settle(): void {
    while (!this.#isOver && this.#moveOn());
    if (this.acts) this.#arrive()
  }

  /** @returns whether it has come to another phase */
  #moveOn(): boolean {
    if (this.phase === 'saving') {
      if (this.dead) this.#goOnWithout('DIED')
      else if (this.deaf || this.#saves) return false
      else if (this.#saving === 'good') {
        this.#count('saved')
        this.#start(this.#memory)
      } else if (this.#saving === 'throws') this.#goOnWithout('UNSAVED')
      else this.#saves = true
    } else if (this.phase === 'starting') {
      if (this.#fate === 'throws') this.#failToStart('START_FAILED')
      else if (this.#fate === 'good') this.#becomeReady()
      else return false
    } else if (this.dead) this.#startAgain('DIED')
    else return false
    return true
  }

  #arrive(): void {
    const heart = this.#heart
    heart.heard ||= heart.asked
    heart.asked = false
    for (const step of this.#said.splice(0)) step()
    // What comes of it may set off more. An end that nothing holds up is said at once, and nothing after it is heard.
    for (let step; !this.#hasStopped && (step = this.#asked.shift());) step()
    this.#stirred.clear()
    this.spoke = this.rang = this.opens = false
    for (const topic of TOPICS) {
      const stream = this.#streams[topic]
      if (!stream.subscribed) continue
      stream.last = this.#cells[topic]
      this.#tell(topic, 'live')
    }
    for (const reader of this.readers)
      if (reader.reads && reader.tie?.subscribed)
        Object.assign(reader, { status: 'live', value: this.#cells[reader.topic] })
    if (this.#hasStopped) this.#finish('closed', 'CLOSED')
  }

  get #hasStopped(): boolean {
    return this.#stops && ![...this.calls.values()].some(({ runs }) => runs)
  }

  /** How many values a loop's generator has given, where that is known. */
  counted(): [at: number, count: number][] {
    return [...this.loops].flatMap(({ topic, hears, counted }, at): [number, number][] =>
      topic === 'count' && hears ? [[at, counted]] : [],
    )
  }

  #count(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1)
  }

  look() {
    const calls = [...this.calls.values()]
    const signals = calls.filter(({ text, signal }) => text === 'pending' && signal).length
    const ties = this.readers.filter(({ tie }) => tie?.signal).length
    const phase =
      this.phase === 'saving' || (this.phase === 'starting' && this.epoch > 1) ? 'restarting' : this.phase
    return {
      state: `${this.#isOver ? this.state : phase} ${this.epoch}`,
      stats: {
        pendingCalls: this.#pending,
        subscriptions: this.#subscriptions,
        callbacks: calls.filter(({ callback }) => callback?.lives).length,
        signals: signals + ties,
        restarts: this.epoch - 1,
      },
      calls: [...this.calls].map(([id, { text, callback }]) => `${id} ${text} ${callback?.heard ?? 0}`),
      readers: this.readers.map(({ status, value }) => `${status} ${show(value)}`),
      loops: this.loops.map(({ steps }) => steps.map(({ text }) => text)),
      rings: this.#rings.map(({ text }) => text),
      restarts: this.#restarts.map(({ text }) => text),
      closes: this.#closes.map(({ text }) => text),
      told: [...this.#told],
      faults: [] as string[],
    }
  }
}

const idle = (): Stream => ({ last: undefined, subscribed: false, status: 'connecting', lingersUntil: NaN })
const well = () => ({ beats: false, asked: false, heard: false, unanswered: 0 })
const fresh = (epoch: number, memory: Memory): { [topic in Topic]: Cell } => ({
  a: { epoch, n: 0, value: memory.a },
  b: { epoch, n: 0, value: memory.b },
})

function endTie(reader: Reader, why: string): void {
  if (reader.tie) reader.tie.subscribed = false
  if (reader.reads) reader.status = why
  reader.reads = false
}

/** The first who waits is told why, or else the next to ask; after that it is done. */
function end(loop: Loop, why: string): void {
  if (loop.end) return
  loop.hears = false
  loop.waiting = []
  const [first, ...others] = loop.askers.splice(0)
  loop.end = first ? 'done' : why
  if (first) first.text = why
  for (const asker of others) asker.text = 'done'
}
