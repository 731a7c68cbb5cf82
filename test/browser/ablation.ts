/** What notices each fault, how it is switched off from outside, and the promises that then are broken. */
import { bgThread, type Thread, type ThreadSettings } from 'bgthread'
import * as Wire from '../../src/core/protocol.js'
// oxlint-disable-next-line import/default -- Vite makes it
import ChaoticWorker from './chaos/chaotic.worker?worker&inline'
import type { Chaotic } from './chaos/chaotic'
import { deep } from '../support/unreadable'
import { unknownToWorkers } from './fixtures/unknown'

export type Detector = 'lock' | 'heartbeat' | 'start timeout' | 'message numbers' | 'token'

/** A detector's fault: what is promised of it, and how it is done without the detector. */
interface Case {
  /** @returns whether the promise is kept; a promise that is not kept may also never settle */
  isKept(start: (settings?: ThreadSettings, make?: () => Worker) => Started): Promise<boolean>
  /** The options of a thread without the detector. */
  settings?: ThreadSettings
  /** Takes the detector from a worker that is about to start. */
  blind?(worker: Worker): void
}

interface Started {
  thread: Thread<Chaotic>
  worker(): Worker
}

const hasCode = (promise: PromiseLike<unknown>, code: string) =>
  Promise.resolve(promise).then(
    () => false,
    (error: unknown) => (error as { code?: unknown }).code === code,
  )

/** A call that nobody ever answers. */
const hangs = ({ proxy }: Thread<Chaotic>) => proxy.wait(1, 1e9, new AbortController().signal)

const CASES: Record<Detector, Case> = {
  lock: {
    async isKept(start) {
      const { thread, worker } = start()
      await thread.ready
      const call = hangs(thread)
      worker().terminate()
      return hasCode(call, 'DIED')
    },
    // What the thread holds is not heard of.
    blind: (worker) => changeHeard(worker, (message) => without(message, [Wire.LOCKED])),
  },
  heartbeat: {
    async isKept(start) {
      const { thread } = start({ heartbeat: { interval: 20, limit: 10 }, onHang: 'restart' })
      await thread.ready
      return hasCode(thread.proxy.busy(1, 60_000), 'HUNG')
    },
    settings: { heartbeat: false },
  },
  'start timeout': {
    async isKept(start) {
      const silent = () => new Worker(URL.createObjectURL(new Blob([''], { type: 'text/javascript' })))
      const { thread } = start({ startTimeout: 50 }, silent)
      return hasCode(thread.proxy.echo(1, 1), 'START_TIMEOUT')
    },
    settings: { startTimeout: Infinity },
  },
  'message numbers': {
    async isKept(start) {
      const { thread } = start()
      const values = [await unknownToWorkers()]
      for (let levels = 1_000; levels <= 5_000; levels += 250) values.push(deep(levels))
      const calls = values.map((value) => thread.proxy.take(1, value).catch((error: unknown) => error))
      const ends = await Promise.all(calls)
      return ends.every((end) => end === 1 || (end as { code?: unknown }).code === 'NOT_CLONEABLE')
    },
    // The page does not ask, and answers nobody who does.
    blind: (worker) => changeSaid(worker, (message) => without(message, [Wire.PING, Wire.HERE])),
  },
  token: {
    async isKept(start) {
      const { thread } = start()
      let forged = false
      hangs(thread).then(
        () => (forged = true),
        () => {},
      )
      await thread.proxy.echo(1, 1)
      const forgeries = Array.from({ length: 10 }, (_, id) => [
        'bgthread:x',
        Wire.RETURN,
        id,
        Wire.RAW,
        'forged',
      ])
      await thread.proxy.post(forgeries)
      return !forged
    },
    // Every message is taken for one's own.
    blind(worker) {
      let token: unknown
      changeSaid(worker, (message) => ((token = message[0]), message))
      changeHeard(worker, (message) => [token, ...message.slice(1)])
    },
  },
}

export const DETECTORS = Object.keys(CASES) as Detector[]

/**
 * Injects every fault, each into a thread of its own, all at once.
 *
 * @param off the detector that is switched off
 * @param bound in milliseconds: a promise that has not settled then is broken
 * @returns whose promises were broken
 */
export async function brokenWithout(off: Detector | undefined, bound: number): Promise<Detector[]> {
  const threads: { terminate(): void }[] = []
  const isKept = (detector: Detector) => {
    const { isKept, settings, blind } = CASES[detector]
    const isOff = detector === off
    return isKept((options = {}, make = () => new ChaoticWorker()) => {
      let worker: Worker | undefined
      const thread = bgThread<Chaotic>(
        () => {
          worker = make()
          if (isOff) blind?.(worker)
          return worker
        },
        { name: detector, onError() {}, ...options, ...(isOff && settings) },
      )
      threads.push(thread)
      return { thread, worker: () => worker! }
    })
  }
  try {
    const kept = await Promise.all(DETECTORS.map((detector) => within(bound, isKept(detector))))
    return DETECTORS.filter((_, index) => !kept[index])
  } finally {
    for (const thread of threads) thread.terminate()
  }
}

/** @returns false where it takes longer */
function within(milliseconds: number, work: Promise<boolean>): Promise<boolean> {
  return Promise.race([work, new Promise<boolean>((resolve) => setTimeout(resolve, milliseconds, false))])
}

/** Changes what the page says to its worker. */
function changeSaid(worker: Worker, change: (message: unknown[]) => unknown[]): void {
  const post = worker.postMessage.bind(worker)
  worker.postMessage = (message: unknown[], options?: StructuredSerializeOptions | Transferable[]) =>
    post(change(message), options as Transferable[])
}

/** Changes what the page hears of its worker. */
function changeHeard(worker: Worker, change: (message: unknown[]) => unknown[]): void {
  worker.addEventListener('message', (event) => {
    if (Array.isArray(event.data)) Object.defineProperty(event, 'data', { value: change(event.data) })
  })
}

/** Some ops become what says nothing; the others keep their places. */
function without(message: unknown[], tags: readonly number[]): unknown[] {
  const changed = [...message]
  for (let at = 1; at < message.length; at += Wire.opLength(message[at] as number, message[at + 3]))
    if (tags.includes(message[at] as number)) changed.splice(at, 4, Wire.NOTHING, 0, 0, 0)
  return changed
}
