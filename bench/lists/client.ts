/** What the page of a contender has to offer, so that the measures are written once. */
import type { Manner, OperationId } from './operations.js'
import type { Row } from './rows.js'

export interface ListClient {
  /** Makes rows 0 to `count` - 1 in the thread. Who watches gets them. */
  load(count: number): Promise<void>
  /** Does an operation in the thread. Who watches gets the rows after it. */
  apply(operation: OperationId, manner: Manner): Promise<void>
  /** Calls `show` with the rows as they are, and whenever they have changed. */
  watch(show: (rows: readonly Row[]) => void): void
  /** Ends the thread. */
  close(): void
}
