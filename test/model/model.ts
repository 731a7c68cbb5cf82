/**
 * What a thread's page must see, told without messages or tasks. All that is done between two settlings is done in one
 * task: nothing can arrive meanwhile, so what must come of it is known exactly. Time passes only while all is settled,
 * a beat at a time.
 */
import { Calls } from './calls'
import { Heart } from './heart'
import { Loop, type Sources } from './loop'
import { Readers } from './readers'
import { Way, type Step } from './way'
import {
  after,
  CLOSE,
  LIVES,
  NO_MEMORY,
  SAVE,
  START,
  type Cell,
  type Fate,
  type Kind,
  type Memory,
  type Saving,
  type Setting,
  type Topic,
} from './words'

export class Model implements Sources {
  state: 'running' | 'closing' | 'closed' | 'failed' = 'running'
  /** Of one that runs or closes: the one before saves its state, it starts, the page takes it for well or for hung. */
  phase: 'saving' | 'starting' | 'ready' | 'unresponsive' = 'starting'
  /** It is dead, and the page does not know. */
  dead = false
  /** It takes nothing in. */
  deaf = false
  epoch = 1
  /** What has come of starts, saves and beats, to see that all of it is tried. */
  readonly seen = new Map<string, number>()
  lastValue = 0
  /** What is on its way. */
  readonly way = new Way()
  readonly calls = new Calls(this)
  readonly readers: Readers
  readonly loops: Loop[] = []
  /** What the thread's streams show now. */
  cells = fresh(1, NO_MEMORY)
  readonly #restarts: { text: string }[] = []
  readonly #closes: { text: string }[] = []
  readonly #told: string[] = []
  /** How often it came back by itself. */
  #comebacks = 0
  readonly #fates: Fate[] = []
  #fate: Fate
  #saving: Saving = 'good'
  /** The thread was asked for its state, and has begun. */
  #saves = false
  #memory = NO_MEMORY
  /** Why it takes nothing any more. */
  #refusal = ''
  #closeAsked = false
  /** The thread was told to end, and does when no call runs. */
  #stops = false
  #now = 0
  #startsUntil = START
  #savesUntil = NaN
  #closesUntil = NaN
  readonly #heart = new Heart()

  constructor(private readonly setting: Setting) {
    this.#fate = setting.fate
    this.readers = new Readers(this, setting.linger)
    if (this.#fate === 'refused') this.#failToStart('START_FAILED')
  }

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

  plan(fate: Fate): void {
    this.#fates.push(fate)
  }

  save(saving: Saving): void {
    this.#saving = saving
  }

  /** Calls that wait, and what the page itself has asked: to start, and to end. */
  get #pending(): number {
    const asked = this.calls.pending + this.readers.pending
    if (this.#isOver) return asked
    return asked + (this.phase === 'starting' ? 1 : 0) + (this.state === 'closing' ? 1 : 0)
  }

  get #subscriptions(): number {
    return this.readers.subscriptions + this.loops.filter(({ opened, end }) => opened && !end).length
  }

  ask(): string {
    if (this.lives) this.#heart.watch()
    return this.#pending >= this.setting.limits.calls ? this.#tooMany() : this.#refusal
  }

  admit(): string {
    const isFull = this.#subscriptions >= this.setting.limits.subscriptions
    return this.#refusal || (isFull ? this.#tooMany() : '')
  }

  #tooMany(): string {
    this.count('LIMIT')
    return 'LIMIT'
  }

  call(kind: Kind, abortable: boolean): number {
    return this.calls.call(kind, abortable)
  }
  abort(id: number): void {
    this.calls.abort(id)
  }
  open(id: number): void {
    this.calls.open(id)
  }
  ring(id: number): void {
    this.calls.ring(id)
  }
  release(id: number): void {
    this.calls.release(id)
  }

  subscribe(topic: Topic): void {
    this.readers.subscribe(topic)
  }
  tie(topic: Topic): void {
    this.readers.tie(topic)
  }
  cut(at: number): void {
    this.readers.cut(at)
  }
  unsubscribe(at: number): void {
    this.readers.unsubscribe(at)
  }

  begin(topic: Topic | 'count'): void {
    this.loops.push(new Loop(topic, this.ask() === 'LIMIT' ? 'LIMIT' : '', this))
  }
  next(at: number): void {
    this.loops[at]!.next()
  }
  return(at: number): void {
    this.loops[at]!.return()
  }

  set(topic: Topic, value: number): number {
    this.way.stirred.add(topic)
    return this.calls.do(() => this.#emit(topic, value, (tell) => tell()))
  }

  emit(topic: Topic, value: number): void {
    this.way.spoke = true
    this.way.stirred.add(topic)
    this.#memory = { ...this.#memory, [topic]: value }
    this.#emit(topic, value, (tell) => this.way.say(tell))
  }

  #emit(topic: Topic, value: number, later: (tell: Step) => void): void {
    const cell = (this.cells[topic] = after(this.cells[topic], value))
    for (const loop of this.loops) if (loop.topic === topic && loop.hears) loop.send(cell, later)
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
    else {
      const { willSave } = this
      this.#replace('RESTARTED')
      if (!willSave) return this.#start()
      this.phase = 'saving'
      this.#saves = false
      this.#savesUntil = this.#now + SAVE
    }
  }

  close(): void {
    const close = { text: 'pending' }
    this.#closes.push(close)
    if (this.state === 'running') {
      this.state = 'closing'
      this.#refusal = 'CLOSED'
      this.#closesUntil = this.#now + CLOSE
      this.way.ask(() => (this.#stops = true))
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
    this.#heart.rest()
    this.readers.renew()
  }

  /** @param memory what was saved */
  #start(memory?: Memory): void {
    this.#fate = this.#fates.shift() ?? 'good'
    this.count(this.#fate)
    this.phase = 'starting'
    this.dead = this.deaf = false
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
    this.count(code)
    if (this.state === 'closing' || this.#comebacks === LIVES) return this.#finish('failed', code)
    this.#comebacks++
    this.#replace(code)
    this.#start()
  }

  #becomeReady(): void {
    this.cells = fresh(this.epoch, this.#memory)
    this.phase = 'ready'
    this.#startsUntil = NaN
    if (this.#pending > 0) this.#heart.watch()
    for (const restart of this.#restarts) if (restart.text === 'pending') restart.text = 'done'
  }

  #finish(state: 'closed' | 'failed', code: string): void {
    this.#lose(code)
    this.state = state
    this.#refusal = code
    this.dead = this.deaf = false
    this.#startsUntil = this.#savesUntil = this.#closesUntil = NaN
    this.#heart.rest()
    this.readers.finish(code)
    for (const restart of this.#restarts) if (restart.text === 'pending') restart.text = code
    for (const close of this.#closes) close.text = 'done'
  }

  /** Calls, loops and what calls have brought end with what ran them; what is under way arrives nowhere. */
  #lose(code: string): void {
    this.way.lose()
    this.#stops = false
    this.calls.lose(code)
    for (const loop of this.loops) if (loop.opened) loop.finish(code)
    this.readers.lose()
  }

  /** A beat's time. */
  pass(): void {
    this.#now++
    this.#beat()
    this.readers.pass()
    if (this.#savesUntil === this.#now) this.#goOnWithout('SAVE_TIMEOUT')
    if (this.#closesUntil === this.#now) {
      this.count('close timeout')
      this.#finish('closed', 'CLOSED')
    }
    if (this.#startsUntil === this.#now) {
      if (this.epoch === 1) this.count('START_TIMEOUT')
      this.#failToStart('START_TIMEOUT')
    }
  }

  #beat(): void {
    const hung = this.phase === 'unresponsive'
    const hangs = this.#heart.beat(hung, this.#pending > 0)
    if (hangs === hung) return
    this.phase = hangs ? 'unresponsive' : 'ready'
    this.count(hangs ? 'unresponsive' : 'recovered')
    if (hangs && this.setting.onHang === 'restart') this.#startAgain('HUNG')
  }

  /** The state is lost. */
  #goOnWithout(code: string): void {
    this.#told.push(code)
    this.count(`unsaved: ${code}`)
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
        this.count('saved')
        this.#start(this.#memory)
      } else if (this.#saving === 'throws') this.#goOnWithout('UNSAVED')
      else this.#saves = true
    } else if (this.phase === 'starting') {
      if (this.#fate === 'throws' || this.#fate === 'dies') this.#failToStart('START_FAILED')
      else if (this.#fate === 'good') this.#becomeReady()
      else return false
    } else if (this.dead) this.#startAgain('DIED')
    else return false
    return true
  }

  #arrive(): void {
    this.#heart.arrive()
    this.way.arrive(() => this.#hasStopped)
    this.readers.arrive(this.cells)
    if (this.#hasStopped) this.#finish('closed', 'CLOSED')
  }

  get #hasStopped(): boolean {
    return this.#stops && this.calls.running === 0
  }

  /** How many values a loop's generator has given, where that is known. */
  counted(): [at: number, count: number][] {
    return this.loops.flatMap(({ topic, hears, counted }, at): [number, number][] =>
      topic === 'count' && hears ? [[at, counted]] : [],
    )
  }

  /** Something was tried. */
  count(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1)
  }

  look() {
    const phase =
      this.phase === 'saving' || (this.phase === 'starting' && this.epoch > 1) ? 'restarting' : this.phase
    return {
      state: `${this.#isOver ? this.state : phase} ${this.epoch}`,
      stats: {
        pendingCalls: this.#pending,
        subscriptions: this.#subscriptions,
        callbacks: this.calls.callbacks,
        signals: this.calls.signals + this.readers.signals,
        restarts: this.epoch - 1,
      },
      calls: this.calls.look(),
      readers: this.readers.look(),
      loops: this.loops.map(({ steps }) => steps.map(({ text }) => text)),
      rings: this.calls.rings.map(({ text }) => text),
      restarts: this.#restarts.map(({ text }) => text),
      closes: this.#closes.map(({ text }) => text),
      told: [...this.#told],
      faults: [] as string[],
    }
  }
}

const fresh = (epoch: number, memory: Memory): { [topic in Topic]: Cell } => ({
  a: { epoch, n: 0, value: memory.a },
  b: { epoch, n: 0, value: memory.b },
})
