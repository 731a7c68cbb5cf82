/** Messages that say little and ask for much, or for what could never be said back. */
import { describe, expect, it } from 'vitest'
import * as Wire from '../../../src/core/protocol.js'
import { connect, TOKEN, type Pair } from '../pair'
import { turn } from '../watch'
import { App } from './app'

/** So long that whoever goes through it, or through all that it stands for, hangs. */
const HUGE = 1e9

const sparse = (...items: unknown[]) => Object.assign(new Array<unknown>(HUGE), items)

/** A few arrays of which the same text would have a billion letters. */
function nested(levels = 30): unknown[] {
  let value: unknown[] = [1]
  for (let level = 0; level < levels; level++) value = [value, value]
  return value
}

const error = { type: 'Error', name: 'Error', message: '', stack: '', props: [] }

/** An error that is the cause of itself in so many ways. */
function causes(levels = 30): object {
  let value: object = error
  for (let level = 0; level < levels; level++)
    value = {
      ...error,
      cause: { error: value },
      errors: [{ error: value }],
      props: [['same', { error: value }]],
    }
  return value
}

async function expectAlive({ proxy, page }: Pair): Promise<void> {
  const seen: unknown[] = []
  const leave = page.asker.call('watch', []).subscribe((value) => seen.push(value))
  expect(await proxy.still?.()).toBe('still')
  const now = (await proxy.add?.(1)) as number
  expect(await proxy.still?.()).toBe('still')
  expect(seen.at(-1)).toBe(now)
  leave()
}

const called = (name: string, ...op: unknown[]) => [TOKEN, Wire.NAME, 70, name, 0, ...op]

describe('the thread is not kept busy by a short message', () => {
  it.each<[string, () => unknown[]]>([
    [
      'with more arguments than it has slots',
      () => {
        const message = called('add', Wire.CALL, 5_000, 70, HUGE)
        message.length += HUGE
        return message
      },
    ],
    [
      'with an empty list of arguments',
      () => called('add', Wire.CALL, 5_000, 70, Wire.RICH_ARGS, sparse(), []),
    ],
    ['with a list that begins', () => called('add', Wire.CALL, 5_000, 70, Wire.RICH_ARGS, sparse(1, 2), [])],
    ['with holes that are none', () => called('alive', Wire.CALL, 5_000, 70, Wire.RICH_ARGS, [], sparse())],
    [
      'with a hole far away',
      () => {
        const args: unknown[] = []
        return called('add', Wire.CALL, 5_000, 70, Wire.RICH_ARGS, args, [[args, HUGE, Wire.CALLBACK, 1]])
      },
    ],
    [
      'with a hole whose place is a long text',
      () => called('alive', Wire.CALL, 5_000, 70, Wire.RICH_ARGS, [], [[{}, nested(), Wire.CALLBACK, 1]]),
    ],
    [
      'with arguments to be read as text',
      () => called('add', Wire.CALL, 5_000, 70, Wire.JSON_ARGS, nested()),
    ],
    ['with a reason of many causes', () => [TOKEN, Wire.CANCEL, 5_000, Wire.ERROR, causes()]],
    [
      'with a reason of no errors',
      () => [TOKEN, Wire.CANCEL, 5_000, Wire.ERROR, { ...error, errors: sparse() }],
    ],
    ['with a number that is a long text', () => [TOKEN, Wire.HERE, 1, 0, nested()]],
    ['with an id that is a long text', () => [TOKEN, Wire.LOST, nested(), 0, 0]],
    [
      'with a hole for each member of a set',
      () => {
        const set = new Set(Array.from({ length: 100_000 }, (_, n) => n))
        const holes = [...set].map((n) => [set, n, Wire.CALLBACK, n])
        return called('alive', Wire.CALL, 5_000, 70, Wire.RICH_ARGS, [set], holes)
      },
    ],
    [
      'with a result that cannot be cloned, under a key that is a long text',
      () => {
        const map = new Map<unknown, unknown>([[nested(), null]])
        const [key] = map.keys()
        return called('echo', Wire.CALL, 5_000, 70, Wire.RICH_ARGS, [map], [[map, key, Wire.CALLBACK, 1]])
      },
    ],
    ['with a name that is a long slip', () => called('still'.repeat(200_000), Wire.CALL, 5_000, 70, 0)],
    ['with a great credit', () => [TOKEN, Wire.CREDIT, 5_000, HUGE, 0]],
  ])('%s', async (_, make) => {
    const pair = await connect(new App())
    pair.forge.thread(make())
    await expectAlive(pair)
  })
})

describe('the page is not kept busy by a short message', () => {
  it.each<[string, unknown, unknown]>([
    ['of many causes', Wire.ERROR, causes()],
    ['of no errors', Wire.ERROR, { ...error, errors: sparse() }],
    ['of no properties', Wire.ERROR, { ...error, props: sparse() }],
    ['with none inside', Wire.ERROR, { ...error, inside: sparse() }],
    ['with many of many causes inside', Wire.ERROR, { ...error, inside: [[{}, 'a', 0, causes()]] }],
    ['with one far inside', Wire.ERROR, { ...error, inside: [[[], HUGE, 0, error]] }],
    ['with one inside at a long text', Wire.ERROR, { ...error, inside: [[{}, nested(), 0, error]] }],
    ['with a property that is a long text', Wire.ERROR, { ...error, props: [[nested(), { value: 1 }]] }],
    ['with a message that is a long text', Wire.ERROR, { ...error, message: nested() }],
    ['with a stack that is a long text', Wire.ERROR, { ...error, stack: nested() }],
    [
      'of the DOM, with a name that is a long text',
      Wire.ERROR,
      { ...error, type: 'DOMException', name: nested() },
    ],
    ['of as many errors as it has bytes', Wire.ERROR, { ...error, errors: new Uint8Array(2 ** 26) }],
    ['to be read as text', Wire.JSON_TEXT, nested()],
  ])('about an error %s', async (_, form, payload) => {
    const pair = await connect(new App())
    pair.forge.page([TOKEN, Wire.UNCAUGHT, 0, form, payload])
    await expectAlive(pair)
  })
})

describe('what cannot be said back is not taken', () => {
  it.each<[string, () => unknown[]]>([
    [
      'an id that became a function',
      () => {
        const id = {}
        return called('alive', Wire.CALL, id, 70, Wire.RICH_ARGS, [id], [[id, 'it', Wire.CALLBACK, 1]])
      },
    ],
    [
      'a question that became a function',
      () => {
        const doubt = {}
        return called(
          'add',
          Wire.CALL,
          5_000,
          70,
          Wire.RICH_ARGS,
          [doubt],
          [[doubt, 'it', Wire.CALLBACK, 1]],
          Wire.PING,
          0,
          doubt,
          0,
        )
      },
    ],
    [
      'a callback that is what it was passed in',
      () => {
        const reference = {}
        const holes = [
          [reference, 'it', Wire.CALLBACK, 1],
          [[], 0, Wire.CALLBACK, reference],
        ]
        const args: unknown[] = [reference]
        holes.push([args, 0, Wire.CALLBACK, reference])
        return called('wait', Wire.CALL, 5_000, 70, Wire.RICH_ARGS, args, holes)
      },
    ],
    [
      'an id further on in the message',
      () => {
        const message: unknown[] = called('alive', Wire.CALL, 5_000, 70, Wire.RICH_ARGS, [])
        message.push([[message, message.length + 2, Wire.CALLBACK, 1]], Wire.CALL, 5_001, 70, 0)
        return message
      },
    ],
  ])('%s', async (_, make) => {
    const pair = await connect(new App())
    pair.forge.thread(make())
    await turn()
    await expectAlive(pair)
  })
})

it('what was asked twice under one number is done once, and leaves nothing behind', async () => {
  let made = 0
  let open = 0
  class Watched {
    watch() {
      made++
      return {
        subscribe() {
          open++
          return () => void open--
        },
      }
    }
    alive() {
      return 'alive'
    }
  }
  const { forge, proxy } = await connect(Watched)
  const subscribe = [Wire.SUBSCRIBE, 5_000, 70, 0]
  const call = [Wire.CALL, 5_001, 70, 0]
  forge.thread(called('watch', ...subscribe, ...subscribe, Wire.ITERATE, 5_000, 70, 0, ...call, ...call))
  await proxy.alive?.()
  expect({ made, open }).toEqual({ made: 2, open: 1 })
  forge.thread([TOKEN, Wire.UNSUBSCRIBE, 5_000, 0, 0, Wire.LET_GO, 5_001, 0, 0])
  await proxy.alive?.()
  expect({ made, open }).toEqual({ made: 2, open: 0 })
})
