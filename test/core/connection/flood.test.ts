/** A flood of hostile messages, in process. `RUNS` says how many there are to each side (100,000 in a long run). */
import { expect, it } from 'vitest'
import type { Remote } from 'bgthread'
import { besiege, builtIns } from '../../support/hostile/siege'
import { HostileLogic } from '../../support/hostile/logic'
import { Recording } from '../../support/hostile/record'
import { PATIENCE, runs } from '../patches/runs'
import { connect } from '../pair'
import { turn, watchUncaught } from '../watch'

/** Messages that one connection has to bear. */
const EACH = 500

/** A connection whose messages are recorded as they are posted. */
async function connectRecorded() {
  const recording = new Recording()
  const channel = new MessageChannel()
  const ports = { thread: channel.port1, page: channel.port2 }
  const post = {
    thread: ports.thread.postMessage.bind(ports.thread),
    page: ports.page.postMessage.bind(ports.page),
  }
  for (const to of ['thread', 'page'] as const)
    ports[to].postMessage = (message: unknown, options?: Transferable[] | StructuredSerializeOptions) => {
      post[to](message, options as Transferable[])
      recording.take(to, message)
    }
  const pair = await connect(HostileLogic, { channel })
  const say = {
    thread: (message: unknown) => post.thread(message),
    page: (message: unknown) => post.page(message),
  }
  return { pair, recording, say, proxy: pair.proxy as object as Remote<HostileLogic> }
}

it.each(['thread', 'page'] as const)(
  'hostile messages to the %s settle nothing, reach nothing, pollute nothing and raise nothing',
  PATIENCE,
  async (to) => {
    const errors = watchUncaught()
    const before = builtIns()
    const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))
    let said = 0
    for (let round = 0; said < runs(3_000); round++) {
      const { pair, ...besieged } = await connectRecorded()
      const outcome = await besiege(besieged, to, EACH, seed + round)
      const sound = { forged: [], wrong: [], reached: [] }
      expect(outcome, `SEED=${seed + round}`).toMatchObject(sound)
      await turn()
      expect(errors, `SEED=${seed + round}`).toEqual([])
      expect(pair.page.stats).toMatchObject({ pendingCalls: 0, subscriptions: 0, callbacks: 0, signals: 0 })
      pair.close()
      said += outcome.said
    }
    expect(builtIns()).toEqual(before)
    expect('polluted' in {}).toBe(false)
  },
)
