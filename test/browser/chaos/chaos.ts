/** One run: a thread that is used by many while fault after fault befalls it. */
import { bgThread, type ThreadStats } from 'bgthread'
// oxlint-disable-next-line import/default -- Vite makes it
import ChaoticWorker from './chaotic.worker?worker&inline'
import type { Chaotic } from './chaotic'
import { runClient } from './clients'
import { FAULTS } from './faults'
import { Random } from './random'
import { Tally } from './tally'
import { Tap } from './wire'

export interface Outcome {
  /** Of each kind, how many faults. */
  faults: Record<string, number>
  operations: number
  settled: number
  /** Never settled. */
  hung: string[]
  /** Answered, or run, more than once. */
  twice: number
  /** Replaced although no fault was to do that. */
  killedWrongly: number
  /** What came back is not what was asked for. */
  wrong: string[]
  uncaught: string[]
  /** What is still open at the end. */
  open: Pick<ThreadStats, 'pendingCalls' | 'subscriptions' | 'callbacks' | 'signals'>
  /** Locks of threads that are gone. */
  locks: string[]
}

const CLIENTS = 3
/** No promise may take longer, on the slowest machine. In milliseconds. */
const BOUND = 20_000

/** @param seed what happens, and in which order @param count of faults */
export async function runChaos(seed: number, count: number): Promise<Outcome> {
  const tally = new Tally()
  const taps: Tap[] = []
  let make: (() => Worker) | undefined
  const thread = bgThread<Chaotic>(
    ({ name }) => {
      const worker = (make ?? (() => new ChaoticWorker({ name })))()
      taps.push(new Tap(worker))
      return worker
    },
    {
      name: 'chaotic',
      linger: 0,
      startTimeout: 3_000,
      restart: { max: 1e9, within: 1 },
      heartbeat: { interval: 50, limit: 10 },
      onHang: 'restart',
      onError: tally.onError,
    },
  )

  const ran = countRuns()
  const hear = ({ error }: ErrorEvent) => tally.onError(error)
  const hearRejection = ({ reason }: PromiseRejectionEvent) => tally.onError(reason)
  addEventListener('error', hear)
  addEventListener('unhandledrejection', hearRejection)
  try {
    await thread.ready
    let over = false
    const clients = Array.from({ length: CLIENTS }, (_, index) => {
      const random = new Random(seed + index + 1)
      return runClient({ thread, random, tally }, (index + 1) * 1e6, () => over)
    })

    const random = new Random(seed)
    const faults: Outcome['faults'] = {}
    const stuck: string[] = []
    let expected = 0
    for (const name of faultsOf(random, count)) {
      const fault = FAULTS[name]!
      faults[name] = (faults[name] ?? 0) + 1
      expected += fault.kills
      const injected = async () =>
        fault.inject({
          thread,
          random,
          tally,
          tap: () => taps.at(-1)!,
          next(another) {
            make = () => {
              make = undefined
              return another()
            }
          },
        })
      tally.follow(name, injected(), (_, error) => error === undefined)
      const restarted = until(() => thread.stats().restarts >= expected && isReady())
      if (!(await within(BOUND, restarted))) stuck.push(`the thread, after: ${name}`)
      // No later fault may end what this one has left hanging.
      const { made } = tally
      const settled = until(() => tally.hasSettled(made))
      if (!(await within(BOUND, settled))) stuck.push(...tally.open)
      // Used for a moment before the next fault.
      await thread.proxy.later(0, random.between(0, 60)).catch(() => {})
    }
    over = true
    const operations = (await Promise.all(clients)).reduce((sum, one) => sum + one, 0)
    await within(
      BOUND,
      until(() => tally.open.length === 0),
    )
    await within(
      BOUND,
      until(() => isAtRest(thread.stats())),
    )
    const { pendingCalls, subscriptions, callbacks, signals, restarts } = thread.stats()
    thread.terminate()
    const locks = () => heldLocks(taps.flatMap((tap) => tap.locks))
    await within(
      BOUND,
      until(async () => (await locks()).length === 0),
    )
    return {
      faults,
      operations,
      settled: tally.settled,
      hung: [...stuck, ...tally.open],
      twice: ran.twice() + taps.reduce((sum, tap) => sum + tap.twice, 0),
      killedWrongly: restarts - expected,
      wrong: tally.wrong,
      uncaught: tally.uncaught,
      open: { pendingCalls, subscriptions, callbacks, signals },
      locks: await locks(),
    }
  } finally {
    thread.terminate()
    ran.close()
    removeEventListener('error', hear)
    removeEventListener('unhandledrejection', hearRejection)
  }

  function isReady(): boolean {
    return state() === 'ready'
  }
  function state() {
    return thread.status.get()?.state
  }
}

/** Every kind comes before any comes again. */
function* faultsOf(random: Random, count: number): Generator<string> {
  let left: string[] = []
  for (let i = 0; i < count; i++) {
    if (left.length === 0) left = Object.keys(FAULTS)
    yield left.splice(random.between(0, left.length - 1), 1)[0]!
  }
}

/** Counts the calls that have run more than once. */
function countRuns() {
  const channel = new BroadcastChannel('chaos: ran')
  const seen = new Set<number>()
  let twice = 0
  channel.addEventListener('message', ({ data }: MessageEvent<number>) => {
    // Those of the faults have no numbers of their own.
    if (data > 0 && seen.size === seen.add(data).size) twice++
  })
  return { twice: () => twice, close: () => channel.close() }
}

const isAtRest = ({ pendingCalls, subscriptions, callbacks, signals }: ThreadStats) =>
  pendingCalls + subscriptions + callbacks + signals === 0

async function heldLocks(names: string[]): Promise<string[]> {
  const { held = [], pending = [] } = await navigator.locks.query()
  return [...held, ...pending].map(({ name }) => String(name)).filter((name) => names.includes(name))
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<true> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5))
  return true
}

/** @returns undefined where it takes longer */
function within<T>(milliseconds: number, work: Promise<T>): Promise<T | undefined> {
  return Promise.race([
    work,
    new Promise<undefined>((resolve) => setTimeout(resolve, milliseconds, undefined)),
  ])
}
