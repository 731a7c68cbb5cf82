/** The pictures of a run: docs/performance-*.svg. */
import type { Results, Row } from '../harness/results.js'
import { type Manner, type OperationId, operations } from '../lists/operations.js'
import { type TableOperationId, tableOperations } from '../tables/operations.js'
import { type Curve, curves } from './curves.js'
import { dots, dotsHeight, type Kind, type Line, type Mark } from './dots.js'
import { GAP, gridPicture, MARGIN, TOP, WIDTH, withOneAxis } from './grid.js'
import { nameOf, rowOf, summaryOf } from './numbers.js'
import { at, picture, text } from './svg.js'

/** Every picture that the results have numbers for, by its file in docs/. */
export function pictures(results: Results): Map<string, string> {
  const drawn = {
    'performance-calls.svg': contendersPicture(results, 'Calls', {
      call: 'One call and its reply',
      'calls-1000': '1,000 calls in one tick',
      'calls-10000-main': '10,000 calls in one tick, UI thread',
      'objects-10000-wall': '10,000 calls, a small object each',
    }),
    'performance-streams.svg': contendersPicture(results, 'Streams', {
      'burst-main': 'Burst of 10,000 snapshots, UI thread',
      'flood-main': 'Flood of 10,000 snapshots, UI thread',
      'busy-frames': 'Busy page: frames of those asked',
      'busy-lag': 'Busy page: age of what it shows, p95',
    }),
    'performance-growth.svg': growthPicture(results),
    'performance-lists.svg': listsPicture(results),
    'performance-tables.svg': tablesPicture(results),
    'performance-threads.svg': contendersPicture(results, 'Many threads', {
      'pool-1ms-main': 'Pool: 1,000 tasks of 1 ms, UI thread',
      'pool-start': 'Pool: start, until each thread has replied',
      'compute-tenth': 'The tenth computation of a page',
      'line-call': 'One call from thread to thread',
    }),
  }
  return new Map(Object.entries(drawn).flatMap(([file, svg]) => (svg ? [[file, svg] as const] : [])))
}

/** A panel for each row, and in it a line for each contender, the best first. */
function contendersPicture(
  results: Results,
  title: string,
  titles: Record<string, string>,
): string | undefined {
  const panels = Object.entries(titles).flatMap(([id, title]) => {
    const row = rowOf(results, id)
    if (!row) return []
    const domain = row.unit === '%' ? { lowest: 0, highest: 100 } : undefined
    return [{ title, note: noteOf(row), lines: contenderLines(row), domain }]
  })
  if (panels.length === 0) return undefined
  const width = (WIDTH - 2 * MARGIN - GAP) / 2
  const heights = [panels.slice(0, 2), panels.slice(2)].map((pair) =>
    dotsHeight(Math.max(0, ...pair.map(({ lines }) => lines.length))),
  )
  const [first = 0, second = 0] = heights
  const height = TOP + first + (panels.length > 2 ? GAP + second : 0) + MARGIN
  return picture(
    WIDTH,
    height,
    title,
    text(MARGIN, 28, title, { class: 'title' }),
    ...panels.map((panel, i) =>
      at(
        MARGIN + (i % 2) * (width + GAP),
        TOP + 8 + (i < 2 ? 0 : first + GAP),
        dots({ ...panel, width, labels: 138, values: true }),
      ),
    ),
  )
}

function contenderLines(row: Row): Line[] {
  const sign = row.better === 'lower' ? 1 : -1
  return Object.keys(row.results)
    .map((contender) => ({ contender, mark: markOf(row, contender) }))
    .sort((a, b) => sign * ((a.mark?.median ?? sign * Infinity) - (b.mark?.median ?? sign * Infinity)))
    .map(({ contender, mark }) => ({
      label: nameOf(contender),
      kind: kindOf(contender),
      marks: mark ? [mark] : [],
    }))
}

/** How time grows: with calls in flight, and with the rows of a list of which one changes. */
function growthPicture(results: Results): string | undefined {
  const calls = growthOf(results, (count) => `growth-calls-${count}`)
  const ofRows = (manner: Manner) => growthOf(results, (count) => `lists-${count}-${manner}-change-wall`)
  const own = (curves: Curve[]) => curves.filter(({ kind }) => kind === 'own')
  const rows = [
    ...ofRows('replaced').filter(({ kind }) => kind !== 'own'),
    ...own(ofRows('replaced')).map(({ kind, points }) => ({ kind, points, label: 'bgthread, replaced' })),
    ...own(ofRows('mutated')).map(({ kind, points }) => ({
      kind,
      points,
      label: 'bgthread, in place',
      dashed: true,
    })),
  ]
  if (calls.length + rows.length === 0) return undefined
  const panels = [
    { title: 'Calls in one tick, until the last reply', across: 'calls', curves: calls },
    { title: 'One row of many changes, until shown', across: 'rows', curves: rows },
  ]
  const height = 360
  const width = (WIDTH - 2 * MARGIN - GAP) / 2
  return picture(
    WIDTH,
    TOP + 8 + height + MARGIN / 2,
    'How costs grow',
    text(MARGIN, 28, 'How costs grow', { class: 'title' }),
    ...panels.map((panel, i) =>
      panel.curves.length === 0
        ? ''
        : at(
            MARGIN + i * (width + GAP),
            TOP + 8,
            curves({ ...panel, note: 'ms, less is better', width, height }),
          ),
    ),
  )
}

/** The contenders' numbers in the rows of 10, 100 … 100,000. */
function growthOf(results: Results, idOf: (count: number) => string): Curve[] {
  const counts = [10, 100, 1_000, 10_000, 100_000]
  const contenders = new Set(
    counts.flatMap((count) => Object.keys(rowOf(results, idOf(count))?.results ?? {})),
  )
  return [...contenders].flatMap((contender) => {
    const points = counts.flatMap((x) => {
      const y = summaryOf(rowOf(results, idOf(x)), contender)?.median
      return y ? [{ x, y }] : []
    })
    return points.length > 0 ? [{ label: nameOf(contender), kind: kindOf(contender), points }] : []
  })
}

/** Each operation on lists of three sizes: the UI thread's time, and the bytes that cross. */
function listsPicture(results: Results): string | undefined {
  const notes = { main: 'UI thread, ms', bytes: 'bytes posted' }
  const rows = (['main', 'bytes'] as const).map((what) => {
    const panels = [1_000, 10_000, 100_000].map((count) => ({
      title: `${count.toLocaleString('en')} rows`,
      note: notes[what],
      lines: listLines(results, count, what),
    }))
    return withOneAxis(panels)
  })
  return gridPicture({
    title: 'Lists that change',
    kinds: [
      { kind: 'own', label: 'bgthread, the logic replaces its data' },
      { kind: 'own', hollow: true, label: 'bgthread, it changes them in place' },
      { kind: 'raw', label: 'postMessage' },
      { kind: 'known', label: 'Comlink' },
    ],
    labels: 134,
    columns: 3,
    panels: rows.flat(),
  })
}

function listLines(results: Results, count: number, what: 'main' | 'bytes'): Line[] {
  return (Object.keys(operations) as OperationId[]).map((operation) => {
    const mark = (contender: string, manner: Manner, hollow = false) => {
      const found = markOf(rowOf(results, `lists-${count}-${manner}-${operation}-${what}`), contender)
      // Below the clock's steps there is nothing to be drawn on a logarithmic scale.
      return found
        ? [{ ...found, min: Math.max(found.min, LEAST), median: Math.max(found.median, LEAST), hollow }]
        : []
    }
    return {
      label: operations[operation].title,
      marks: [
        ...mark('raw', 'replaced'),
        ...mark('comlink', 'replaced'),
        ...mark('bgthread', 'mutated', true),
        ...mark('bgthread', 'replaced'),
      ],
    }
  })
}

const LEAST = 0.001

/** Each operation in both tables: until painted, and the longest task. */
function tablesPicture(results: Results): string | undefined {
  const names = { svelte: 'Svelte', vue: 'Vue' }
  const titles = { painted: 'click to painted', longest: 'longest UI-thread task' }
  const panels = (['svelte', 'vue'] as const).flatMap((framework) =>
    (['painted', 'longest'] as const).map((what) => ({
      title: `${names[framework]}: ${titles[what]}`,
      note: 'ms, less is better',
      lines: (Object.keys(tableOperations) as TableOperationId[]).map((operation) => {
        const row = rowOf(results, `tables-${framework}-${operation}-${what}`)
        const marks = [markOf(row, 'ui-thread'), markOf(row, 'bgthread')]
        return { label: tableOperations[operation].title, marks: marks.flatMap((mark) => mark ?? []) }
      }),
    })),
  )
  return gridPicture({
    title: 'A keyed table',
    kinds: [
      { kind: 'own', label: 'logic in the thread' },
      { kind: 'raw', label: 'the same logic on the UI thread' },
    ],
    labels: 172,
    columns: 2,
    panels: withOneAxis(panels),
  })
}

function markOf(row: Row | undefined, contender: string): Mark | undefined {
  const summary = summaryOf(row, contender)
  return summary && { kind: kindOf(contender), ...summary }
}

function kindOf(contender: string): Kind {
  if (contender === 'bgthread') return 'own'
  if (contender === 'comlink') return 'known'
  return contender === 'raw' || contender === 'ui-thread' ? 'raw' : 'peer'
}

const noteOf = ({ unit, better }: Row) => `${unit}, ${better === 'lower' ? 'less' : 'more'} is better`
