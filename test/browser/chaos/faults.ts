/** What is done to a thread, one fault at a time, so that each can be told by the restart it brings. */
import type { Thread } from 'bgthread'
import { deep } from '../../support/unreadable'
import { unknownToWorkers } from '../fixtures/unknown'
import type { Chaotic } from './chaotic'
import type { Random } from './random'
import { isReplacement, type Tally } from './tally'
import { malformed, STRANGE, type Tap } from './wire'

export interface Patient {
  thread: Thread<Chaotic>
  random: Random
  tally: Tally
  /** What is heard of the worker that runs now. */
  tap(): Tap
  /** The next worker is another than that of the thread. */
  next(make: () => Worker): void
}

interface Fault {
  /** So many times the thread is to be replaced. */
  kills: number
  inject(patient: Patient): void | Promise<void>
}

const kill = (inject: Fault['inject'], kills = 1): Fault => ({ kills, inject })
const harmless = (inject: Fault['inject']): Fault => ({ kills: 0, inject })

const workerOf = (code: string) =>
  new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })))

/** A call that its thread does not survive. */
const last = ({ tally }: Patient, what: string, call: PromiseLike<unknown>) =>
  tally.follow(what, call, (_, error) => error === undefined || isReplacement(error))

export const FAULTS: Record<string, Fault> = {
  'it closes itself': kill((patient) => last(patient, 'die', patient.thread.proxy.die())),
  'it is terminated': kill(({ tap }) => tap().worker.terminate()),
  'it loops': kill((patient) => last(patient, 'endless', patient.thread.proxy.busy(0, 60_000))),
  'it is restarted': kill(({ thread }) => void thread.restart()),
  'it is restarted twice': kill(({ thread }) => {
    void thread.restart()
    void thread.restart()
  }),
  'it is terminated while it restarts': kill((patient) => {
    void patient.thread.restart()
    patient.tap().worker.terminate()
  }),
  // Who knows the token can spoil the count of messages, and no more; the next thread counts anew.
  'it says and hears what is malformed': kill(async (patient) => {
    const { thread, tap } = patient
    const messages = malformed(tap().token as string)
    for (const message of messages) tap().say(message)
    await thread.proxy.post(messages)
    await thread.proxy.echo(0, 0)
    void thread.restart()
  }),
  'the next says nothing': kill(({ thread, next }) => {
    next(() => workerOf(''))
    void thread.restart().catch(() => {})
  }, 2),
  'the next does not load': kill(({ thread, next }) => {
    next(() => workerOf('let let = ('))
    void thread.restart().catch(() => {})
  }, 2),
  'the next cannot be made': kill(({ tap, next }) => {
    next(() => {
      throw new DOMException('not now', 'SecurityError')
    })
    tap().worker.terminate()
  }, 2),
  'it says what is not ours': harmless(({ thread }) => thread.proxy.post(STRANGE)),
  'it hears what is not ours': harmless(({ tap }) => {
    for (const message of STRANGE) tap().say(message)
  }),
  'it throws where nobody catches': harmless(({ thread }) => thread.proxy.throwLater('planned throw')),
  'it rejects where nobody catches': harmless(({ thread }) => thread.proxy.rejectLater('planned rejection')),
  'it hears what cannot be read': harmless(async ({ thread, tally }) => {
    const unreadable = thread.proxy.take(7, await unknownToWorkers())
    tally.follow('unreadable argument', unreadable, isRefused)
    for (const levels of DEPTHS)
      tally.follow('deep argument', thread.proxy.take(7, deep(levels)), isReadOrRefused)
  }),
  'it says what cannot be read': harmless(({ thread, tally }) => {
    for (const levels of DEPTHS) tally.follow('deep result', thread.proxy.deep(levels), isReadOrRefused)
  }),
  'the page is blocked': harmless(({ random }) => {
    const end = performance.now() + random.between(50, 200)
    while (performance.now() < end);
  }),
}

/** Some can be read, some can be said only, and some neither: that depends on the stack. Firefox reads them all. */
const DEPTHS = [1_500, 2_000, 2_500, 3_000, 3_500, 4_000]

const isRefused = (_value: unknown, error: unknown) =>
  (error as { code?: unknown } | undefined)?.code === 'NOT_CLONEABLE'

const isReadOrRefused = (value: unknown, error: unknown) =>
  error ? isRefused(value, error) : value !== undefined
