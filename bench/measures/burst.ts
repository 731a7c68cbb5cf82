import { defineMeasure, type Context, type Measure } from '../harness/measure.js'

const results = (what: string) =>
  ({
    main: { title: `${what}, UI thread`, unit: 'ms', better: 'lower' },
    wall: { title: `${what}, until the last is there`, unit: 'ms', better: 'lower' },
    callbacks: { title: `${what}, how many reach the page`, unit: 'calls', better: 'lower' },
  }) satisfies Measure['results']

/** A state that changes ten thousand times in one task, as while an app reads a file. */
export const burst = defineMeasure({
  id: 'burst',
  needs: ['stream'],
  results: results('10,000 snapshots in one task'),
  run: (context) => emit(context, 10_000),
})

/** A state that changes ten thousand times, fifty times in each task, as a socket floods it. */
export const flood = defineMeasure({
  id: 'flood',
  needs: ['stream'],
  results: results('10,000 snapshots, 50 in each task'),
  run: (context) => emit(context, 50),
})

async function emit({ evaluate, timed }: Context, perTask: number) {
  await evaluate(openWatched)
  await evaluate(() => (globalThis as Watched).emitted(1000))
  const { value, main } = await timed((perTask) => (globalThis as Watched).emitted(perTask), perTask)
  await evaluate(() => bench.close())
  return { main, ...value }
}

type Watched = typeof globalThis & {
  /** Emits, and is done when the last snapshot is there. */
  emitted(perTask: number): Promise<{ wall: number; callbacks: number }>
}

/** In a contender's page: opens a thread whose count is watched. */
async function openWatched() {
  const count = 10_000
  const told = { callbacks: 0, last: 0, wanted: 0, onLast: () => {} }
  const session = await bench.open()
  await session.watch('count', ({ count }) => {
    told.callbacks++
    told.last = count
    if (count === told.wanted) told.onLast()
  })
  const emitted = async (perTask: number) => {
    told.callbacks = 0
    told.wanted += count
    const start = performance.now()
    const last = new Promise<void>((resolve) => (told.onLast = resolve))
    const [total] = await Promise.all([session.burst(count, perTask), last])
    const wall = performance.now() - start
    if (total !== told.wanted || told.last !== total) throw new Error(`the last of ${total} is ${told.last}`)
    return { wall, callbacks: told.callbacks }
  }
  Object.assign(globalThis, { emitted })
}
