import { BOUND } from './fault.js'
import type { Settled } from './observation.js'
import type { Started, StartOptions, Subject } from './subject.js'
import { delay, Watched } from './watched.js'

/** One try of a fault on a subject, in a page of its own. */
export class Trial {
  /** What the library, or the browser, has told the app besides its callers. */
  readonly told = new Set<string>()

  constructor(
    readonly subject: Subject,
    readonly bound: number,
  ) {}

  /** Starts a thread, without waiting for it. */
  start(options: StartOptions = {}): Started {
    return this.subject.start(options, (what) => this.told.add(what))
  }

  /** The same, once it has answered. */
  async open(options: StartOptions = {}): Promise<Started> {
    const started = this.start(options)
    const sum = await new Watched(() => started.calls.add(1, 2)).outcome(this.bound)
    // A subject that hangs from the start is to be seen as such by its fault.
    if (sum.how !== 'hangs' && !isRight(sum))
      throw new Error(`a sound thread did not add: ${JSON.stringify(sum)}`)
    this.told.clear()
    return started
  }

  /** Makes a call and has an eye on it. */
  watch(make: () => PromiseLike<unknown>): Watched {
    return new Watched(make)
  }

  /**
   * What became of a call, and of an honest one that is made later: once the call has settled, or a second after the
   * fault, or where the library waits by itself when that is over.
   *
   * @param since when the fault was, by `performance.now()`
   */
  async conclude(
    call: Watched,
    started: Started,
    since = performance.now(),
  ): Promise<{ call: Settled; next: Settled }> {
    await Promise.race([call.settled, delay(this.bound > BOUND ? this.bound : 1_000)])
    const next = new Watched(() => started.calls.add(1, 2)).outcome(this.bound)
    return { call: await call.outcome(this.bound - (performance.now() - since), since), next: await next }
  }
}

/** Whether a call of `add(1, 2)` was answered as it should be. */
export const isRight = (sum: Settled) => sum.how === 'resolves' && sum.value.text === '3'
