/** Drives a contender's client in its page, and checks every list that arrives. Called from outside, as `lists`. */
import type { ListClient } from './client.js'
import { type Manner, type Operation, type OperationId, operations } from './operations.js'
import { makeRows, type Row, sameRows } from './rows.js'
import { tap } from './tap.js'

/** What an update made of a list. */
export interface Crossed {
  /** What this page was posted, each message as JSON text. */
  messages: string[]
  /** How many rows are as they were, */
  unchanged: number
  /** and how many of them are the same objects here. */
  kept: number
}

export interface Driver {
  /** Starts a thread and makes its rows. Nobody watches yet. */
  start(count: number): Promise<void>
  /** Watches the rows until they are there. Gives the time to the first snapshot, in ms. */
  watch(): Promise<number>
  /** Rows to begin with, and watched: of the thread there is, or of a new one. */
  begin(count: number): Promise<void>
  /** Makes the rows anew, and waits until they are here. */
  reload(): Promise<void>
  /**
   * Does an operation again and again, each time when the one before is shown: at most so many times, and not again
   * after so many ms. Gives the times until shown, in ms.
   */
  run(operation: OperationId, manner: Manner, most: number, enough: number): Promise<number[]>
  /** Does an operation once, and gives what crossed. */
  count(operation: OperationId, manner: Manner): Promise<Crossed>
  /** Throws unless the rows here are what they have to be after all that was run. */
  check(): void
  close(): void
}

declare global {
  // oxlint-disable-next-line vars-on-top no-var -- the only way to declare a global
  var lists: Driver
}

/** Offers `lists` to whoever measures this page. */
export function drive(open: () => ListClient): void {
  if (!import.meta.env.PROD)
    throw new Error('this page was built for development: NODE_ENV is not production')
  let client: ListClient | undefined
  let count = 0
  /** What was done since the rows were made. */
  let done: Operation[] = []
  let rows: readonly Row[] = []
  let arrived = () => {}
  const show = (snapshot: readonly Row[]) => {
    rows = snapshot
    arrived()
  }
  const nextSnapshot = () => new Promise<void>((resolve) => (arrived = resolve))

  globalThis.lists = {
    async start(size) {
      client = open()
      count = size
      done = []
      await client.load(size)
    },
    async watch() {
      const start = performance.now()
      const first = nextSnapshot()
      client?.watch(show)
      await first
      return performance.now() - start
    },
    async begin(count) {
      if (client) return this.reload()
      await this.start(count)
      await this.watch()
    },
    async reload() {
      // What is equal need not be sent.
      if (done.length === 0) return
      done = []
      const [made, loaded] = [makeRows(count), client?.load(count)]
      while (!sameRows(rows, made)) await nextSnapshot()
      await loaded
    },
    async run(operation, manner, most, enough) {
      const walls: number[] = []
      const end = performance.now() + enough
      while (walls.length < most && performance.now() < end) {
        const start = performance.now()
        const shown = nextSnapshot().then(() => walls.push(performance.now() - start))
        await Promise.all([shown, client?.apply(operation, manner)])
        done.push(operations[operation])
      }
      return walls
    },
    async count(operation, manner) {
      const untap = tap()
      const before = rows
      const expected = operations[operation].replace(before, done.length)
      await this.run(operation, manner, 1, 1_000)
      return { messages: untap(), unchanged: shared(before, expected), kept: shared(before, rows) }
    },
    check() {
      const expected = done.reduce((rows, operation, turn) => operation.replace(rows, turn), makeRows(count))
      if (!sameRows(rows, expected)) throw new Error('the rows are not what they should be')
    },
    close() {
      client?.close()
      client = undefined
    },
  }
}

/** How many rows of the second list are objects of the first. */
function shared(before: readonly Row[], after: readonly Row[]): number {
  const known = new Set(before)
  return after.filter((row) => known.has(row)).length
}
