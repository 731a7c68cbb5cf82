/** Whatever happens to a pool's threads, each of its calls is answered, runs once at most, and leaves nothing behind. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bgPool, type Pool } from 'bgthread'
import { state } from 'bgthread/worker'
import { mortals, type Body } from '../../model/mortal'
import { PATIENCE, runs } from '../patches/runs'
import { turn, watchRejections, watchReports } from '../watch'

/** What becomes of a start: it goes well, is not loaded, or throws. */
const FATES = ['good', 'refused', 'throws'] as const
type Fate = (typeof FATES)[number]

/** What a run of commands has to do with. */
class Scene {
  readonly pool: Pool<Smithy>
  fate: Fate = 'good'
  readonly bodies = new Set<Body>()
  readonly gates = new Map<number, () => void>()
  /** The most calls that a thread was at whose callers wait. */
  most = 0
  /** How often each call has begun. */
  readonly begun: number[] = []
  readonly outcomes: string[] = []
  readonly aborts: AbortController[] = []
  readonly leave: (() => void)[] = []
  readonly errors: unknown[] = []

  constructor(
    readonly size: number,
    readonly concurrency: number,
    idleTimeout: number,
    restart: false | undefined,
  ) {
    const { load } = mortals((_context, body) => {
      if (this.fate === 'throws') throw new Error('not made')
      this.bodies.add(body)
      return new Smithy(this)
    })
    this.pool = bgPool<Smithy>(
      () => {
        if (this.fate === 'refused') throw new Error('refused')
        return load()
      },
      { size, concurrency, linger: 0, idleTimeout, onError: (e) => this.errors.push(e), restart },
    )
  }

  call(method: 'give' | 'fail' | 'wait', baggage: 'none' | 'rich' | 'signal' | 'callback'): void {
    const id = this.outcomes.push('pending') - 1
    const abort = (this.aborts[id] = new AbortController())
    const things = { none: 1, rich: new Map([[1, 2]]), signal: abort.signal, callback: () => {} }
    this.pool.proxy[method](id, things[baggage]).then(
      (value) => (this.outcomes[id] = `gave ${value}`),
      (error: { code?: string; outcome?: string; message: string }) =>
        (this.outcomes[id] = `${error.code ?? error.message} ${error.outcome ?? ''}`),
    )
  }

  subscribe(): void {
    this.leave.push(this.pool.proxy.watch().subscribe({ error() {} }))
  }

  die(at: number): void {
    const body = [...this.bodies][at % (this.bodies.size || 1)]
    if (body) this.bodies.delete(body)
    body?.die()
  }

  /** Lets all that waits go on until nothing is pending. */
  async finish(): Promise<void> {
    this.fate = 'good'
    // A death takes a moment to be noticed.
    const end = performance.now() + 5_000
    for (let i = 0; i < 5 || (this.pool.stats().pendingCalls > 0 && performance.now() < end); i++) {
      for (const open of this.gates.values()) open()
      this.gates.clear()
      await turn()
    }
  }
}

class Smithy {
  readonly #count = state(0)
  readonly #atWork = new Set<number>()
  constructor(private readonly scene: Scene) {}
  #begin(id: number) {
    const { begun, outcomes } = this.scene
    begun[id] = (begun[id] ?? 0) + 1
    this.#atWork.add(id)
    const awaited = [...this.#atWork].filter((id) => outcomes[id] === 'pending')
    this.scene.most = Math.max(this.scene.most, awaited.length)
  }
  give(id: number, _baggage: unknown) {
    this.#begin(id)
    return id
  }
  fail(id: number, _baggage: unknown): number {
    this.#begin(id)
    throw new Error('own')
  }
  async wait(id: number, _baggage: unknown) {
    this.#begin(id)
    await new Promise<void>((resolve) => this.scene.gates.set(id, resolve))
    return id
  }
  watch() {
    return this.#count
  }
}

type Command = (scene: Scene) => void | Promise<void>
const named = (name: string, command: Command) => Object.assign(command, { toString: () => name })

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        fc.constantFrom('give' as const, 'fail' as const, 'wait' as const, 'wait' as const),
        fc.constantFrom('none' as const, 'rich' as const, 'signal' as const, 'callback' as const),
      )
      .map(([method, baggage]) => named(`${method} ${baggage}`, (scene) => scene.call(method, baggage))),
  },
  {
    weight: 2,
    arbitrary: fc
      .nat(100)
      .map((at) =>
        named(`abort ${at}`, ({ aborts }) => aborts[at % (aborts.length || 1)]?.abort(new Error('aborted'))),
      ),
  },
  {
    weight: 2,
    arbitrary: fc.nat(100).map((at) =>
      named(`open ${at}`, ({ gates }) => {
        const id = [...gates.keys()][at % (gates.size || 1)]
        if (id === undefined) return
        gates.get(id)!()
        gates.delete(id)
      }),
    ),
  },
  { weight: 1, arbitrary: fc.nat(100).map((at) => named(`die ${at}`, (scene) => scene.die(at))) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(...FATES)
      .map((fate) => named(`fate ${fate}`, (scene) => void (scene.fate = fate))),
  },
  { weight: 1, arbitrary: fc.constant(named('subscribe', (scene) => scene.subscribe())) },
  { weight: 1, arbitrary: fc.constant(named('leave', ({ leave }) => leave.pop()?.())) },
  {
    weight: 4,
    arbitrary: fc.integer({ min: 1, max: 6 }).map((turns) =>
      named(`wait ${turns}`, async () => {
        for (let i = 0; i < turns; i++) await turn()
      }),
    ),
  },
)

it('each call is answered, runs once at most, and leaves nothing behind', PATIENCE, async () => {
  const reports = watchReports()
  const rejections = watchRejections()
  const seen = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      fc.constantFrom(1, 2, Infinity),
      fc.constantFrom(0, Infinity),
      fc.constantFrom<false | undefined>(false, undefined),
      fc.array(command, { minLength: 5, maxLength: 60, size: 'max' }),
      fc.constantFrom('close', 'terminate', 'finish, close'),
      async (size, concurrency, idleTimeout, restart, commands, end) => {
        const scene = new Scene(size, concurrency, idleTimeout, restart)
        const { pool, outcomes } = scene
        for (const act of commands) {
          await act(scene)
          // Beside those there are others may be ending.
          if (idleTimeout > 0) expect(pool.stats().threads).toBeLessThanOrEqual(size)
        }
        if (end === 'terminate') pool.terminate()
        else if (end === 'close') {
          const closed = pool.close({ timeout: Infinity })
          await scene.finish()
          await closed
        } else {
          await scene.finish()
          expect(pool.stats()).toMatchObject({ pendingCalls: 0, queuedCalls: 0, signals: 0 })
          await pool.close({ timeout: Infinity })
        }
        for (let i = 0; i < 5; i++) await turn()
        expect(scene.most).toBeLessThanOrEqual(concurrency)
        expect(pool.stats()).toMatchObject({
          threads: 0,
          pendingCalls: 0,
          queuedCalls: 0,
          subscriptions: 0,
          callbacks: 0,
          signals: 0,
        })
        for (const [id, outcome] of outcomes.entries()) {
          const begun = scene.begun[id] ?? 0
          const what = outcome.startsWith('gave') ? 'gave' : outcome
          seen.set(what, (seen.get(what) ?? 0) + 1)
          expect(outcome).not.toBe('pending')
          expect(begun).toBeLessThanOrEqual(1)
          if (what === 'gave') expect([outcome, begun]).toEqual([`gave ${id}`, 1])
          if (outcome.endsWith('not-sent')) expect([outcome, begun]).toEqual([outcome, 0])
        }
        expect([reports, rejections].flat().map(String)).toEqual([])
      },
    ),
    { numRuns: runs(60) },
  )
  if (process.env['SHOW']) console.log(Object.fromEntries([...seen].sort()))
})
