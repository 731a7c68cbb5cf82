/** Parts of a page that use a thread all at once, and do not know of each other. */
import { server } from 'vitest/browser'
import { transfer, type Thread, type ThreadError, type Unsubscribe } from 'bgthread'
import type { Beat, Chaotic } from './chaotic'
import type { Random } from './random'
import type { Tally } from './tally'

export interface Use {
  thread: Thread<Chaotic>
  random: Random
  tally: Tally
  /** A number that no other call has. */
  number: number
}

const hasCode = (code: string) => (_value: unknown, error: unknown) => (error as ThreadError).code === code
const isError = (_value: unknown, error: unknown) => error !== undefined

/** One of the things that can be done with a thread. What it has begun is followed, and is over soon. */
const OPERATIONS: Record<string, (use: Use) => void | Promise<void>> = {
  primitive({ thread, tally, number }) {
    tally.follow('primitive', thread.proxy.echo(number, number), (value) => value === number)
  },
  plain({ thread, tally, number }) {
    const value = { number, list: [1, 'two', { three: number }] }
    const same = JSON.stringify(value)
    tally.follow('plain', thread.proxy.echo(number, value), (given) => JSON.stringify(given) === same)
  },
  rich({ thread, tally, number }) {
    const value = new Map([[number, new Date(number)]])
    tally.follow('rich', thread.proxy.echo(number, value), (given) => {
      const map = given as Map<number, Date> | undefined
      return map?.get(number)?.getTime() === number
    })
  },
  async later({ thread, tally, number, random }) {
    tally.follow('later', thread.proxy.later(number, random.between(0, 30)), (value) => value === number)
  },
  busy({ thread, tally, number, random }) {
    tally.follow('busy', thread.proxy.busy(number, random.between(0, 40)), (value) => value === number)
  },
  fails({ thread, tally, number }) {
    tally.follow(
      'fails',
      thread.proxy.fail(number),
      (_, error) => error instanceof RangeError && error.message === `planned ${number}`,
    )
  },
  failsWithLittle({ thread, tally, random }) {
    const thrown = random.pick([0, '', null, false])
    tally.follow('fails with little', thread.proxy.failWith(thrown), (_, error) => error === thrown)
  },
  uncloneableArgument({ thread, tally, number }) {
    const value = { at: [new WeakMap()] } as unknown as number
    tally.follow('uncloneable argument', thread.proxy.echo(number, value), hasCode('NOT_CLONEABLE'))
  },
  uncloneableResult({ thread, tally }) {
    tally.follow('uncloneable result', thread.proxy.uncloneable(), hasCode('NOT_CLONEABLE'))
  },
  unknownAction({ thread, tally }) {
    const { ekho } = thread.proxy as unknown as { ekho(): Promise<void> }
    tally.follow('unknown action', ekho(), hasCode('ACTION_NOT_FOUND'))
  },
  callback({ thread, tally, random }) {
    const times = random.between(1, 5)
    const call = thread.proxy.callBack(times, (index) => index)
    tally.follow('callback', call, (sum) => sum === (times * (times - 1)) / 2)
  },
  failingCallback({ thread, tally, number }) {
    const call = thread.proxy.callBack(1, () => {
      throw new RangeError(`planned ${number}`)
    })
    tally.follow('failing callback', call, (_, error) => (error as Error).message === `planned ${number}`)
  },
  aborted({ thread, tally, number, random }) {
    const { signal, abort } = new Abort(number)
    const milliseconds = random.between(0, 60)
    const call = thread.proxy.wait(number, milliseconds, signal)
    tally.follow('aborted', call, (value, error) => (error ? error === signal.reason : value === number))
    setTimeout(abort, random.between(0, 60))
  },
  abortedBefore({ thread, tally, number }) {
    const signal = AbortSignal.abort(new Error(`planned ${number}`))
    tally.follow('aborted before', thread.proxy.wait(number, 0, signal), isError)
  },
  moved({ thread, tally, number }) {
    const bytes = new Uint8Array(random256(number))
    const call = thread.proxy.move(transfer(bytes, [bytes.buffer]))
    const isGone = bytes.length === 0
    tally.follow(
      'moved',
      call,
      (given) => isGone && given?.length === bytesIn(number) && given.every((byte) => byte === 1),
    )
    // Firefox drops what is posted to a worker that is dead, and moves nothing; the call ends with its thread.
    if (!isGone && server.browser !== 'firefox') tally.wrong.push('moved: it is still here')
  },
  async store({ thread, tally, random }) {
    await read(thread.proxy.watch(), tally, random.between(0, 200))
  },
  async broughtStore({ thread, tally, random }) {
    const bringing = thread.proxy.watch()
    const stream = Promise.resolve(bringing as unknown as PromiseLike<typeof bringing>)
    tally.follow('brought store', stream, (value) => value !== undefined)
    const brought = await stream.catch(() => undefined)
    if (brought) await read(brought, tally, random.between(0, 50))
  },
  loop({ thread, tally, random }) {
    const count = random.between(0, 60)
    const stop = random.between(0, 60)
    const loop = async () => {
      let expected = 0
      for await (const number of thread.proxy.numbers(count)) {
        if (number !== expected++) throw new Error(`${number} instead of ${expected - 1}`)
        if (number === stop) return true
      }
      return expected === count
    }
    tally.follow('for await', loop(), (value) => value === true)
  },
}

const bytesIn = (number: number) => 1 + (number % 4096)
const random256 = (number: number) => new ArrayBuffer(bytesIn(number))

/** A controller whose `abort` can be passed on. */
class Abort {
  readonly #controller = new AbortController()
  readonly signal = this.#controller.signal
  constructor(private readonly number: number) {}
  readonly abort = () => this.#controller.abort(new Error(`planned ${this.number}`))
}

/** Reads a store for a while; what it shows never goes back, not even when the thread is another. */
async function read(
  store: { subscribe(observer: { next(beat: Beat): void; error(error: unknown): void }): Unsubscribe },
  tally: Tally,
  milliseconds: number,
): Promise<void> {
  let last: Beat | undefined
  const leave = store.subscribe({
    next(beat) {
      if (last && (beat.epoch < last.epoch || (beat.epoch === last.epoch && beat.count < last.count)))
        tally.wrong.push(`store: ${JSON.stringify(beat)} after ${JSON.stringify(last)}`)
      last = beat
    },
    // What a call has brought ends with its thread.
    error() {},
  })
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
  leave()
}

const NAMES = Object.keys(OPERATIONS)

/** Does one thing after another, until told to stop; at most `WIDTH` at a time. @returns how many */
export async function runClient(
  use: Omit<Use, 'number'>,
  first: number,
  isOver: () => boolean,
): Promise<number> {
  let number = first
  while (!isOver()) {
    const together = Array.from({ length: use.random.between(1, WIDTH) }, () =>
      OPERATIONS[use.random.pick(NAMES)]?.({ ...use, number: number++ }),
    )
    await Promise.all(together)
    await new Promise((resolve) => setTimeout(resolve, use.random.between(0, 20)))
  }
  return number - first
}

const WIDTH = 6
