/** The measures of lists that change: what an update costs, and what of it crosses. */
import { join } from 'node:path'
import { serialize } from 'node:v8'
import { fileURLToPath } from 'node:url'
import type { Builder } from '../harness/build.js'
import { defineMeasure, type Context, type Measure, type ResultInfo } from '../harness/measure.js'
import type { Driver } from './driver.js'
import { type Manner, type OperationId, operations } from './operations.js'

const folder = fileURLToPath(new URL('./', import.meta.url))

const contenders = ['raw', 'raw-json', 'bgthread', 'comlink']
const sizes = [100, 1_000, 10_000, 100_000]
const manners: Manner[] = ['replaced', 'mutated']

/** Where every contender's page is built. */
const page = (contender: string) => `lists/${contender}/`

let built: Promise<void> | undefined
const prepare = (builder: Builder) => (built ??= buildAll(builder))

async function buildAll(builder: Builder) {
  for (const contender of contenders) {
    await builder.build({ root: folder, out: page(contender), page: join(folder, contender, 'page.ts') })
  }
}

/** The operations that are measured with so many rows: below 1,000 the one that shows how a cost grows. */
const operationsAt = (count: number) =>
  (count < 1_000 ? ['change'] : Object.keys(operations)) as OperationId[]

/** How often an operation is done in a round: so many times at most, and not again after so many ms. */
const MOST = 40
const ENOUGH = 100
/** How often, where it needs a list made anew. */
const ONCE = 3

const inWords = (count: number, manner: Manner, operation: OperationId) =>
  `${count.toLocaleString('en')} rows ${manner}, ${operations[operation].title}`

/** Time, from the call to the rows on the page, and the UI thread's share of it. */
const times = sizes.flatMap((count) =>
  manners.map((manner) => {
    const results: Record<string, ResultInfo> = {}
    for (const operation of operationsAt(count)) {
      const title = inWords(count, manner, operation)
      results[`${operation}-wall`] = { title: `${title}: until shown`, unit: 'ms', better: 'lower' }
      results[`${operation}-main`] = { title: `${title}: UI thread`, unit: 'ms', better: 'lower' }
    }
    return defineMeasure({
      id: `lists-${count}-${manner}`,
      results,
      contenders,
      prepare,
      page,
      awake: true,
      rounds: count < 100_000 ? 5 : 3,
      limit: 180_000,
      async run(context) {
        const found: Record<string, number> = {}
        await begin(context, count)
        for (const operation of operationsAt(count)) {
          const { wall, main } = await timeOperation(context, operation, manner)
          found[`${operation}-wall`] = wall
          found[`${operation}-main`] = main
        }
        await context.evaluate(() => lists.check())
        return found
      },
    })
  }),
)

/** What crosses to the page, and how much of the list stays the same: the same in every run. */
const shares = sizes.map((count) => {
  const results: Record<string, ResultInfo> = {}
  for (const manner of manners) {
    for (const operation of operationsAt(count)) {
      const title = inWords(count, manner, operation)
      results[`${manner}-${operation}-bytes`] = { title: `${title}: posted`, unit: 'B', better: 'lower' }
      results[`${manner}-${operation}-kept`] = {
        title: `${title}: unchanged rows that are ===`,
        unit: '%',
        better: 'higher',
      }
    }
  }
  return defineMeasure({
    id: `lists-${count}`,
    results,
    contenders,
    prepare,
    page,
    rounds: 1,
    limit: 180_000,
    async run(context) {
      const found: Record<string, number> = {}
      // Nothing here gets better by being done before.
      if (context.round < 0) return found
      await begin(context, count)
      for (const manner of manners) {
        for (const operation of operationsAt(count)) {
          const { bytes, kept } = await countOperation(context, operation, manner)
          found[`${manner}-${operation}-bytes`] = bytes
          found[`${manner}-${operation}-kept`] = kept
        }
      }
      return found
    },
  })
})

const firstSnapshot = defineMeasure({
  id: 'first-snapshot-100000',
  results: {
    wall: { title: 'first snapshot of 100,000 rows', unit: 'ms', better: 'lower' },
    main: { title: 'first snapshot of 100,000 rows, UI thread', unit: 'ms', better: 'lower' },
  },
  contenders,
  prepare,
  page,
  async run({ evaluate, timed }) {
    await evaluate(() => lists.start(100_000))
    const { value, main } = await timed(() => lists.watch())
    await evaluate(() => {
      lists.check()
      lists.close()
    })
    return { wall: value, main }
  },
})

/** The measures of lists: `lists-<rows>-<manner>-<operation>-<wall|main|bytes|kept>`, and the first snapshot. */
export const listMeasures: readonly Measure[] = [firstSnapshot, ...times, ...shares]

/** Rows 0 to `count` - 1, watched. The thread is kept from round to round, as an app's is. */
const begin = ({ evaluate }: Context, count: number) => evaluate((count) => lists.begin(count), count)

/** Makes the rows anew, if those that are there are right. Runs in the page. */
function reloadChecked(): Promise<void> {
  lists.check()
  return lists.reload()
}

/** The means of some turns, each on the list that the one before has left. */
async function timeOperation(context: Context, operation: OperationId, manner: Manner) {
  if ('once' in operations[operation]) return timeOnce(context, operation, manner)
  const { walls, main } = await timeTurns(context, operation, manner, MOST)
  return { wall: mean(walls), main: main / walls.length }
}

/** The means of single turns of what cannot be done to its own result, each on a list made anew, which is not timed. */
async function timeOnce(context: Context, operation: OperationId, manner: Manner) {
  const walls: number[] = []
  const mains: number[] = []
  for (let i = 0; i < ONCE; i++) {
    await context.evaluate(reloadChecked)
    const nothing = await timeTurns(context, operation, manner, 0)
    const turn = await timeTurns(context, operation, manner, 1)
    walls.push(...turn.walls)
    // Where there is one turn only, what surrounds it would count as much as it does.
    mains.push(Math.max(0, turn.main - nothing.main))
  }
  return { wall: mean(walls), main: mean(mains) }
}

async function timeTurns({ timed }: Context, operation: OperationId, manner: Manner, most: number) {
  const { value: walls, main } = await timed((args) => lists.run(...args), [
    operation,
    manner,
    most,
    ENOUGH,
  ] satisfies Parameters<Driver['run']>)
  return { walls, main }
}

/** The bytes that cross to the page in one turn, and the share of the unchanged rows that stay the same objects. */
async function countOperation({ evaluate }: Context, operation: OperationId, manner: Manner) {
  const { messages, unchanged, kept } = await evaluate(
    async ({ operation, manner }) => {
      await lists.reload()
      const crossed = await lists.count(operation, manner)
      lists.check()
      return crossed
    },
    { operation, manner },
  )
  // Node writes a value as the browser does to post it.
  const sizes = messages.map((message) => serialize(JSON.parse(message)).byteLength)
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  return { bytes, kept: unchanged === 0 ? 100 : (100 * kept) / unchanged }
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
