/** What can happen to a thread, done to the real one and to the model. */
import fc from 'fast-check'
import { expect, vi } from 'vitest'
import { WINDOW } from '../../src/core/flow.js'
import { turn } from '../core/watch'
import type { Model } from './model'
import { LINGER, MOMENT, TOPICS, type Fate, type Kind, type Saving, type Setting, type Topic } from './words'
import type { World } from './world'

type Step = fc.AsyncCommand<Model, World>

class Command implements Step {
  constructor(
    private readonly name: string,
    private readonly act: (model: Model, world: World) => void | Promise<void>,
    private readonly may: (model: Model) => boolean = () => true,
  ) {}
  check(model: Readonly<Model>): boolean {
    return this.may(model as Model)
  }
  async run(model: Model, world: World): Promise<void> {
    await this.act(model, world)
    // What promises have to say is said within the task.
    for (let i = 0; i < 20; i++) await undefined
  }
  toString(): string {
    return this.name
  }
}

/** Tasks that anything may take to arrive. */
const PATIENCE = 1_000

/** Waits until the world is as the model says, and sees that it stays so. */
export async function settle(model: Model, world: World): Promise<void> {
  model.settle()
  const expected = JSON.stringify(model.look())
  const isAsExpected = () => JSON.stringify(world.look()) === expected
  for (let i = 0; i < PATIENCE && (world.isBehind || !isAsExpected()); i++) {
    await turn()
    if (world.noticed < world.deaths) await notice(world)
  }
  for (let i = 0; i < 3; i++) await turn()
  if (!isAsExpected()) expect(world.look()).toEqual(model.look())
  for (const [at, count] of model.counted()) expect(world.counted(at)).toBe(count)
}

/** Long enough to notice a death. */
async function notice(world: World): Promise<void> {
  world.noticed = world.deaths
  for (let i = 0; i < 10; i++) await turn()
  vi.advanceTimersByTime(MOMENT)
}

async function pass(beats: number, model: Model, world: World): Promise<void> {
  for (let beat = 0; beat < beats; beat++) {
    await settle(model, world)
    model.pass()
    world.pass()
  }
  await settle(model, world)
}

const topic = fc.constantFrom<Topic>(...TOPICS)
/** One of those there are. */
const pick = fc.nat(1_000)
const at = (from: number, list: { length: number }) => from % list.length

type Side = Model | World
type May = (model: Model) => boolean

const one = (name: string, act: (side: Side) => void, may?: May) =>
  fc.constant<Step>(
    new Command(
      name,
      (model, world) => {
        act(model)
        act(world)
      },
      may,
    ),
  )

const some = <T extends string>(
  name: string,
  among: readonly T[],
  act: (side: Side, choice: T) => void,
): fc.Arbitrary<Step> =>
  fc.constantFrom(...among).map(
    (choice) =>
      new Command(`${name} ${choice}`, (model, world) => {
        act(model, choice)
        act(world, choice)
      }),
  )

const abortable = (model: Model) =>
  [...model.calls.all].flatMap(([id, { signal, text }]) => (signal && text === 'pending' ? [id] : []))
const waiting = (model: Model) =>
  [...model.calls.all].flatMap(([id, { runs, text }]) => (runs && text === 'pending' ? [id] : []))
const lent = (model: Model) =>
  [...model.calls.all].flatMap(([id, { callback }]) => (callback?.lent ? [id] : []))
const kept = (model: Model) =>
  [...model.calls.all].flatMap(([id, { callback }]) => (callback?.kept ? [id] : []))
const reading = (model: Model) => [...model.readers.all.keys()].filter((at) => model.readers.all[at]!.reads)
const tied = (model: Model) =>
  [...model.readers.all.keys()].filter((at) => {
    const state = model.readers.all[at]?.tie?.state
    return state === 'called' || state === 'held'
  })
/** The last call it was to finish before its end is done: what it says now is for nobody. */
const isStopping = (model: Model) =>
  model.state === 'closing' && model.way.spoke && waiting(model).length === 0
const acts = (model: Model) => model.acts && !isStopping(model)
/** What it has just called is not answered in time, where it ends at once. */
const mayOpen = (model: Model) => acts(model) && !(model.state === 'closing' && model.way.rang)

const ask = (model: Model, world: World, kind: Kind, signal = false) =>
  world.call(model.call(kind, signal), kind, signal)
const emitMany = (model: Model, world: World, topic: Topic, count: number) => {
  for (let i = 0; i < count; i++) {
    const value = ++model.lastValue
    model.emit(topic, value)
    world.emit(topic, value)
  }
}

const call = fc
  .tuple(fc.constantFrom<Kind>('give', 'fail', 'wait', 'wait', 'ask', 'lend', 'keep', 'borrow'), fc.boolean())
  .map(
    ([kind, signal]): Step =>
      new Command(`${kind}${signal && kind === 'wait' ? ' with signal' : ''}`, (model, world) =>
        ask(model, world, kind, signal),
      ),
  )
const set = topic.map(
  (topic): Step =>
    new Command(`set ${topic}`, (model, world) => {
      const value = ++model.lastValue
      world.set(model.set(topic, value), topic, value)
    }),
)
/** @param most emitted at once */
const emit = (most: number) =>
  fc
    .tuple(topic, fc.integer({ min: 1, max: most }))
    .map(
      ([topic, count]): Step =>
        new Command(`emit ${topic} ${count}`, (model, world) => emitMany(model, world, topic, count), acts),
    )
const subscribe = topic.map(
  (topic): Step =>
    new Command(`subscribe ${topic}`, (model, world) => {
      model.subscribe(topic)
      world.subscribe(topic)
      // A late reader is shown the last snapshot before it returns.
      expect(world.readers.at(-1)!.value).toEqual(model.readers.all.at(-1)!.value)
    }),
)

/** Does something to one of those that `among` finds, perhaps more than once. */
const toOne = (
  name: string,
  among: (model: Model) => readonly number[],
  act: (side: Side, one: number) => void,
  may: May = () => true,
  times: readonly number[] = [1],
) =>
  fc.tuple(pick, fc.constantFrom(...times)).map(
    ([from, times]): Step =>
      new Command(
        `${name} ${from}${times > 1 ? ` × ${times}` : ''}`,
        (model, world) => {
          const list = among(model)
          const chosen = list[at(from, list)]!
          for (let i = 0; i < times; i++) {
            act(model, chosen)
            act(world, chosen)
          }
        },
        (model) => among(model).length > 0 && may(model),
      ),
  )

const loops = (model: Model) => [...model.loops.keys()]
const beats = (most: number) => fc.integer({ min: 1, max: most })
const wait = beats(6).map(
  (beats): Step => new Command(`wait ${beats}`, (model, world) => pass(beats, model, world)),
)

const wake = one(
  'wake',
  (side) => side.wake(),
  (model) => model.exists && model.deaf,
)
/** As many as are granted at a time, and more. */
const take = toOne(
  'take',
  (model) => loops(model).filter((at) => model.loops[at]!.values.length >= WINDOW / 2),
  (side, at) => side.next(at),
  undefined,
  [WINDOW / 2 + 8],
)
/** A hang is noticed while somebody waits. */
const hangAwaited = fc.tuple(beats(5), fc.boolean()).map(
  ([beats, wakes]): Step =>
    new Command(
      `hang, give, wait ${beats}${wakes ? ', wake, wait 1' : ''}`,
      async (model, world) => {
        model.hang()
        world.hang()
        ask(model, world, 'give')
        await pass(beats, model, world)
        if (!wakes || !model.exists || !model.deaf) return
        model.wake()
        world.wake()
        await pass(1, model, world)
      },
      (model) => model.acts && !model.way.spoke,
    ),
)
/** What it says while it is asked for its state is heard or not, as it comes. */
const mayRestart = (model: Model) => !(model.way.rang && model.willSave)
const restartAndWait = fc.tuple(fc.constantFrom<Saving>('good', 'throws', 'never'), beats(4)).map(
  ([saving, beats]): Step =>
    new Command(
      `save ${saving}, restart, wait ${beats}`,
      (model, world) => {
        for (const side of [model, world]) {
          side.save(saving)
          side.restart()
        }
        return pass(beats, model, world)
      },
      mayRestart,
    ),
)
/** An end waits for those who wait. */
const closeAwaited = beats(5).map(
  (beats): Step =>
    new Command(`wait, close, wait ${beats}`, async (model, world) => {
      ask(model, world, 'wait')
      await settle(model, world)
      if (model.way.opens) return
      model.close()
      world.close()
      await pass(beats, model, world)
    }),
)
/** More than a loop has credit for, perhaps more than may wait for it. */
const overrun = fc.tuple(topic, fc.integer({ min: 60, max: 100 })).map(
  ([topic, count]): Step =>
    new Command(`begin, next, emit ${topic} ${count}`, async (model, world) => {
      const at = model.loops.length
      for (const side of [model, world]) {
        side.begin(topic)
        side.next(at)
      }
      await settle(model, world)
      if (acts(model)) emitMany(model, world, topic, count)
    }),
)

const times = <T>(count: number, steps: readonly T[]): T[] =>
  Array.from({ length: count }, () => steps).flat()

/** @param most commands in a sequence */
export function sequences(most: number): fc.Arbitrary<Iterable<Step>> {
  const often = [
    call,
    call,
    set,
    emit(2),
    subscribe,
    toOne('abort', abortable, (side, id) => side.abort(id)),
    toOne('open', waiting, (side, id) => side.open(id), mayOpen),
    toOne('ring', lent, (side, id) => side.ring(id), acts),
    toOne('next', loops, (side, at) => side.next(at), undefined, [1, 1, 40]),
    fc.constant<Step>(new Command('settle', settle)),
    fc.constant<Step>(new Command('settle', settle)),
    wait,
  ]
  const seldom = [
    overrun,
    hangAwaited,
    ...times(4, [wake]),
    restartAndWait,
    take,
    take,
    some('begin', [...TOPICS, 'count'] as const, (side, topic) => side.begin(topic)),
    some('begin', [...TOPICS, 'count'] as const, (side, topic) => side.begin(topic)),
    some('tie', TOPICS, (side, topic) => side.tie(topic)),
    toOne('cut', tied, (side, at) => side.cut(at)),
    toOne('release', kept, (side, id) => side.release(id), acts),
    toOne('leave', reading, (side, at) => side.unsubscribe(at)),
    toOne('leave', reading, (side, at) => side.unsubscribe(at)),
    toOne('return', loops, (side, at) => side.return(at)),
    some<Saving>('save', ['good', 'throws', 'never', 'never'], (side, saving) => side.save(saving)),
    some<Fate>('plan', ['good', ...BAD], (side, fate) => side.plan(fate)),
    some<Fate>('plan', ['good', ...BAD], (side, fate) => side.plan(fate)),
    one(
      'hang',
      (side) => side.hang(),
      (model) => model.acts && !model.way.spoke,
    ),
    one('restart', (side) => side.restart(), mayRestart),
    one(
      'die',
      (side) => side.die(),
      (model) => model.exists && !model.way.spoke,
    ),
  ]
  const rarely = [
    closeAwaited,
    one(
      'close',
      (side) => side.close(),
      (model) => !model.way.opens,
    ),
    fc.constant<Step>(
      new Command('terminate', (model, world) => {
        model.terminate()
        world.thread.terminate()
      }),
    ),
  ]
  const steps = [...times(12, often), ...times(6, seldom), ...rarely] as fc.Arbitrary<Step>[]
  return fc.commands(steps, { maxCommands: most, size: 'max' })
}

const BAD: Fate[] = ['refused', 'throws', 'silent', 'dies']

/** How a page may have set up its thread. */
export const settings: fc.Arbitrary<Setting> = fc.record({
  linger: fc.constantFrom(0, LINGER),
  onHang: fc.constantFrom('report', 'restart'),
  limits: fc.constantFrom(
    { calls: 1_000, subscriptions: 1_000 },
    { calls: 1_000, subscriptions: 1_000 },
    { calls: 4, subscriptions: 3 },
  ),
  fate: fc.constantFrom<Fate>(...Array.from({ length: 16 }, (): Fate => 'good'), ...BAD),
})
