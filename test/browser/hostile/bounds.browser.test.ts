/**
 * A client that sends one op as fast as it can, against the page that owns the thread: over every tag. In the long run
 * (`VITE_LONG`) it goes on for ten seconds each, and it is compared how fast the page's calls and updates are.
 */
import { afterEach, describe, expect, it } from 'vitest'
import { bgThread } from 'bgthread'
import { attacks } from '../../support/hostile/attacks'
import { askForLine, startLine } from '../../support/hostile/client'
import type { Besieged } from '../../support/hostile/besieged'
import type { Order } from './attacker.worker'
// oxlint-disable-next-line import/default -- Vite makes it
import AttackWorker from './attacker.worker?worker&inline'
// oxlint-disable-next-line import/default -- Vite makes it
import BesiegedWorker from './besieged.worker?worker&inline'

const env = import.meta.env as Record<string, string | undefined>
const LONG = env.VITE_LONG !== undefined
const MILLISECONDS = Number(env.VITE_ATTACK ?? (LONG ? 10_000 : 200))

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

/** A page that calls, and shows what it is told. */
class Page {
  readonly thread = bgThread<Besieged>(() => new BesiegedWorker({ name: 'besieged' }), {
    name: 'besieged',
    linger: 0,
  })
  #tick = 0
  #shown = (_tick: number) => {}

  constructor() {
    ends.push(() => this.thread.terminate())
    ends.push(this.thread.proxy.watchTicks().subscribe((tick) => this.#shown(tick)))
  }

  /** Calls one after another, and changes something now and then. */
  async work(isOver: () => boolean) {
    const { proxy } = this.thread
    let calls = 0
    let latest = 0
    const begin = performance.now()
    do {
      for (let i = 0; i < 20; i++) expect(await proxy.echo(calls)).toBe(calls++)
      const changed = performance.now()
      const tick = ++this.#tick
      const shown = new Promise<void>((resolve) => (this.#shown = (now) => now === tick && resolve()))
      await Promise.all([proxy.tick(tick), shown])
      latest = Math.max(latest, performance.now() - changed)
    } while (!isOver())
    return { perSecond: (calls * 1_000) / (performance.now() - begin), latest }
  }
}

/** @param line where it is sent @returns whether it is over */
function attack(order: Omit<Order, 'milliseconds'>): () => boolean {
  const attacker = new AttackWorker()
  ends.push(() => attacker.terminate())
  let isOver = false
  attacker.onmessage = () => (isOver = true)
  attacker.postMessage({ ...order, milliseconds: MILLISECONDS } satisfies Order, [order.line])
  return () => isOver
}

/** Nobody is there who reads it; what the attacker takes of the machine, it takes nevertheless. */
function closedLine(): MessagePort {
  const { port1, port2 } = new MessageChannel()
  port2.close()
  return port1
}

describe('a client that sends one op as fast as it can is bounded, and free when it is put out', () => {
  describe.each([1, 1_000])('%i in each message', (each) => {
    it.each(attacks)('%s', { timeout: 60_000 + MILLISECONDS * 4 }, async (name) => {
      const page = new Page()
      const { thread } = page
      const { proxy } = thread
      await thread.ready
      const quiet = LONG && (await page.work(attack({ line: closedLine(), attack: name, each })))
      const line = await askForLine(thread.connect())
      await startLine(line)
      const besieged = await page.work(attack({ line, attack: name, each }))
      const open = await proxy.stats()
      // With those that it has cancelled, and that run on: as many as calls and subscriptions together.
      expect(open?.pendingCalls).toBeLessThanOrEqual(12_000 + 1_000 + 1)
      // Those that make it possible, too.
      expect(open?.subscriptions).toBeLessThanOrEqual(1_000 + 3)
      expect(open?.callbacks).toBeLessThanOrEqual(12_000 + 1)
      expect(open?.clients).toBeLessThanOrEqual(101)
      await proxy.putOut()
      await expect
        .poll(() => proxy.stats())
        .toMatchObject({ clients: 1, pendingCalls: 0, subscriptions: 1, callbacks: 0, slots: 0 })
      await page.work(() => true)
      if (!quiet) return
      expect.soft(besieged.perSecond).toBeGreaterThanOrEqual(quiet.perSecond / 2)
      expect.soft(besieged.latest).toBeLessThanOrEqual(quiet.latest + 100)
    })
  })
})
