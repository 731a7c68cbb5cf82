/** The threads of a pool: who is asked next, who is started, and who ends. */
import { Answerer } from './answerer.js'
import { RemoteCall } from './call.js'
import { Caller, type Front } from './caller.js'
import { Connection } from './connection.js'
import { ThreadClosedError, ThreadStartError } from './errors.js'
import { beyond, type OpenLimits } from './limits.js'
import { CallQueue } from './pool-queue.js'
import type { PoolStats } from './pool-types.js'
import type { ThreadLine } from './protocol.js'
import { report } from './report.js'
import { Tracer } from './stacks.js'
import { after } from './task.js'
import { makeToken } from './token.js'
import { BackgroundThread, makeFront, type Settings } from './thread.js'
import type { Load, ThreadStats } from './types.js'

export interface CrewOptions {
  name: string
  /** Of every thread. */
  settings: Settings
  /** The most threads there are. */
  size: number
  /** The most calls that one thread is at. */
  concurrency: number
  /** Milliseconds after which a thread that has nothing to do ends. */
  idleTimeout(): number
  /** A thread whose call is given up ends at once, with all that it does. */
  mortal: boolean
}

/** Milliseconds until a thread that is in use without a call is looked at again, where `idleTimeout` is shorter. */
const LOOK_AGAIN = 1_000

const COUNTS = {
  pendingCalls: 0,
  subscriptions: 0,
  callbacks: 0,
  signals: 0,
  snapshots: 0,
  patches: 0,
  sent: 0,
  received: 0,
  ignored: 0,
  restarts: 0,
} satisfies ThreadStats

/** A thread, and how busy it is. */
class Member {
  /** Calls that it is at. */
  calls = 0
  /** Others have lines to it, and what they do there is not seen here. */
  isLent = false
  idle: ReturnType<typeof setTimeout> | undefined
  /** What it holds for life: functions and signals that its logic was made with. */
  readonly #own: ThreadStats

  constructor(readonly thread: BackgroundThread) {
    this.#own = thread.stats()
  }

  get streams(): number {
    return this.thread.run.caller.stats.subscriptions
  }

  get isAtRest(): boolean {
    const own = this.#own
    const { subscriptions, callbacks, signals } = this.thread.stats()
    const isUsed = this.isLent || this.calls + subscriptions > 0
    return !isUsed && callbacks <= own.callbacks && signals <= own.signals
  }
}

export class Crew {
  readonly #members = new Set<Member>()
  /** Those that have nothing more to do than their `onStop`. */
  readonly #leaving = new Set<Member>()
  readonly #queue: CallQueue
  readonly #front: Front
  readonly #limits: OpenLimits
  readonly #tracer = new Tracer()
  /** Of threads that have ended. */
  readonly #passed = { ...COUNTS }
  #started = 0
  #identity: string | undefined
  /** A thread could not be started, and none has been since: what there is has to do. */
  #isFailing = false
  /** Calls that were sent and wait for their replies. */
  #sent = 0
  /** Who is asked when there will be no thread any more. */
  #closed: Caller | undefined
  #closing: Promise<void> | undefined

  constructor(
    private readonly load: Load<unknown>,
    private readonly options: CrewOptions,
  ) {
    const reader = () => this.#closed ?? this.#leastBusy().thread.run.caller
    this.#queue = new CallQueue(options.name, reader)
    // Streams belong to no thread: each subscription goes to the one that is least busy then.
    const front = makeFront(options.settings, reader)
    this.#limits = front.limits
    // Calls are counted here, with those that wait and without those that are said in between.
    this.#front = { ...front, limits: { ...front.limits, calls: Infinity } }
  }

  /** @param above the function whose caller is the user's line, for the stack */
  call(action: string, args: readonly unknown[], above: unknown): RemoteCall {
    if (this.#closed) return this.#closed.call(action, args, above)
    const call = new RemoteCall(this.#queue, action)
    call.trace = this.#tracer.take(action, above)
    if (this.#sent + this.#queue.size >= this.#limits.calls)
      call.reject(beyond(this.options.name, this.#limits, 'calls', action))
    else {
      const member = this.#queue.size === 0 ? this.#leastBusy() : undefined
      if (member && this.#isFree(member)) this.#send(member, call, args)
      else this.#queue.add(call, args)
    }
    return call
  }

  /** What leads another thread to one of these, which stays from then on. @throws ThreadClosedError */
  readonly connect = (): ThreadLine => {
    if (this.#closed) throw this.#closedError('connect')
    const member = this.#leastBusy()
    member.isLent = true
    return [member.thread.connect(), (this.#identity ??= makeToken()), this.options.name]
  }

  get stats(): PoolStats {
    const members = [...this.#members, ...this.#leaving]
    const stats = { ...this.#passed }
    for (const { thread } of members) addCounts(stats, thread.stats())
    // Without what is said to start a thread, and to find out whether it is free.
    stats.pendingCalls = this.#sent + this.#queue.size
    stats.signals += this.#queue.signals
    return { ...stats, threads: members.length, queuedCalls: this.#queue.size }
  }

  close(timeout: number): Promise<void> {
    return (this.#closing ??= this.#closeInOrder(timeout))
  }

  terminate(): void {
    this.#refuse()
    this.#queue.refuse(this.#closedError)
    const members = [...this.#members, ...this.#leaving]
    for (const member of members) this.#end(member)
  }

  #isFree(member: Member): boolean {
    return member.calls < this.options.concurrency
  }

  /** Fewest calls, then fewest streams; a new thread where none is at rest and there is room. */
  #leastBusy(): Member {
    let least: Member | undefined
    let streams = 0
    for (const member of this.#members) {
      if (least && member.calls > least.calls) continue
      const read = member.streams
      if (least && member.calls === least.calls && read >= streams) continue
      least = member
      streams = read
    }
    const isFull = this.#members.size >= this.options.size || this.#isFailing
    if (least && (isFull || least.calls + streams === 0)) return least
    const started = this.#start()
    // It may have failed already.
    return this.#isFailing ? this.#leastBusy() : started
  }

  #start(): Member {
    const { size, settings } = this.options
    const name = size === 1 ? this.options.name : `${this.options.name} ${++this.#started}`
    const thread = new BackgroundThread(this.load, { ...settings, name }, undefined, this.#front)
    const member = new Member(thread)
    this.#members.add(member)
    this.#rest(member)
    thread.status.subscribe(({ state, error }) => {
      if (state === 'ready') this.#isFailing = false
      if (state === 'failed') this.#lose(member, error)
    })
    return member
  }

  /** It will not start again. What waits goes to others, or to a new one, unless that would not start either. */
  #lose(member: Member, error: unknown): void {
    this.#remove(member)
    if (!(error instanceof ThreadStartError)) return
    this.#isFailing = this.#members.size > 0
    if (!this.#isFailing) this.#queue.refuse(() => error)
  }

  #send(member: Member, call: RemoteCall, args: readonly unknown[]): void {
    clearTimeout(member.idle)
    member.calls++
    this.#sent++
    call.whenOver = () => {
      call.whenOver = undefined
      this.#sent--
      if (call.givenUp) this.#giveUp(member)
      else this.#release(member)
    }
    const { run } = member.thread
    const isAsked = run.caller.send(call, args)
    run.awaits()
    if (!isAsked) call.whenOver?.()
  }

  /** A call of it is over: the one that has waited longest is next. */
  #release(member: Member): void {
    member.calls--
    this.#sendNext()
    if (member.calls === 0) this.#rest(member)
  }

  #sendNext(): void {
    while (this.#queue.size > 0) {
      const member = this.#leastBusy()
      if (!this.#isFree(member)) return
      // The start of a thread may have failed, and with it all that has waited.
      const call = this.#queue.shift()
      if (call) this.#send(member, call, call.args ?? [])
    }
  }

  /** The page has done with a call that the thread may be at still: it is free when it hears something again. */
  #giveUp(member: Member): void {
    const release = () => this.#release(member)
    // No action has such a name, and the answer that says so is enough.
    if (!this.options.mortal) {
      const question = member.thread.run.caller.call('_', [])
      // However long that takes.
      question.timeout = Infinity
      question.catch(release)
    } else {
      this.#end(member)
      release()
    }
  }

  /** Ends it when it has had nothing to do for so long. */
  #rest(member: Member, delay = this.options.idleTimeout()): void {
    clearTimeout(member.idle)
    if (!this.#members.has(member)) return
    const timer = after(delay, () => {
      if (member.isAtRest) this.#dismiss(member)
      else this.#rest(member, Math.max(delay, LOOK_AGAIN))
    })
    member.idle = timer
    // On a server that is done no thread must hold up its end.
    const { unref } = Object(timer) as { unref?(): void }
    unref?.call(timer)
  }

  #dismiss(member: Member): void {
    clearTimeout(member.idle)
    this.#members.delete(member)
    this.#leaving.add(member)
    member.thread
      .close()
      .catch(this.options.settings.onError ?? report)
      .finally(() => this.#remove(member))
  }

  #end(member: Member): void {
    this.#remove(member)
    member.thread.terminate()
  }

  #remove(member: Member): void {
    clearTimeout(member.idle)
    const here = this.#members.delete(member)
    if (this.#leaving.delete(member) || here) addCounts(this.#passed, member.thread.stats(), PASSED)
  }

  async #closeInOrder(timeout: number): Promise<void> {
    const timer = after(timeout, () => this.terminate())
    this.#refuse()
    try {
      if (this.#queue.size > 0) await new Promise<void>((empty) => (this.#queue.whenEmpty = empty))
      const ends = [...this.#members, ...this.#leaving].map(({ thread }) =>
        thread.close({ timeout: Infinity }),
      )
      // All of them end, whatever one's `onStop` throws; that is for the one who closes.
      for (const end of await Promise.allSettled(ends)) if (end.status === 'rejected') throw end.reason
    } finally {
      clearTimeout(timer)
      this.terminate()
    }
  }

  /** No new calls. */
  #refuse(): void {
    if (this.#closed) return
    const { name } = this.options
    const { asker } = new Connection<Caller>({
      token: '',
      name,
      asks: (line) => new Caller(line, this.#front),
      answers: (line, caller) => new Answerer(line, caller),
    })
    asker.refuse(this.#closedError)
    this.#closed = asker
  }

  readonly #closedError = (action: string) =>
    new ThreadClosedError(`thread '${this.options.name}' was closed and ${action}() was not sent`)
}

type Counts = { -readonly [K in keyof ThreadStats]: number }

const ALL = Object.keys(COUNTS) as (keyof Counts)[]

/** What a thread leaves behind when it has ended. */
const PASSED = ['snapshots', 'patches', 'sent', 'received', 'ignored', 'restarts'] as const

function addCounts(sum: Counts, stats: ThreadStats, which: readonly (keyof Counts)[] = ALL): void {
  for (const count of which) sum[count] += stats[count]
}
