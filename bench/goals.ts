import { operations, type OperationId } from './lists/operations.js'
import { tableOperations } from './tables/operations.js'

/** What the project wants of a row. */
export interface Goal {
  id: string
  title: string
  /** The row's id. */
  measure: string
  /** `raw`, another contender's name, `best peer` (not raw), or `limit` where the number itself has one. */
  against: string
  goal: number
  /** Whether the value must be at most (default) or at least the goal. */
  better?: 'lower' | 'higher'
  /** Another row to compare with. */
  of?: string
}

/** A number of its own, that must be at most so much. */
const limit = (title: string, measure: string, goal: number): Goal => ({
  id: measure,
  title,
  measure,
  against: 'limit',
  goal,
})

/** The same, that must be at least so much. */
const atLeast = (title: string, measure: string, goal: number): Goal => ({
  ...limit(title, measure, goal),
  better: 'higher',
})

/** A part of what somebody else needs. */
const against = (other: string, title: string, measure: string, goal: number): Goal => ({
  ...limit(title, measure, goal),
  id: `${measure}/${other.replace(' ', '-')}`,
  against: other,
})

/** A part of what raw needs, and of what the best peer needs. */
const both = (title: string, measure: string, raw: number, peer: number): Goal[] => [
  against('raw', title, measure, raw),
  against('best peer', title, measure, peer),
]

const manners = ['replaced', 'mutated'] as const

/** One row of many changes. */
const oneRow = [10_000, 100_000].flatMap((count) => {
  const main = count === 10_000 ? 0.08 : 0.05
  const wall = count === 10_000 ? 0.15 : 0.1
  const rows = `${count.toLocaleString('en')} rows, one changes`
  return manners
    .flatMap((manner) =>
      both(`${rows} (${manner}), UI thread`, `lists-${count}-${manner}-change-main`, main, main),
    )
    .concat(against('raw', `${rows} in place, end to end`, `lists-${count}-mutated-change-wall`, wall))
})

/** How much of the list an operation changes, where it is not one or two rows. */
const changed: Partial<Record<OperationId, number>> = {
  tenth: 0.1,
  filter: 0.5,
  reverse: 1,
  sort: 1,
  shuffle: 1,
}

/** All operations, in proportion to what changed: no more with 100,000 rows than with 1,000, or so much of all. */
const listOperations = manners.flatMap((manner) =>
  (Object.keys(operations) as OperationId[]).flatMap((operation): Goal[] => {
    const row = (operation: OperationId, what: string) => `lists-100000-${manner}-${operation}-${what}`
    const title = `100,000 rows, ${operations[operation].title} (${manner})`
    const bytes = row(operation, 'bytes')
    const main = row(operation, 'main')
    const kept = atLeast(`${title}: unchanged rows are ===, %`, row(operation, 'kept'), 100)
    const share = changed[operation]
    if (share === 1) return [kept]
    if (share !== undefined) {
      return [
        against('raw', `${title}: bytes`, bytes, share * 1.5),
        against('raw', `${title}: UI thread`, main, share * 1.5 + 0.05),
        kept,
      ]
    }
    const few = `${title}: bytes, of those with 1,000 rows`
    const posted: Goal = { ...against('bgthread', few, bytes, 1.5), of: bytes.replace('100000', '1000') }
    if (operation === 'change') return [posted, kept]
    // What raw needs for all rows: it has none to send when they are cleared.
    return [posted, { ...against('raw', `${title}: UI thread`, main, 0.05), of: row('change', 'main') }, kept]
  }),
)

const tables = ['svelte', 'vue'].flatMap((framework) =>
  Object.entries(tableOperations).flatMap(([operation, { title }]) => [
    against(
      'ui-thread',
      `${framework}, ${title}: until painted`,
      `tables-${framework}-${operation}-painted`,
      1.15,
    ),
    against(
      'ui-thread',
      `${framework}, ${title}: longest task`,
      `tables-${framework}-${operation}-longest`,
      1,
    ),
  ]),
)

/** Many threads: pools, single computations, shared threads, and lines from thread to thread. */
const many = [
  ...both('1,000 tasks of 1 ms in a pool', 'pool-1ms-wall', 1.05, 1.05),
  ...both('1,000 tasks of 1 ms in a pool, UI thread', 'pool-1ms-main', 1.5, 1),
  ...both('1,000 tasks of 10 ms in a pool', 'pool-10ms-wall', 1.02, 1.02),
  ...both('1,000 tasks of 10 ms in a pool, UI thread', 'pool-10ms-main', 1.5, 1),
  ...both('start of a pool to the first reply of each thread', 'pool-start', 1.1, 1.05),
  against('best peer', 'heap that a pool takes, UI side', 'pool-memory-page', 1),
  against('best peer', 'heaps of the threads of a pool', 'pool-memory-threads', 1),
  against('raw', 'the first computation of a page', 'compute-first', 1.1),
  against('bgthread-fresh', 'the first computation of a page', 'compute-first', 1.05),
  against('raw', 'the tenth computation of a page', 'compute-tenth', 0.1),
  against('bgthread-fresh', 'the tenth computation of a page', 'compute-tenth', 0.1),
  ...both('one call at a time to a shared thread', 'shared-call', 1.05, 0.85),
  against('bgthread-own', 'one call at a time to a shared thread', 'shared-call', 1.2),
  ...both('1,000 calls in one tick to a shared thread', 'shared-calls', 0.08, 0.06),
  ...both('one call at a time from thread to thread', 'line-call', 1.05, 0.85),
  against('bgthread-by-page', 'one call at a time from thread to thread', 'line-call', 0.6),
  against('raw-by-page', 'one call at a time from thread to thread', 'line-call', 0.6),
  limit('2,000 calls from thread to thread, UI thread, ms', 'line-main', 1),
  ...both('1,000 calls in one tick from thread to thread', 'line-calls', 0.08, 0.06),
]

/** The goals of the project, in one run, side by side. */
export const goals: readonly Goal[] = [
  ...both('spawn to first reply', 'spawn', 1.1, 1.05),
  ...both('one call at a time, cores awake', 'call', 1.05, 0.85),
  ...both('1,000 calls in one tick', 'calls-1000', 0.08, 0.06),
  ...both('10,000 calls in one tick', 'calls-10000-wall', 0.06, 0.04),
  ...both('10,000 calls in one tick, UI thread', 'calls-10000-main', 0.05, 0.03),
  ...both('first reply of ten calls of 5 ms', 'first-reply', 1.1, 1.1),
  ...both('10,000 calls with a small object each', 'objects-10000-wall', 0.3, 0.25),
  ...both('burst of 10,000 snapshots, UI thread', 'burst-main', 0.03, 0.03),
  limit('burst of 10,000 snapshots, callbacks', 'burst-callbacks', 2),
  ...both('flood of 10,000 snapshots, 50 a task, UI thread', 'flood-main', 0.07, 0.06),
  atLeast('busy UI thread: frames of those asked, %', 'busy-frames', 95),
  limit('busy UI thread: age of a snapshot, p95, ms', 'busy-lag', 12),
  ...oneRow,
  ...listOperations,
  ...tables,
  ...both('64 MB, transferred', 'bytes-move', 1.5, 1),
  ...both('first snapshot of 100,000 rows, UI thread', 'first-snapshot-100000-main', 0.6, 0.7),
  ...both('first snapshot of 100,000 rows, end to end', 'first-snapshot-100000-wall', 0.7, 0.7),
  ...many,
  limit('hello app, UI side, kB', 'size-page', 4),
  limit('hello app, thread side, kB', 'size-thread', 4),
  limit('hello app, both sides, kB', 'size-both', 7.5),
  limit('heap after 100,000 calls, UI side, kB', 'memory-calls-page', 50),
  limit('heap after 100,000 calls, thread side, kB', 'memory-calls-thread', 50),
  limit('heap after 10,000 subscriptions, UI side, kB', 'memory-subscriptions-page', 50),
  limit('heap after 10,000 subscriptions, thread side, kB', 'memory-subscriptions-thread', 50),
  limit('listeners left after 10,000 subscriptions', 'memory-subscriptions-listeners', 0),
]
