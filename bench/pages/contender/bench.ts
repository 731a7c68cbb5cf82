/** What the measures find in every contender's page. */
import type { Contender, Session } from '../../contenders/contender.js'

/** The contender of this page. */
export interface Bench {
  /** Starts a thread. */
  start(): Promise<Session>
  /** The same, once it has answered; kept as `session`. */
  open(): Promise<Session>
  /** The thread that was opened last. */
  session: Session
  /** Ends it. */
  close(): void
  /** Makes calls in one task, and is done when all are answered. Rejects where the sums are wrong. */
  addAll(session: Session, count: number): Promise<void>
  cannot: Contender['cannot']
}

declare global {
  /** In a page of the bench. */
  const bench: Bench
}
