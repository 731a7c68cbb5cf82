/** A great many messages in flight at once: none is lost, none comes twice, and none before one that was sent earlier. */
import { expect, it, onTestFinished } from 'vitest'
import { bgThread } from 'bgthread'

/** Set by `VITE_LONG=1`: the whole figure, else a shorter one. */
const LONG = Boolean(import.meta.env['VITE_LONG'])
const PATIENCE = { timeout: LONG ? 900_000 : 60_000 }

function start() {
  const thread = bgThread(() => import('./fixtures/counter'), { name: 'counter', linger: 0 })
  onTestFinished(() => thread.terminate())
  return thread
}

/** Calls so often, a wave at a time, and counts what came back. */
async function hear(count: number, together: number, load: (number: number) => unknown) {
  const thread = start()
  const answers = new Map<number, number>()
  let last = -1
  let disordered = 0
  let wrong = 0
  for (let first = 0; first < count; first += together) {
    await Promise.all(
      Array.from({ length: Math.min(together, count - first) }, async (_, i) => {
        const sent = load(first + i)
        const answer = await thread.proxy.hear(first + i, sent)
        answers.set(answer.number, (answers.get(answer.number) ?? 0) + 1)
        if (answer.number < last) disordered++
        last = answer.number
        if (answer.number !== first + i || sizeOf(answer.load) !== sizeOf(sent)) wrong++
      }),
    )
  }
  return {
    wrong,
    heard: await thread.proxy.takeHeard(),
    answers: {
      numbers: answers.size,
      times: [...answers.values()].reduce((sum, times) => sum + times, 0),
      disordered,
    },
    // A second answer to the same call would be dropped: it is seen here.
    ignored: thread.stats().ignored,
    pending: thread.stats().pendingCalls,
  }
}

const sizeOf = (load: unknown) =>
  load instanceof Uint8Array ? `${load.byteLength} ${load[0]} ${load.at(-1)}` : load

const exact = (count: number) => ({
  wrong: 0,
  heard: { numbers: count, times: count, disordered: 0 },
  answers: { numbers: count, times: count, disordered: 0 },
  ignored: 0,
  pending: 0,
})

it(
  '100,000 small calls in flight at once: each is heard once and answered once, in order',
  PATIENCE,
  async () => {
    expect(await hear(100_000, 100_000, (number) => number)).toEqual(exact(100_000))
  },
)

const LARGE = LONG ? 100_000 : 2_000
it(
  `${LARGE} calls of 100 kB, 500 in flight: each is heard once and answered once, in order`,
  PATIENCE,
  async () => {
    const load = (number: number) => new Uint8Array(100_000).fill(number)
    expect(await hear(LARGE, 500, load)).toEqual(exact(LARGE))
  },
)
