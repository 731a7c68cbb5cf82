/** A flood of hostile messages to a real worker and from it. `VITE_HOSTILE` says how many (20,000 in a long run). */
import { expect, it, onTestFinished } from 'vitest'
import { bgThread } from 'bgthread'
import type { HostileLogic } from '../../support/hostile/logic'
import { Recording } from '../../support/hostile/record'
import { besiege, builtIns } from '../../support/hostile/siege'
// oxlint-disable-next-line import/default -- Vite makes it
import HostileWorker from './hostile.worker?worker&inline'

const env = import.meta.env as Record<string, string | undefined>
const messages = Number(env.VITE_HOSTILE ?? 1_000)
const seed = Number(env.VITE_HOSTILE_SEED ?? Math.floor(Math.random() * 2 ** 31))

/** Messages that one connection has to bear. */
const EACH = 500

/** A thread whose messages are recorded as they are posted, and what nothing has caught in it. */
function start() {
  const recording = new Recording()
  const uncaught: unknown[] = []
  const worker = new HostileWorker({ name: 'hostile' })
  const post = worker.postMessage.bind(worker)
  worker.postMessage = (message: unknown, options?: Transferable[] | StructuredSerializeOptions) => {
    post(message, options as Transferable[])
    recording.take('thread', message)
  }
  let forging = false
  worker.addEventListener('message', ({ data }) => void (forging || recording.take('page', data)))
  const say = {
    thread: (message: unknown) => post(message),
    page(message: unknown) {
      const data: unknown = structuredClone(message)
      forging = true
      worker.dispatchEvent(new MessageEvent('message', { data }))
      forging = false
    },
  }
  const thread = bgThread<HostileLogic>(() => worker, {
    name: 'hostile',
    linger: 0,
    onError: (error) => uncaught.push(error),
  })
  onTestFinished(() => thread.terminate())
  return { thread, recording, say, proxy: thread.proxy, uncaught }
}

function watchErrors(): unknown[] {
  const errors: unknown[] = []
  const hear = (event: Event) => {
    event.preventDefault()
    errors.push(event)
  }
  for (const type of ['error', 'unhandledrejection']) {
    addEventListener(type, hear)
    onTestFinished(() => removeEventListener(type, hear))
  }
  return errors
}

it.each(['thread', 'page'] as const)(
  'hostile messages to the %s settle nothing, reach nothing, pollute nothing and raise nothing',
  { timeout: 60_000 + messages * 30 },
  async (to) => {
    const errors = watchErrors()
    const before = builtIns()
    let said = 0
    for (let round = 0; said < messages; round++) {
      const { thread, uncaught, ...besieged } = start()
      const outcome = await besiege(besieged, to, EACH, seed + round)
      expect(outcome, `seed ${seed + round}`).toMatchObject({ forged: [], wrong: [], reached: [] })
      // What the page was told that the thread has not caught, it takes for that.
      if (to === 'thread') expect(uncaught, `seed ${seed + round}`).toEqual([])
      expect(errors, `seed ${seed + round}`).toEqual([])
      expect(thread.status.get()).toMatchObject({ state: 'ready', epoch: 1 })
      expect(thread.stats()).toMatchObject({ pendingCalls: 0, subscriptions: 0, callbacks: 0, signals: 0 })
      thread.terminate()
      said += outcome.said
    }
    expect(builtIns()).toEqual(before)
    expect('polluted' in {}).toBe(false)
  },
)
