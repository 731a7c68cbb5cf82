/** A `for await` of a page: what it was given, and what its thread may send it. */
import { WINDOW } from '../../src/core/flow.js'
import type { Step, Whole } from './way'
import { BUFFER, show, type Cell, type Topic } from './words'

/** What a loop needs of the whole. */
export interface Sources extends Whole {
  /** What the thread's streams show now. */
  readonly cells: { [topic in Topic]: Cell }
  count(what: string): void
}

export class Loop {
  readonly steps: { text: string }[] = []
  /** Values that have arrived and were not asked for. */
  values: Cell[] = []
  readonly #askers: { text: string }[] = []
  opened = false
  /** Why it has ended, as long as nobody was told; then `done`. */
  end = ''
  /** Taken since the last grant. */
  #taken = 0
  // The thread's side of it
  hears = false
  #credit = WINDOW
  #waiting: Cell[] = []
  counted = 0

  /** @param refusal there was one call too many when it was begun */
  constructor(
    readonly topic: Topic | 'count',
    private readonly refusal: string,
    private readonly whole: Sources,
  ) {}

  next(): void {
    const step = { text: 'pending' }
    this.steps.push(step)
    const value = this.values.shift()
    if (value) {
      step.text = show(value)
      this.#take()
    } else if (this.end) {
      step.text = this.end
      this.end = 'done'
    } else {
      this.#askers.push(step)
      if (!this.opened) this.#open()
    }
  }

  return(): void {
    this.values = []
    for (const asker of this.#askers.splice(0)) asker.text = 'done'
    this.hears = false
    this.end = 'done'
  }

  /** The first who waits is told why, or else the next to ask; after that it is done. */
  finish(why: string): void {
    if (this.end) return
    this.hears = false
    this.#waiting = []
    const [first, ...others] = this.#askers.splice(0)
    this.end = first ? 'done' : why
    if (first) first.text = why
    for (const asker of others) asker.text = 'done'
  }

  #open(): void {
    const { topic } = this
    const { way } = this.whole
    const refusal = this.refusal || this.whole.admit()
    this.opened = true
    if (refusal) return this.finish(refusal)
    way.opens ||= topic === 'count'
    way.ask(() => {
      this.hears = !this.end
      if (!this.hears) return
      if (topic === 'count') this.#pull()
      else this.send(this.whole.cells[topic], (tell) => tell())
    })
  }

  /** The thread sends as far as its credit goes; then values wait, and only so many. */
  send(cell: Cell, later: (tell: Step) => void): void {
    if (this.#credit > 0 && this.#waiting.length === 0) {
      this.#credit--
      later(() => this.#give(cell))
    } else if (this.#waiting.length < BUFFER) this.#waiting.push(cell)
    else {
      this.#waiting = []
      this.hears = false
      this.whole.count('BUFFER')
      later(() => this.finish('LIMIT'))
    }
  }

  #give(cell: Cell): void {
    if (this.end) return
    const asker = this.#askers.shift()
    if (!asker) return void this.values.push(cell)
    asker.text = show(cell)
    this.#take()
  }

  /** Half a window at a time is granted again. */
  #take(): void {
    if (++this.#taken < WINDOW / 2) return
    this.#taken = 0
    if (!this.end) this.whole.way.ask(() => this.#grant(WINDOW / 2))
  }

  #grant(count: number): void {
    if (!this.hears) return
    this.whole.count('GRANT')
    this.#credit = Math.min(this.#credit + count, WINDOW)
    for (; this.#credit > 0 && this.#waiting.length > 0; this.#credit--) this.#give(this.#waiting.shift()!)
    if (this.topic === 'count') this.#pull()
  }

  /** A source that can wait gives as much as is wanted. */
  #pull(): void {
    for (; this.#credit > 0; this.#credit--) this.#give({ epoch: 0, n: this.counted++, value: 0 })
  }
}
