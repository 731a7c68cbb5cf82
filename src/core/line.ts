/** What the two halves of a connection speak through. */
import type { Callbacks } from './callbacks.js'
import type { Outbox } from './outbox.js'

export interface Line {
  readonly outbox: Outbox
  /** This side's functions that the other side may call. */
  readonly callbacks: Callbacks
  /** The thread's name, for messages. */
  readonly name: string
}
