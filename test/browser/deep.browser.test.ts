/** F14: values so deep that one side cannot send them, or the other cannot read them, each way and from each client. */
import { describe, expect, it } from 'vitest'
import { server } from 'vitest/browser'
import { attach, bgThread } from 'bgthread'
import { deep } from '../support/unreadable'
import type Pit from './fixtures/pit'
import { endAfterEach } from '../support/end-after-each'

const track = endAfterEach()

const host = { take: (_value: unknown) => {}, give: deep }

function startOwner() {
  const thread = bgThread(() => import('./fixtures/pit'), { name: 'pit', linger: 0, host })
  track(thread)
  return thread
}

function startGuest() {
  const guest = attach<Pit>(startOwner().connect(), { name: 'pit', linger: 0, host })
  track(guest)
  return guest
}

/** What becomes of values of so many levels, each way. */
async function cross(levels: number, { proxy }: Pick<ReturnType<typeof startOwner>, 'proxy'>) {
  const nameOf = (error: { code?: string }) => error.code ?? String(error)
  const snapshot = new Promise((next, error) => {
    const leave = proxy.watch(levels).subscribe({ next: () => next(leave()), error })
  }).then(() => 'taken', nameOf)
  return {
    argument: await proxy.take(deep(levels)).catch(nameOf),
    result: await proxy.give(levels).then(() => 'taken', nameOf),
    snapshot: await snapshot,
    argumentOfHost: await proxy.takeThere(levels),
    resultOfHost: await proxy.giveThere(levels),
    argumentOfCallback: await proxy.callBack(levels, async () => {}),
    resultOfCallback: await proxy.answerBack(async () => deep(levels)),
  }
}

const firefox = server.browser === 'firefox'

describe.each([
  ['the page that has the thread', startOwner],
  ['a further client', startGuest],
])('%s', (_client, start) => {
  // Firefox reads what is less deep without its stack: nothing fails there.
  it.each([3_000, 100_000])(
    'hears of each value of %i levels that cannot cross, and goes on',
    async (levels) => {
      const client = start()
      const [outcomes, beside] = await Promise.all([cross(levels, client), client.proxy.take('beside')])
      for (const [way, outcome] of Object.entries(outcomes))
        expect([firefox || levels < 100_000 ? 'taken' : '', 'NOT_CLONEABLE'], way).toContain(outcome)
      expect(beside).toBe('taken')
      expect(await client.proxy.take('later')).toBe('taken')
      expect(await client.proxy.stats()).toMatchObject({ pendingCalls: 0, subscriptions: 0, callbacks: 0 })
    },
  )
})
