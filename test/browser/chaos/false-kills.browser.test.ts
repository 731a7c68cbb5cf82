/**
 * A page that is blocked, and a thread that computes, look like a thread that hangs; nobody who is well may be replaced.
 * `VITE_FALSE_KILLS` says how many times each is tried (100 in a long run).
 */
import { expect, it } from 'vitest'
import { bgThread, type Thread, type ThreadSettings } from 'bgthread'
// oxlint-disable-next-line import/default -- Vite makes it
import ChaoticWorker from './chaotic.worker?worker&inline'
import type { Chaotic } from './chaotic'
import { Random } from './random'
import { endAfterEach } from '../../support/end-after-each'

const env = import.meta.env as Record<string, string | undefined>
const rounds = Number(env.VITE_FALSE_KILLS ?? 2)
const seed = Number(env.VITE_CHAOS_SEED ?? Math.floor(Math.random() * 2 ** 31))
const random = new Random(seed)
const timeout = 20_000 + rounds * 10_000

/** The default pace, twenty times as fast: it hangs after 500 ms instead of 10 s. */
const heartbeat = { interval: 50, limit: 10 }
const ALLOWED = heartbeat.interval * heartbeat.limit

const track = endAfterEach()

/** A thread, and the states it has been in since. */
function start(settings: ThreadSettings = {}) {
  const thread = bgThread<Chaotic>(() => new ChaoticWorker(), {
    name: 'healthy',
    heartbeat,
    onHang: 'restart',
    ...settings,
  })
  track(thread)
  const states: string[] = []
  thread.status.subscribe(({ state, epoch }) => states.push(`${state} ${epoch}`))
  return { thread, states }
}

function block(milliseconds: number): void {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}
const task = () => new Promise((resolve) => setTimeout(resolve))

/** Uses one thread again and again in a way that must not have it replaced. */
const nobodyIsReplaced = (title: string, use: (thread: Thread<Chaotic>, round: number) => Promise<void>) =>
  it(
    `no thread is replaced because ${title}`,
    async () => {
      const { thread, states } = start()
      await thread.ready
      for (let round = 0; round < rounds; round++) await use(thread, round)
      expect(states, `seed ${seed}`).toEqual(['starting 1', 'ready 1'])
    },
    timeout,
  )

nobodyIsReplaced('the page was blocked, for 0.5 to 3 s', async ({ proxy }, round) => {
  const waiting = proxy.later(round, 10)
  // Blocked once at first, then again and again with one task between.
  block(random.between(500, 3_000))
  for (let i = random.between(0, 3); i > 0; i--) {
    await task()
    block(ALLOWED)
  }
  expect(await waiting, `seed ${seed}`).toBe(round)
})

nobodyIsReplaced('it computes for half of the time it is allowed', async ({ proxy }) => {
  const busy = [0, 1, 2].map((number) => proxy.busy(number, ALLOWED / 2))
  expect(await Promise.all(busy), `seed ${seed}`).toEqual([0, 1, 2])
})

nobodyIsReplaced('it computes while the page is blocked', async ({ proxy }, round) => {
  const busy = proxy.busy(round, random.between(0, ALLOWED / 2))
  await task()
  block(random.between(500, 1_500))
  expect(await busy, `seed ${seed}`).toBe(round)
})

it(
  'no start is given up because the page was blocked for longer than it may take',
  async () => {
    // What the worker needs of the page to load comes late, too.
    const startTimeout = 1_500
    for (let round = 0; round < rounds; round++) {
      const { thread, states } = start({ startTimeout })
      if (round % 2) await task()
      block(startTimeout + random.between(0, 500))
      expect(await thread.proxy.echo(round, round), `seed ${seed}`).toBe(round)
      expect(states, `seed ${seed}`).toEqual(['starting 1', 'ready 1'])
      thread.terminate()
    }
  },
  timeout,
)
