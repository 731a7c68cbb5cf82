/** What can happen to a thread, done to the real one and to the model. */
import fc from 'fast-check'
import { expect } from 'vitest'
import { turn } from '../core/watch'
import type { Model } from './model'
import { TOPICS, type Topic, type World } from './world'

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
  for (let i = 0; i < PATIENCE && JSON.stringify(world.look()) !== expected; i++) await turn()
  for (let i = 0; i < 3; i++) await turn()
  expect(world.look()).toEqual(model.look())
}

const topic = fc.constantFrom<Topic>(...TOPICS)
/** One of those there are. */
const pick = fc.nat(1_000)
const at = (from: number, list: { length: number }) => from % list.length

const one = (name: string, act: (model: Model, world: World) => void, may?: (model: Model) => boolean) =>
  fc.constant<Step>(new Command(name, act, may))

const abortable = (model: Model) =>
  [...model.calls].flatMap(([id, { signal, text }]) => (signal && text === 'pending' ? [id] : []))
const waiting = (model: Model) => [...model.calls].flatMap(([id, { waits }]) => (waits ? [id] : []))
const reading = (model: Model) => [...model.readers.keys()].filter((at) => model.readers[at]!.reads)
const lives = (model: Model) => model.ready && !model.dead
/** The last call it was to finish before its end is done: what it emits now is for nobody. */
const isStopping = (model: Model) => model.state === 'closing' && model.spoke && waiting(model).length === 0

const call = fc
  .tuple(fc.constantFrom('give', 'fail', 'wait', 'wait'), fc.boolean())
  .map(
    ([how, signal]): Step =>
      new Command(`${how}${signal ? ' with signal' : ''}`, (model, world) =>
        world.call(model.call(how, signal), how, signal),
      ),
  )
const set = topic.map(
  (topic): Step =>
    new Command(`set ${topic}`, (model, world) => {
      const value = ++model.lastValue
      world.set(model.set(topic, value), topic, value)
    }),
)
const emit = topic.map(
  (topic): Step =>
    new Command(
      `emit ${topic}`,
      (model, world) => {
        const value = ++model.lastValue
        model.emit(topic, value)
        world.emit(topic, value)
      },
      (model) => lives(model) && !isStopping(model),
    ),
)
const subscribe = topic.map(
  (topic): Step =>
    new Command(`subscribe ${topic}`, (model, world) => {
      model.subscribe(topic)
      world.subscribe(topic)
      // A late reader is shown the last snapshot before it returns.
      expect(world.readers.at(-1)!.value).toEqual(model.readers.at(-1)!.value)
    }),
)
const begin = topic.map(
  (topic): Step =>
    new Command(`begin ${topic}`, (model, world) => {
      model.begin(topic)
      world.begin(topic)
    }),
)

/** Does something to one of those that `among` finds. */
const toOne = (
  name: string,
  among: (model: Model) => readonly number[],
  act: (side: Model | World, one: number) => void,
  may: (model: Model) => boolean = () => true,
) =>
  pick.map(
    (from): Step =>
      new Command(
        `${name} ${from}`,
        (model, world) => {
          const list = among(model)
          const chosen = list[at(from, list)]!
          act(model, chosen)
          act(world, chosen)
        },
        (model) => among(model).length > 0 && may(model),
      ),
  )

const loops = (model: Model) => [...model.loops.keys()]
const both = (name: 'restart' | 'close', may?: (model: Model) => boolean) =>
  one(
    name,
    (model, world) => {
      model[name]()
      world[name]()
    },
    may,
  )

/** @param most commands in a sequence */
export function sequences(most: number): fc.Arbitrary<Iterable<Step>> {
  const often = [
    call,
    set,
    emit,
    subscribe,
    toOne('abort', abortable, (side, id) => side.abort(id)),
    toOne('open', waiting, (side, id) => side.open(id), lives),
    toOne('next', loops, (side, at) => side.next(at)),
    fc.constant<Step>(new Command('settle', settle)),
    fc.constant<Step>(new Command('settle', settle)),
  ]
  const seldom = [
    begin,
    toOne('leave', reading, (side, at) => side.unsubscribe(at)),
    toOne('return', loops, (side, at) => side.return(at)),
    both('restart'),
    one(
      'die',
      (model, world) => {
        model.die()
        world.die()
      },
      (model) => lives(model) && !model.spoke,
    ),
  ]
  const rarely = [
    both('close'),
    one('terminate', (model, world) => {
      model.terminate()
      world.thread.terminate()
    }),
  ]
  const times = (count: number, steps: readonly unknown[]) =>
    Array.from({ length: count }, () => steps).flat()
  const steps = [...times(4, often), ...times(6, seldom), ...rarely] as fc.Arbitrary<Step>[]
  return fc.commands(steps, { maxCommands: most, size: 'max' })
}
