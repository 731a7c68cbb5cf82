/**
 * A client that sends one op as fast as it can, against the page that owns the thread: over every tag. In the long run
 * (`VITE_LONG`) it goes on for ten seconds each, and it is compared how fast the page's calls and updates are while the
 * same client attacks another thread: so both share the cores with as much work. The two take turns.
 */
import { afterAll, afterEach, describe, expect, it } from 'vitest'
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
/** Turns of each kind in the long run. */
const TURNS = 2

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

/** How a page's calls and updates went. */
interface Work {
  calls: number
  milliseconds: number
  /** Of each update, the milliseconds until it was shown. */
  updates: number[]
}

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
  async work(isOver: () => boolean): Promise<Work> {
    const { proxy } = this.thread
    const updates: number[] = []
    let calls = 0
    const begin = performance.now()
    do {
      for (let i = 0; i < 20; i++) expect(await proxy.echo(calls)).toBe(calls++)
      const changed = performance.now()
      const tick = ++this.#tick
      const shown = new Promise<void>((resolve) => (this.#shown = (now) => now === tick && resolve()))
      await Promise.all([proxy.tick(tick), shown])
      updates.push(performance.now() - changed)
    } while (!isOver())
    return { calls, milliseconds: performance.now() - begin, updates }
  }

  /** @returns a line of another client */
  async openLine(): Promise<MessagePort> {
    const line = await askForLine(this.thread.connect())
    await startLine(line)
    return line
  }
}

/** @param works of several turns @returns calls in a second, and the time in which 95 and all of 100 updates were shown */
function sumUp(works: Work[]) {
  const sum = (what: 'calls' | 'milliseconds') => works.reduce((sum, work) => sum + work[what], 0)
  const updates = works.flatMap((work) => work.updates).sort((a, b) => a - b)
  return {
    perSecond: (sum('calls') * 1_000) / sum('milliseconds'),
    most: updates[Math.floor(updates.length * 0.95)] as number,
    latest: updates.at(-1) as number,
  }
}

/** What was measured, in the order of the attacks. */
const table: string[] = []
afterAll(() => LONG && console.log(table.join('\n')))

/** @param order where it is sent, among others @returns whether it is over, as soon as it has begun */
async function attack(order: Order): Promise<() => boolean> {
  const attacker = new AttackWorker()
  ends.push(() => attacker.terminate())
  let isOver = false
  const begun = new Promise((begin) => {
    attacker.onmessage = ({ data }) => {
      begin(undefined)
      isOver = data === 'done'
    }
  })
  attacker.postMessage(order, [order.line])
  await begun
  return () => isOver
}

describe('a client that sends one op as fast as it can is bounded, and free when it is put out', () => {
  describe.each([1, 1_000])('%i in each message', (each) => {
    it.each(attacks)('%s', { timeout: 60_000 + MILLISECONDS * 4 }, async (name) => {
      const page = new Page()
      const { proxy } = page.thread
      await page.thread.ready
      const works: Record<'quiet' | 'besieged', Work[]> = { quiet: [], besieged: [] }
      const other = LONG ? new Page() : undefined
      const turns = LONG ? TURNS : 1
      for (let turn = 0; turn < turns; turn++) {
        const attackOn = async (attacked: Page) => {
          const line = await attacked.openLine()
          return page.work(await attack({ line, attack: name, each, milliseconds: MILLISECONDS / turns }))
        }
        if (other) works.quiet.push(await attackOn(other))
        if (other) await other.thread.proxy.putOut()
        if (turn > 0) await proxy.putOut()
        works.besieged.push(await attackOn(page))
      }
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
      if (!other) return
      const [quiet, besieged] = [sumUp(works.quiet), sumUp(works.besieged)]
      const row = [quiet, besieged].map(
        ({ perSecond, most, latest }) =>
          `${perSecond.toFixed(0)} calls/s, updates ${most.toFixed(1)} and ${latest.toFixed(1)} ms`,
      )
      table.push(
        `${name} × ${each}: ${row.join(' | ')} | ${(quiet.perSecond / besieged.perSecond).toFixed(2)} times slower`,
      )
      expect.soft(besieged.perSecond).toBeGreaterThanOrEqual(quiet.perSecond / 2)
      expect.soft(besieged.latest).toBeLessThanOrEqual(quiet.latest + 100)
    })
  })
})
