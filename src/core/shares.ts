/**
 * The time of a thread for clients that do not own it. They take turns, in slices, and if the owner is sending, too,
 * each slice is followed by a rest: so they have a third of the time at most, whatever they ask for.
 */
import { Queue } from './queue.js'
import { afterTask } from './task.js'
import type { OwnSlice, Slice } from './turns.js'

/** Milliseconds of work in one slice. A timer cannot wait for less than the rest that follows it. */
const SLICE = 2
/** How much longer the rest is than the slice. */
const REST = 2
/** The owner is sending until it has been silent in so many rests. In a flood it is kept from it, so that time tells nothing. */
const SILENT = 5
/** Milliseconds after which a long rest is looked at again. */
const LOOK = 10
/** Milliseconds that a message costs before it is decoded. */
const MESSAGE = 0.03

/** Work of one client, in the order it came. Returns true while more of it is left. */
type Work = () => boolean

/** All clients of one thread that do not own it. */
export class Shares {
  readonly #waiting = new Set<Share>()
  /** Of the owner: it began when that sent its last message. */
  owner: OwnSlice | undefined
  /** When the slice began, or would have, if all of its work had been done in one go. */
  #start = 0
  #end = 0
  /** When it was last looked whether the owner is sending. */
  #looked = -Infinity
  #millisecond = 0
  /** Rests in a row, or parts of one, in which the owner sent nothing. */
  #silent = SILENT
  /** It runs, or is going to. */
  #scheduled = false

  /** What is asked for in an owner's task is done after what that has brought the owner itself. */
  add(share: Share): void {
    this.#waiting.add(share)
    if (this.#scheduled) return
    this.#scheduled = true
    queueMicrotask(() => queueMicrotask(() => this.#begin()))
  }

  delete(share: Share): void {
    this.#waiting.delete(share)
  }

  /** Adds to the work of this slice, or of the rest that there is. */
  charge(milliseconds: number): void {
    this.#start -= milliseconds
  }

  get isOver(): boolean {
    // What millisecond it is costs a third of how much time has passed: that is asked once in each.
    const now = Date.now()
    if (now === this.#millisecond) return false
    this.#millisecond = now
    return performance.now() - this.#start >= SLICE
  }

  #begin(): void {
    const now = performance.now()
    const used = this.#end - this.#start
    // It has rested, if only because nothing was asked for.
    if (now - this.#end >= used * REST) this.#start = now
    else if (used >= SLICE) return this.#rest()
    else this.#start = now - used
    this.#run()
  }

  #run(): void {
    for (const share of this.#waiting) {
      this.#waiting.delete(share)
      share.work()
      if (share.isBusy) this.#waiting.add(share)
      if (this.isOver) break
    }
    this.#end = performance.now()
    if (this.#waiting.size > 0) this.#rest()
    else this.#scheduled = false
  }

  /** Other tasks have their turn, and an owner that is sending has more than that. */
  #rest(): void {
    let charged = this.#start
    let until = this.#end + (this.#end - charged) * REST
    let looked = this.#looked
    const go = () => {
      const { start = -Infinity } = this.owner ?? {}
      const now = (this.#looked = performance.now())
      this.#silent = start >= looked ? 0 : this.#silent + 1
      looked = now
      // Messages that have come meanwhile have taken of the rest.
      until += (charged - this.#start) * (1 + REST)
      charged = this.#start
      if (now < until && this.#silent < SILENT) return void setTimeout(go, Math.min(until - now, LOOK))
      this.#start = now
      this.#run()
    }
    afterTask(go)
  }
}

/** One client's. */
export class Share implements Slice {
  readonly #work = new Queue<Work>()
  #current: Work | undefined

  constructor(private readonly shares: Shares) {}

  /** So many pieces of work wait. */
  get length(): number {
    return this.#work.length
  }

  get isBusy(): boolean {
    return this.#current !== undefined || this.#work.length > 0
  }

  /** Does it in a turn of this client. */
  take(work: Work): void {
    this.#work.push(work)
    this.shares.add(this)
  }

  /** A message has come. @param milliseconds for which it was decoded and weighed */
  charge(milliseconds: number): void {
    this.shares.charge(MESSAGE + milliseconds)
  }

  work(): void {
    this.#current ??= this.#work.shift()
    if (!this.#current?.()) this.#current = undefined
  }

  begin(): void {}

  get isOver(): boolean {
    return this.shares.isOver
  }

  later(work: () => void): void {
    this.take(() => {
      work()
      return false
    })
  }

  end(): void {
    this.#work.clear()
    this.#current = undefined
    this.shares.delete(this)
  }
}
