/** The measures of keyed tables: the logic in a thread beside the same logic on the UI thread. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import vue from '@vitejs/plugin-vue'
import type { Builder } from '../harness/build.js'
import { defineMeasure, type Context, type Measure, type ResultInfo } from '../harness/measure.js'
import type { TableDriver } from './driver.js'
import { longestTask } from './longest-task.js'
import { type TableOperationId, tableOperations } from './operations.js'

const folder = fileURLToPath(new URL('./', import.meta.url))

const variants = ['bgthread', 'ui-thread']
const operationIds = Object.keys(tableOperations) as TableOperationId[]

/** In the page: does an operation once, and gives the time until it was painted. */
const runOnce = (args: Parameters<TableDriver['run']>) => table.run(...args)

/**
 * When in a frame a round's clicks come, as parts of it. A page paints at frames only: what is painted a millisecond
 * later may be painted a whole frame later, or with the same frame, by when it was clicked.
 */
const PHASES = [0.1, 0.3, 0.5, 0.7, 0.9]
/** The same for operations that take many frames. */
const FEW_PHASES = [0.25, 0.75]

const tablesOf = (framework: 'svelte' | 'vue', plugin: () => ReturnType<typeof svelte | typeof vue>) => {
  const name = framework === 'svelte' ? 'Svelte' : 'Vue'
  const page = (variant: string) => `tables/${framework}/${variant}/`
  const results: Record<string, ResultInfo> = {}
  for (const id of operationIds) {
    const title = `${name}, ${tableOperations[id].title}`
    results[`${id}-painted`] = { title: `${title}: until painted`, unit: 'ms', better: 'lower' }
    results[`${id}-longest`] = { title: `${title}: longest task`, unit: 'ms', better: 'lower' }
  }
  return defineMeasure({
    id: `tables-${framework}`,
    results,
    contenders: variants,
    page,
    rounds: 7,
    limit: 180_000,
    async prepare(builder: Builder) {
      for (const variant of variants) {
        const file = join(folder, framework, variant, 'page.ts')
        await builder.build({ root: folder, out: page(variant), page: file, plugins: [plugin()] })
      }
    },
    async run(context) {
      await context.evaluate(() => table.ready)
      const found: Record<string, number> = {}
      for (const id of operationIds) found[`${id}-painted`] = await timePainted(context, id)
      for (const id of operationIds) found[`${id}-longest`] = await timeLongest(context, id)
      return found
    },
  })
}

/** The measures of tables: `tables-<svelte|vue>-<operation>-<painted|longest>`. */
export const tableMeasures: readonly Measure[] = [
  tablesOf('svelte', () => svelte({ configFile: false })),
  tablesOf('vue', vue),
]

/** The mean over clicks at even phases of a frame. */
async function timePainted({ evaluate }: Context, operation: TableOperationId): Promise<number> {
  const times: number[] = []
  for (const phase of 'slow' in tableOperations[operation] ? FEW_PHASES : PHASES) {
    times.push(await evaluate(runOnce, [operation, phase]))
  }
  return times.reduce((sum, time) => sum + time, 0) / times.length
}

/**
 * The UI thread's longest task from the click until it was painted, the middle one of three tries. Apart from the
 * other, since tracing costs time.
 */
async function timeLongest({ page, evaluate }: Context, operation: TableOperationId): Promise<number> {
  const tries: number[] = []
  for (const phase of [0.25, 0.5, 0.75]) {
    const click = () => evaluate(runOnce, [operation, phase])
    tries.push(await longestTask(page, click, [`${operation} clicked`, `${operation} painted`]))
  }
  return tries.sort((a, b) => a - b)[1] ?? Number.NaN
}
