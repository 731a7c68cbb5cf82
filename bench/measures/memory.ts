import { watchHeaps } from '../harness/heap.js'
import { defineMeasure } from '../harness/measure.js'

/** What is left of a hundred thousand calls, a hundred at a time. */
export const callsMemory = defineMeasure({
  id: 'memory-calls',
  needs: ['calls'],
  fresh: true,
  rounds: 3,
  limit: 120_000,
  results: {
    page: { title: 'heap after 100,000 calls, UI side', unit: 'kB', better: 'lower' },
    thread: { title: 'heap after 100,000 calls, thread side', unit: 'kB', better: 'lower' },
  },
  async run({ cdp, evaluate, quick }) {
    const heaps = await watchHeaps(cdp)
    const call = (batches: number) =>
      evaluate(async (batches) => {
        for (let i = 0; i < batches; i++) await bench.addAll(bench.session, 100)
      }, batches)
    await evaluate(async () => void (await bench.open()))
    // Compiled code is in the heap, too: it is there before the first look.
    await call(200)
    const before = await heaps.read()
    await call(quick ? 100 : 1000)
    const after = await heaps.read()
    return { page: after.page - before.page, thread: after.thread - before.thread }
  },
})

/** What is left of ten thousand subscriptions of different streams, a hundred at a time, after as many before. */
export const subscriptionsMemory = defineMeasure({
  id: 'memory-subscriptions',
  needs: ['subscribe'],
  fresh: true,
  rounds: 3,
  limit: 120_000,
  results: {
    page: { title: 'heap after 10,000 subscriptions, UI side', unit: 'kB', better: 'lower' },
    thread: { title: 'heap after 10,000 subscriptions, thread side', unit: 'kB', better: 'lower' },
    listeners: { title: 'listeners left after 10,000 subscriptions', unit: 'listeners', better: 'lower' },
  },
  async run({ cdp, evaluate, quick }) {
    const heaps = await watchHeaps(cdp)
    const subscribe = (argument: { batches: number; name: string }) =>
      evaluate(async ({ batches, name }) => {
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
      }, argument)
    await evaluate(async () => void (await bench.open()))
    const batches = quick ? 20 : 100
    await subscribe({ batches, name: 'early' })
    const before = await heaps.read()
    const listeners = await subscribe({ batches, name: 'topic' })
    const after = await heaps.read()
    return { page: after.page - before.page, thread: after.thread - before.thread, listeners }
  },
})
