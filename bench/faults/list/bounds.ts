import type { Fault } from '../fault.js'
import { postJunk } from '../junk.js'
import type { Loose, Started } from '../subject.js'
import { isRight, type Trial } from '../trial.js'
import { delay, until, Watched } from '../watched.js'

/** How long something forbidden may take to be answered, in ms. */
const SOON = 500

/** Messages that are nobody's, while a call is pending. */
const junk = (id: string, title: string, post: (thread: Started, trial: Trial) => unknown): Fault => ({
  id,
  group: 'bounds',
  title,
  async run(trial) {
    const thread = await trial.open()
    const call = trial.watch(() => thread.calls.pause(300))
    await delay(50)
    post(thread, trial)
    return await trial.conclude(call, thread)
  },
})

/** Tries something that may be refused in any way; gives what it gave, if it did. */
async function attempt(make: () => unknown): Promise<unknown> {
  const call = new Watched(async () => await make())
  const end = await call.outcome(SOON)
  return end.how === 'resolves' ? call.value : undefined
}

/** A call, or a question for a property, of a name that TypeScript would refuse. */
const read = (thread: Started, name: string) => attempt(() => (thread.loose as Loose)[name])
const call = (thread: Started, name: string, ...args: unknown[]) =>
  attempt(() => ((thread.loose as Loose)[name] as Loose)(...args))

const hidden = {
  'a field': async (thread: Started) => (await read(thread, 'field')) === 'of a field',
  'an accessor': async (thread: Started) => (await read(thread, 'accessor')) === 'of an accessor',
  'an `_underscored` method': async (thread: Started) =>
    (await call(thread, '_underscored')) === 'of an underscored method',
  'a `protected` method': async (thread: Started) =>
    (await call(thread, 'internal')) === 'of a protected method',
  "`Object`'s methods": async (thread: Started) => (await call(thread, 'hasOwnProperty', 'field')) === true,
}

const reach: Fault = {
  id: 'reach',
  group: 'bounds',
  title: 'a client asks for what is no public method',
  async run(trial) {
    const thread = await trial.open()
    const reached: string[] = []
    for (const [name, isReached] of Object.entries(hidden)) if (await isReached(thread)) reached.push(name)
    const next = await trial.watch(() => thread.calls.add(1, 2)).outcome(trial.bound)
    return { found: reached.length > 0 ? `reaches ${reached.join(', ')}` : 'reaches nothing', next }
  },
}

/** The object behind some steps from the proxy, as far as there is one. */
const walk = (from: object, ...names: string[]) =>
  names.reduce((object, name) => object[name] as Loose, from as Loose)

const inject: Fault = {
  id: 'inject',
  group: 'bounds',
  title: 'a client tries to run code in the thread, through `constructor`',
  async run(trial) {
    const thread = await trial.open()
    const code = 'self.injected = "document" in self ? undefined : true'
    await attempt(async () => {
      const made = (await new (walk(thread.loose, 'constructor', 'constructor'))(code)) as Loose
      await made()
    })
    await attempt(() => walk(thread.loose, 'add', 'constructor')(code))
    await attempt(() => walk(thread.loose, 'add', 'constructor')(code)())
    return await harmDone(thread, trial)
  },
}

const pollute: Fault = {
  id: 'pollute',
  group: 'bounds',
  title: "a client tries to pollute the thread's `Object.prototype`",
  async run(trial) {
    const thread = await trial.open()
    // However long the chain is.
    const chains = Array.from({ length: 5 }, (_, i) => Array<string>(i + 1).fill('__proto__'))
    for (const path of chains.concat(chains.map((chain) => ['constructor', 'prototype'].concat(chain)))) {
      await attempt(() => void ((walk(thread.loose, ...path) as { polluted?: unknown }).polluted = true))
      // A proxy may give objects of the page itself, and a page may do with these what it likes: no fault of anybody.
      delete (Object.prototype as { polluted?: unknown }).polluted
    }
    await attempt(() => thread.calls.take(JSON.parse('{ "__proto__": { "polluted": true } }')))
    await attempt(() =>
      thread.calls.take(JSON.parse('{ "constructor": { "prototype": { "polluted": true } } }')),
    )
    return await harmDone(thread, trial)
  },
}

/** What the thread itself says was done to it. */
async function harmDone(thread: Started, trial: Trial) {
  await delay(50)
  const question = trial.watch(() => thread.calls.harm())
  const answer = await question.outcome(trial.bound)
  const next = await trial.watch(() => thread.calls.add(1, 2)).outcome(trial.bound)
  if (answer.how !== 'resolves') return { found: 'the thread cannot tell what has happened', next }
  return { found: String(question.value) || 'nothing happens', next }
}

const replace: Fault = {
  id: 'replace',
  group: 'bounds',
  title: "a client sets a property over one of the logic's methods",
  async run(trial) {
    const thread = await trial.open()
    await attempt(() => void ((thread.loose as { add?: unknown }).add = 'no method'))
    await delay(50)
    const next = await trial.watch(() => thread.calls.add(1, 2)).outcome(trial.bound)
    return { found: isRight(next) ? 'nothing happens' : 'the method is gone', next }
  },
}

const late: Fault = {
  id: 'late-callback',
  group: 'bounds',
  title: 'the thread calls a callback whose call is over',
  async run(trial) {
    const thread = await trial.open()
    await thread.hold((text) => `heard ${text}`)
    await delay(50)
    return await trial.conclude(
      trial.watch(() => thread.calls.callHeld()),
      thread,
    )
  },
}

/** Snapshots that the thread emits while the page is blocked, and how many in each of its tasks. */
const FLOOD = 10_000
const PER_TASK = 10

/** How long the page is blocked, in ms: longer than the thread needs. */
const BLOCKED = 2_000

const flood: Fault = {
  id: 'flood',
  group: 'bounds',
  title: `the page is blocked while the thread emits ${FLOOD.toLocaleString('en')} snapshots`,
  async run(trial) {
    const thread = await trial.open()
    const heard = { times: 0, last: 0, at: 0 }
    await thread.watch(({ count }) => {
      heard.times++
      heard.last = count
      heard.at = performance.now()
    })
    const burst = trial.watch(() => thread.calls.burst(FLOOD, PER_TASK))
    await delay(20)
    const before = heard.times
    const end = performance.now() + BLOCKED
    while (performance.now() < end);
    await burst.outcome(trial.bound)
    await until(() => heard.last === FLOOD, trial.bound)
    const next = await trial.watch(() => thread.calls.add(1, 2)).outcome(trial.bound)
    if (heard.last !== FLOOD) return { found: 'the newest is never heard', next }
    return { numbers: { waiting: heard.times - before, ms: heard.at - end }, next }
  },
  say: ({ waiting = 0, ms = 0 }) =>
    `${waiting.toLocaleString('en')} wait for it; the newest is heard after ${ms.toLocaleString('en')} ms`,
}

export const boundFaults: Fault[] = [
  junk('junk-to-page', "malformed messages reach the page's side", ({ calls }, trial) =>
    trial.watch(() => calls.chatter()),
  ),
  junk('junk-to-thread', "malformed messages reach the thread's side", (thread) =>
    postJunk(thread.endpoint()),
  ),
  late,
  reach,
  inject,
  pollute,
  replace,
  flood,
]
