/** The calls of a page, with what was passed to them, and what has come of them. */
import type { Whole } from './way'
import { throws, type Kind } from './words'

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

export class Calls {
  readonly all = new Map<number, Call>()
  readonly rings: { text: string }[] = []

  constructor(private readonly whole: Whole) {}

  get pending(): number {
    return [...this.all.values()].filter(({ text }) => text === 'pending').length
  }
  /** In the thread, also what was given up on its way. */
  get running(): number {
    return [...this.all.values()].filter(({ runs }) => runs).length
  }
  get signals(): number {
    return [...this.all.values()].filter(({ text, signal }) => text === 'pending' && signal).length
  }
  get callbacks(): number {
    return [...this.all.values()].filter(({ callback }) => callback?.lives).length
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

  /** A call that does something in the thread, and gives a value. */
  do(something: () => void): number {
    return this.#call(false, false, (call) => {
      something()
      this.#answer(call, 'value')
    })
  }

  #call(signal: boolean, lends: boolean, run: (call: Call, id: number) => void): number {
    const id = this.all.size + 1
    const refusal = this.whole.ask()
    const callback = lends
      ? { heard: 0, lives: !refusal, lent: false, inCall: false, kept: false }
      : undefined
    const call: Call = { text: refusal || 'pending', runs: false, signal, callback }
    this.all.set(id, call)
    // What the page gives up on its way runs nevertheless.
    if (!refusal) this.whole.way.ask(() => run(call, id))
    return id
  }

  #answer(call: Call, text: string): void {
    if (call.text !== 'pending') return
    call.text = text
    if (call.callback && !call.callback.kept) call.callback.lives = false
  }

  abort(id: number): void {
    const call = this.all.get(id)!
    this.#answer(call, 'ABORTED')
    this.whole.way.ask(() => (call.runs = false))
  }

  open(id: number): void {
    const call = this.all.get(id)!
    call.runs = false
    if (call.callback) call.callback.inCall = false
    this.whole.way.say(() => this.#answer(call, 'value'))
  }

  ring(id: number): void {
    const { way } = this.whole
    const callback = this.all.get(id)!.callback!
    const ring = { text: 'pending' }
    this.rings.push(ring)
    if (!callback.inCall && !callback.kept) return void (ring.text = 'CALLBACK_RELEASED')
    way.rang = true
    way.say(() => {
      if (callback.lives) callback.heard++
      ring.text = !callback.lives ? 'CALLBACK_RELEASED' : throws(id) ? 'OWN' : 'value'
    })
  }

  release(id: number): void {
    const callback = this.all.get(id)!.callback!
    callback.kept = false
    this.whole.way.say(() => (callback.lives = false))
  }

  /** They end with what ran them. */
  lose(code: string): void {
    for (const call of this.all.values()) {
      this.#answer(call, code)
      call.runs = false
      if (call.callback)
        Object.assign(call.callback, { lives: false, lent: false, inCall: false, kept: false })
    }
  }

  look(): string[] {
    return [...this.all].map(([id, { text, callback }]) => `${id} ${text} ${callback?.heard ?? 0}`)
  }
}
