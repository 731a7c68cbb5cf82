import { watchHeaps } from '../harness/heap.js'
import { defineMeasure, type Context } from '../harness/measure.js'

/** What both have of a measure. */
const settings = { fresh: true, rounds: 3, limit: 120_000 } as const

/**
 * How much the heaps have grown, after as much work of the same kind: compiled code is in the heap, too.
 *
 * @param work does it, early or counted
 */
async function growth<T>({ cdp, evaluate }: Context, work: (name: 'early' | 'counted') => Promise<T>) {
  const heaps = await watchHeaps(cdp)
  await evaluate(async () => void (await bench.open()))
  await work('early')
  const before = await heaps.read()
  const result = await work('counted')
  const after = await heaps.read()
  return { page: after.page - before.page, thread: after.thread - before.thread, result }
}

/** What is left of a hundred thousand calls, a hundred at a time. */
export const callsMemory = defineMeasure({
  id: 'memory-calls',
  needs: ['calls'],
  ...settings,
  results: {
    page: { title: 'heap after 100,000 calls, UI side', unit: 'kB', better: 'lower' },
    thread: { title: 'heap after 100,000 calls, thread side', unit: 'kB', better: 'lower' },
  },
  async run(context) {
    const count = context.quick ? 100 : 1000
    const { page, thread } = await growth(context, (name) =>
      context.evaluate(
        async (batches) => {
          for (let i = 0; i < batches; i++) await bench.addAll(bench.session, 100)
        },
        name === 'early' ? 200 : count,
      ),
    )
    return { page, thread }
  },
})

/** What is left of ten thousand subscriptions of different streams, a hundred at a time, after as many before. */
export const subscriptionsMemory = defineMeasure({
  id: 'memory-subscriptions',
  needs: ['subscribe'],
  ...settings,
  results: {
    page: { title: 'heap after 10,000 subscriptions, UI side', unit: 'kB', better: 'lower' },
    thread: { title: 'heap after 10,000 subscriptions, thread side', unit: 'kB', better: 'lower' },
    listeners: { title: 'listeners left after 10,000 subscriptions', unit: 'listeners', better: 'lower' },
  },
  async run(context) {
    const batches = context.quick ? 20 : 100
    const subscribe = (name: string) =>
      context.evaluate(
        async ({ batches, name }) => {
          const { session } = bench
          const once = async (topic: string) => {
            const first = { onSnapshot: (_snapshot: { count: number }) => {} }
            const arrived = new Promise<{ count: number }>((resolve) => (first.onSnapshot = resolve))
            const stop = await session.watch(topic, (snapshot) => first.onSnapshot(snapshot))
            const { count } = await arrived
            if (count !== topic.length) throw new Error(`${topic} gave ${count}`)
            await stop()
          }
          for (let i = 0; i < batches; i++) {
            await Promise.all(Array.from({ length: 100 }, (_, j) => once(`${name} ${i} ${j}`)))
          }
          // A stream may linger.
          const end = performance.now() + 5000
          while ((await session.listeners()) > 0 && performance.now() < end) {
            await new Promise((resolve) => setTimeout(resolve, 100))
          }
          return await session.listeners()
        },
        { batches, name },
      )
    const { page, thread, result: listeners } = await growth(context, subscribe)
    return { page, thread, listeners }
  },
})
