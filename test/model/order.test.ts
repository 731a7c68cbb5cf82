/** Promise 4 in numbers: calls of one client start in their order, and no reply overtakes a snapshot. */
import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import { bgThread } from 'bgthread'
import { state } from 'bgthread/worker'
import { PATIENCE } from '../core/patches/runs'

/** Calls in all, the usual figure and the long one, and those that are under way at once. */
const CALLS = process.env['RUNS'] ? 100_000 : 10_000
const TOGETHER = 1_000

class Lane {
  readonly #started: number[] = []
  readonly #emitted = state(0)

  /** Starts, emits, waits for so many tasks, emits again, and tells what was emitted by then. */
  async run(id: number, tasks: number, _baggage?: unknown) {
    this.#started.push(id)
    this.#emitted.update((count) => count + 1)
    for (let i = 0; i < tasks; i++) await new Promise((resolve) => setImmediate(resolve))
    this.#emitted.update((count) => count + 1)
    return { id, emitted: this.#emitted.get() }
  }
  takeStarted() {
    return this.#started.splice(0)
  }
  watch() {
    return this.#emitted
  }
}

it(
  `of ${CALLS} calls with random delays none starts out of order, and no reply overtakes a snapshot`,
  PATIENCE,
  async () => {
    const thread = bgThread(async () => Lane, { linger: 0 })
    onTestFinished(() => thread.terminate())
    const { proxy } = thread
    const emitted = proxy.watch()
    const shown: number[] = []
    emitted.subscribe((count) => shown.push(count))

    const delays = fc.sample(fc.tuple(fc.nat(3), fc.constantFrom('none', 'plain', 'rich')), TOGETHER)
    const baggage = { none: undefined, plain: { a: [1] }, rich: new Map([[1, new Date(0)]]) }
    const expected = Array.from({ length: TOGETHER }, (_, i) => i)
    let overtaken = 0
    let finishedLate = 0
    for (let round = 0; round < CALLS / TOGETHER; round++) {
      let last = -1
      await Promise.all(
        delays.map(async ([tasks, kind], id) => {
          const reply = await proxy.run(id, tasks, baggage[kind as keyof typeof baggage])
          expect(reply.id).toBe(id)
          if (!(emitted.get()! >= reply.emitted)) overtaken++
          // The delays do their work: replies come in another order than calls.
          if (id < last) finishedLate++
          last = id
        }),
      )
      expect(await proxy.takeStarted()).toEqual(expected)
    }
    expect({ overtaken, shownInOrder: shown.every((count, i) => i === 0 || count > shown[i - 1]!) }).toEqual({
      overtaken: 0,
      shownInOrder: true,
    })
    expect(finishedLate).toBeGreaterThan(0)
    expect(emitted.get()).toBe(2 * CALLS)
    // Newest wins: not each was shown.
    expect(shown.length).toBeLessThan(2 * CALLS)
  },
)
