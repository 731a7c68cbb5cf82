/** A connection that hears nothing but hostile messages for a while, and what has become of it. */
import type { Remote } from 'bgthread'
import { Fuzzer } from './fuzzer'
import type { HostileLogic } from './logic'
import type { Recording, Side } from './record'

/** The connection, from both of its ends. */
export interface Besieged {
  proxy: Remote<HostileLogic>
  /** What has passed so far, and goes on being recorded. */
  recording: Recording
  /** Says something to a side as if the other had said it. @throws where it cannot be cloned */
  say: Record<Side, (message: unknown) => void>
}

export interface Outcome {
  said: number
  /** Could not be cloned, and was not said. */
  unsaid: number
  /** Calls and streams that ended, though nobody had answered. */
  forged: string[]
  /** What is not as it should be afterwards. */
  wrong: string[]
  /** What was reached of the logic that nobody may reach. */
  reached: string[]
}

/** Numbers that a message may hold by chance. */
const SMALL = 40

/** Messages after which those who are there for it are looked after. */
const WAVE = 50

/**
 * Makes calls and streams wait, says hostile things to one side, and looks whether all of them are as they were, end
 * as they should, and others begin.
 */
export async function besiege(besieged: Besieged, to: Side, count: number, seed: number): Promise<Outcome> {
  const { proxy, recording, say } = besieged
  const outcome: Outcome = { said: 0, unsaid: 0, forged: [], wrong: [], reached: [] }
  const expectSame = (what: string, is: unknown, should: unknown) => {
    if (!Object.is(is, should)) outcome.wrong.push(`${what}: ${String(is)}, not ${String(should)}`)
  }

  // What an honest page says and hears.
  await proxy.echo(1, { a: [1] }, new Date(1))
  await proxy.fail('x').catch(() => {})
  for await (const number of proxy.numbers()) if (number === 1) break
  let letGo!: (value: string) => void
  const gate = new Promise<string>((open) => (letGo = open))

  // Prey: what is said of it may be believed.
  const prey = new Prey(proxy, gate)
  await prey.begin()

  // Small numbers are in many messages: what waits must not have them.
  for (let i = 0; i < SMALL; i++) await proxy.wait(() => i)
  let asked = 0
  const call = proxy.wait(() => {
    asked++
    return gate
  })
  call.then(
    () => outcome.forged.push('call'),
    () => outcome.forged.push('call failed'),
  )
  let last: number | undefined
  const leave = proxy.watch().subscribe({
    next: (value) => (last = value),
    error: () => outcome.forged.push('stream failed'),
    complete: () => outcome.forged.push('stream completed'),
  })
  await proxy.echo('all of that has arrived')
  await until(() => asked === 1 && last !== undefined)

  const fuzzer = new Fuzzer(seed, recording)
  for (let i = 0; i < count; i++) {
    try {
      say[to](fuzzer.next(to))
      outcome.said++
    } catch {
      outcome.unsaid++
    }
    if (i % WAVE === 0) await prey.revive()
  }

  const value = `alive ${seed}`
  expectSame('a call', await proxy.echo(value), value)
  expectSame('calls of a callback', asked, 1)
  const forged = [...outcome.forged]
  letGo('answer')
  expectSame('the answer of the call that waited', await call, 'answer')
  outcome.forged = forged

  const now = await proxy.add(1)
  expectSame('the last snapshot', last, now)
  leave()
  const numbers: number[] = []
  for await (const number of proxy.numbers()) numbers.push(number)
  expectSame('a stream', String(numbers), '0,1,2')
  outcome.reached = await proxy.takeReached()
  await prey.end()
  return outcome
}

/** A stream that is read and a callback that waits, for the one that forges messages about them. */
class Prey {
  #leave = () => {}
  #over = false
  #called: Promise<unknown> | undefined

  constructor(
    private readonly proxy: Remote<HostileLogic>,
    private readonly gate: Promise<unknown>,
  ) {}

  async begin(): Promise<void> {
    this.#read()
    // Patches of many kinds, so that there are some to be spoilt.
    for (let i = 0; i < 12; i++) await this.proxy.change()
    this.#called = this.proxy.hold(() => this.gate)
    await this.proxy.echo('it is held')
  }

  /** Reads again what was said to have ended, and lets the real snapshots come in between. */
  async revive(): Promise<void> {
    if (this.#over) this.#read()
    await this.proxy.change()
  }

  async end(): Promise<void> {
    this.#leave()
    await this.#called
  }

  #read(): void {
    this.#over = false
    const end = () => (this.#over = true)
    this.#leave = this.proxy.watchRows().subscribe({ next() {}, error: end, complete: end })
  }
}

/** Waits for what is going to be. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve))
}

/** Names and values of what all objects inherit. */
export function builtIns(): unknown[] {
  return [Object, Array, Function, Error, Map, Set, Date, Promise, RegExp].flatMap(({ prototype }) =>
    Reflect.ownKeys(prototype).map((key) => Object.getOwnPropertyDescriptor(prototype, key)?.value),
  )
}
