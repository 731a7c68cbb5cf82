/** The tables of a run in Markdown. Each is a block that a paper can ask for by its name. */
import type { GoalResult, Results, Row } from '../harness/results.js'
import { type OperationId, operations } from '../lists/operations.js'
import { type TableOperationId, tableOperations } from '../tables/operations.js'
import { table } from './blocks.js'
import { bestPeer, digits, nameOf, reasonOf, rowOf, summaryOf } from './numbers.js'

/** The text of a block, of the results. */
export type Block = (results: Results) => string

/** By name: `<!-- bench calls -->` in a paper asks for `calls`. */
export const blocks: Record<string, Block> = {
  summary,
  size,
  machine,
  goals: (results) =>
    goalsTable(results.goals.filter(({ measure }) => !isOperation(measure) && !isOfMany(measure))),
  'operation-goals': operationGoals,
  'many-goals': manyGoals,
  calls: contendersTable({
    spawn: 'start → first reply, ms',
    call: 'one call, µs',
    'calls-first': 'first 1,000 calls, ms',
    'calls-1000': '1,000 calls, ms',
    'calls-10000-wall': '10,000 calls, ms',
    'calls-10000-main': '… UI thread, ms',
    'objects-10000-wall': '… with an object each, ms',
    'first-reply': 'first of ten slow replies, ms',
    'bytes-move': '64 MB moved, ms',
    'bytes-copy': '64 MB cloned, ms',
  }),
  growth: contendersTable({
    'growth-calls-10': '10 calls',
    'growth-calls-100': '100',
    'growth-calls-1000': '1,000',
    'growth-calls-10000': '10,000',
    'growth-calls-100000': '100,000',
  }),
  streams: contendersTable({
    'burst-main': 'burst, UI thread, ms',
    'burst-callbacks': 'burst, callbacks',
    'flood-main': 'flood, UI thread, ms',
    'busy-frames': 'busy, frames of those asked, %',
    'busy-lag': 'busy, age of what is shown, p95, ms',
  }),
  'first-snapshot': contendersTable({
    'first-snapshot-100000-wall': 'until shown, ms',
    'first-snapshot-100000-main': 'UI thread, ms',
  }),
  'lists-1000': listsTable(1_000),
  'lists-10000': listsTable(10_000),
  'lists-100000': listsTable(100_000),
  'table-svelte': tableTable('svelte'),
  'table-vue': tableTable('vue'),
  pools: contendersTable({
    'pool-start': 'start → each has replied, ms',
    'pool-1ms-wall': '1,000 tasks of 1 ms, ms',
    'pool-1ms-main': '… UI thread, ms',
    'pool-10ms-wall': '1,000 of 10 ms, ms',
    'pool-10ms-main': '… UI thread, ms',
    'pool-memory-page': 'heap, UI side, kB',
    'pool-memory-threads': 'heaps of the threads, kB',
  }),
  compute: contendersTable({ 'compute-first': 'first call, ms', 'compute-tenth': 'tenth call, ms' }),
  shared: contendersTable({ 'shared-call': 'one call, µs', 'shared-calls': '1,000 calls in one tick, ms' }),
  lines: contendersTable({
    'line-call': 'one call, µs',
    'line-main': '2,000 of them, UI thread, ms',
    'line-calls': '1,000 calls in one tick, ms',
  }),
  memory: contendersTable({
    'memory-calls-page': 'after 100,000 calls: UI side, kB',
    'memory-calls-thread': 'thread side, kB',
    'memory-subscriptions-page': 'after 10,000 subscriptions: UI side, kB',
    'memory-subscriptions-thread': 'thread side, kB',
    'memory-subscriptions-listeners': 'listeners left',
  }),
  sizes: contendersTable({
    'size-page': 'UI side, kB',
    'size-thread': 'thread side, kB',
    'size-both': 'both, kB',
  }),
  missing: missingList,
}

/** The size of the smallest app, in a sentence: the same numbers as in the tables. */
function size(results: Results): string {
  const [both, page, thread] = ['size-both', 'size-page', 'size-thread'].map((id) =>
    Math.round(summaryOf(rowOf(results, id), 'bgthread')?.median ?? NaN),
  )
  return `A hello app is ${both} kB of it (brotli): ${page} kB for the page and ${thread} kB for the thread.`
}

/** What the README shows: bgthread beside postMessage by hand, Comlink, and the best of all peers. */
function summary(results: Results): string {
  const shown = {
    spawn: 'start of a thread to its first reply, ms',
    call: 'one call and its reply, µs',
    'calls-1000': '1,000 calls in one tick, ms',
    'calls-10000-main': '10,000 calls, UI thread busy, ms',
    'burst-main': 'burst of 10,000 snapshots, UI thread busy, ms',
    'lists-10000-replaced-change-main': 'one of 10,000 rows replaced, UI thread busy, ms',
    'lists-10000-replaced-change-wall': '… until it is shown, ms',
    'lists-10000-mutated-change-wall': '… changed in place, until it is shown, ms',
    'lists-10000-replaced-change-bytes': '… bytes posted',
    'size-both': 'hello app, both sides, brotli, kB',
  }
  const lines = Object.entries(shown).flatMap(([id, title]) => {
    const row = rowOf(results, id)
    if (!row) return []
    const best = bestPeer(row)
    return [
      [
        title,
        bold(cell(row, 'bgthread')),
        cell(row, 'raw'),
        cell(row, 'comlink'),
        best && best.name !== 'comlink' ? `${digits(best.median)} (${nameOf(best.name)})` : '',
      ],
    ]
  })
  return table(['', 'bgthread', '`postMessage` by hand', 'Comlink', 'best peer, if another'], lines)
}

function machine({ date, machine, rounds, versions }: Results): string {
  const { bgthread, ...peers } = versions
  const listed = Object.entries(peers).map(([name, version]) => `${name} ${version}`)
  return (
    `Measured on ${date.slice(0, 10)} in headless ${machine.browser} on ${machine.cores} cores ` +
    `(${machine.cpu}, ${machine.os}): medians of up to ${rounds} rounds. ` +
    `bgthread ${bgthread} beside ${listed.join(', ')}.`
  )
}

/** A line for each thing that was wanted, and in it what it was compared with. What is missed stands out. */
function goalsTable(goals: readonly GoalResult[]): string {
  const titles = [...new Set(goals.map(({ title }) => title))]
  const others = [...new Set(goals.map(({ against }) => against))]
  const lines = titles.map((title) =>
    [title].concat(
      others.map((other) => {
        const goal = goals.find((goal) => goal.title === title && goal.against === other)
        return goal ? goalCell(goal) : ''
      }),
    ),
  )
  return table(
    ['', ...others.map((other) => (other === 'limit' ? 'the number itself' : `part of ${nameOf(other)}`))],
    lines,
  )
}

function goalCell({ measure, goal, value, met }: GoalResult): string {
  const wanted = `${isAtLeast(measure) ? '≥' : '≤'} ${digits(goal)}`
  if (value === undefined) return `– (${wanted})`
  return met ? `● ${digits(value)} (${wanted})` : `○ **${digits(value)}** (${wanted})`
}

const isAtLeast = (measure: string) => /^busy-frames$|-kept$/.test(measure)

/** Whether a goal is about one operation of a list or a table: there are many of these. */
const isOperation = (measure: string) => /^lists-100000-|-kept$|^tables-/.test(measure)

/** Whether a goal is about many threads. */
const isOfMany = (measure: string) => /^(pool|compute|shared|line)-/.test(measure)

/** How many of the goals of operations are met, and those that are not. */
function operationGoals(results: Results): string {
  const measured = results.goals.filter(({ measure, value }) => isOperation(measure) && value !== undefined)
  const missed = measured.filter(({ met }) => !met)
  const counted = `${measured.length - missed.length} of ${measured.length} goals are met.`
  return missed.length === 0 ? counted : `${counted} These are not:\n\n${goalsTable(missed)}`
}

/** A line for each goal of many threads: they are compared with many. */
function manyGoals(results: Results): string {
  const lines = results.goals
    .filter(({ measure }) => isOfMany(measure))
    .map((goal) => [goal.title, goal.against === 'limit' ? '' : nameOf(goal.against), goalCell(goal)])
  return table(['', 'part of', ''], lines, '---')
}

/** A line for each contender, the order as in the first column that has a number for all. */
function contendersTable(columns: Record<string, string>): Block {
  return (results) => {
    const rows = Object.keys(columns).map((id) => rowOf(results, id))
    const contenders = [...new Set(rows.flatMap((row) => Object.keys(row?.results ?? {})))]
    const place = (contender: string) => (contender === 'bgthread' ? 0 : contender.startsWith('raw') ? 1 : 2)
    const lines = contenders
      .sort((a, b) => place(a) - place(b) || nameOf(a).localeCompare(nameOf(b), 'en'))
      .map((contender) => {
        const cells = [nameOf(contender)].concat(rows.map((row) => cell(row, contender)))
        return contender === 'bgthread' ? cells.map(bold) : cells
      })
    return table(['', ...Object.values(columns)], lines)
  }
}

/** A line for each operation: what an update of a list costs. */
function listsTable(count: number): Block {
  return (results) => {
    const lines = (Object.keys(operations) as OperationId[]).map((operation) => {
      const of = (manner: string, what: string) =>
        rowOf(results, `lists-${count}-${manner}-${operation}-${what}`)
      const costs = ['main', 'wall', 'bytes'].flatMap((what) => [
        cell(of('replaced', what), 'raw'),
        bold(cell(of('replaced', what), 'bgthread')),
        bold(cell(of('mutated', what), 'bgthread')),
      ])
      const kept = `${cell(of('replaced', 'kept'), 'bgthread')} / ${cell(of('mutated', 'kept'), 'bgthread')}`
      return [operations[operation].title].concat(costs, kept)
    })
    const columns = ['UI thread, ms', 'until shown, ms', 'bytes'].flatMap((what) => [
      `${what}: by hand`,
      '… replaced',
      '… in place',
    ])
    return table(['', ...columns, 'rows kept, %'], lines)
  }
}

/** A line for each operation: the table beside the same logic on the UI thread. */
function tableTable(framework: 'svelte' | 'vue'): Block {
  return (results) => {
    const lines = (Object.keys(tableOperations) as TableOperationId[]).map((operation) => {
      const costs = ['painted', 'longest'].flatMap((what) => {
        const row = rowOf(results, `tables-${framework}-${operation}-${what}`)
        return [cell(row, 'ui-thread'), bold(cell(row, 'bgthread')), ratio(row, 'bgthread', 'ui-thread')]
      })
      return [tableOperations[operation].title].concat(costs)
    })
    const columns = ['painted, ms', 'longest task, ms'].flatMap((what) => [
      `${what}: UI thread`,
      '… bgthread',
      'part',
    ])
    return table(['', ...columns], lines)
  }
}

/** Why there is no number, for each dash in the tables. */
function missingList(results: Results): string {
  const reasons = new Map<string, Set<string>>()
  for (const row of results.measures) {
    for (const contender of Object.keys(row.results)) {
      const reason = reasonOf(row, contender)
      if (!reason) continue
      const key = `${nameOf(contender)}: ${reason}`
      reasons.set(key, (reasons.get(key) ?? new Set()).add(row.title))
    }
  }
  return [...reasons].map(([reason, titles]) => `- ${reason} (${[...titles].join('; ')})`).join('\n')
}

const cell = (row: Row | undefined, contender: string): string => {
  const summary = summaryOf(row, contender)
  return summary ? digits(summary.median) : '–'
}

function ratio(row: Row | undefined, contender: string, other: string): string {
  const [own, compared] = [summaryOf(row, contender), summaryOf(row, other)]
  return own && compared ? digits(own.median / compared.median) : '–'
}

const bold = (content: string) => (content === '–' ? content : `**${content}**`)
