/** What is on its way between a page and its thread. */
import type { Topic } from './words'

export type Step = () => void

export class Way {
  /** What the thread has said by itself, and then what the page has asked of it, in order. */
  #said: Step[] = []
  #asked: Step[] = []
  /** The thread has said something by itself that has not arrived. */
  spoke = false
  /** It has called back, and that has not arrived. */
  rang = false
  /** A source that can wait is on its way to its loop; it takes tasks to give what is wanted. */
  opens = false
  /** Something of these topics is under way that a stream's end could meet. */
  readonly stirred = new Set<Topic>()

  /** The thread says something by itself. */
  say(step: Step): void {
    this.spoke = true
    this.#said.push(step)
  }

  /** The page asks something of its thread. */
  ask(step: Step): void {
    this.#asked.push(step)
  }

  /** What comes of it may set off more. An end that nothing holds up is said at once, and nothing after it is heard. */
  arrive(hasStopped: () => boolean): void {
    for (const step of this.#said.splice(0)) step()
    for (let step; !hasStopped() && (step = this.#asked.shift());) step()
    this.#calm()
  }

  /** It arrives nowhere. */
  lose(): void {
    this.#said = []
    this.#asked = []
    this.#calm()
  }

  #calm(): void {
    this.stirred.clear()
    this.spoke = this.rang = this.opens = false
  }
}

/** The whole, as calls, readers and loops need it. */
export interface Whole {
  readonly way: Way
  /** Something is asked of the thread. @returns why that is refused, or '' */
  ask(): string
  /** A stream is to be subscribed to. @returns why that is refused, or '' */
  admit(): string
}
