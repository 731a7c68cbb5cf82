import { CallbackLogic } from '../contenders/callback-logic.js'
import { deep } from '../../test/support/unreadable.js'
import { postJunk, type Endpoint } from './junk.js'
import { QuotaError } from './quota-error.js'

/** What the thread's library talks through: the worker's global, where a subject says nothing else. */
export const channel: { endpoint: Endpoint } = { endpoint: globalThis as unknown as Endpoint }

/** What a method of the logic is told to throw. */
export type Thrown = 'quota' | 'range' | 'text' | 'undefined'

/** What every subject's thread runs: a logic to which, and in which, things go wrong. */
export class FaultLogic extends CallbackLogic {
  #held: ((text: string) => unknown) | undefined

  /** Whoever starts the logic awaits it first. */
  onStart?(): Promise<void>

  /** Answers after so many ms. */
  async pause(ms: number) {
    await new Promise((resolve) => setTimeout(resolve, ms))
    return ms
  }

  /** Answers never. */
  hang() {
    return new Promise<never>(() => {})
  }

  /** Lets nothing else in. */
  loop() {
    for (;;);
  }

  die() {
    globalThis.close()
  }

  take(_value: unknown) {
    return 'taken'
  }

  giveUncloneable(): unknown {
    return { user: { cache: new WeakMap() } }
  }

  giveDeep(levels: number): unknown {
    return deep(levels)
  }

  fail(how: Thrown): unknown {
    if (how === 'quota') throw new QuotaError('at most 3 todos', { cause: new Error('the disk is full') })
    if (how === 'range') throw new RangeError('no such row')
    // oxlint-disable-next-line no-throw-literal -- what happens then is what is asked
    throw how === 'text' ? 'plain text' : undefined
  }

  chatter() {
    postJunk(channel.endpoint)
  }

  /** Keeps a function beyond the call that brings it. */
  hold(callback: (text: string) => unknown) {
    this.#held = callback
  }

  async callHeld(): Promise<unknown> {
    return await this.#held?.('late')
  }

  /** What a client that does not keep to the types may have done. */
  harm() {
    // Text, which a page whose own prototypes are polluted reads as it is.
    return [
      'injected' in globalThis && 'its code runs in the thread',
      'polluted' in {} && "the thread's prototype is polluted",
    ]
      .filter(Boolean)
      .join(', ')
  }

  // What is not meant to be reached.

  field = 'of a field'

  get accessor() {
    return 'of an accessor'
  }

  _underscored() {
    return 'of an underscored method'
  }

  protected internal() {
    return 'of a protected method'
  }
}
