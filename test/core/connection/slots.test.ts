/** Whatever a client puts into any slot or field, its type is checked before it is used. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { attach, bgThread } from 'bgthread'
import type { EncodedError } from '../../../src/core/thrown.js'
import * as Wire from '../../../src/core/protocol.js'
import { askForLine, nextMessage, START_INFO, startLine, TOKEN } from '../../support/hostile/client'
import { HostileLogic } from '../../support/hostile/logic'
import { builtIns } from '../../support/hostile/siege'
import { turn, watchUncaught } from '../watch'

/** A few containers, of which a text or a list of all parts has a billion parts. */
function tower(make: (below: unknown) => unknown): unknown {
  let value: unknown = 1
  for (let level = 0; level < 30; level++) value = make(value)
  return value
}

const values: [string, () => unknown][] = [
  ['nested arrays', () => tower((below) => [below, below])],
  ['nested objects', () => tower((below) => ({ a: below, b: below }))],
  ['an object without a text', () => ({ toString: 1, valueOf: 1 })],
  ['an object whose methods are data', () => ({ then: 1, start: {}, length: 1e9, toJSON: [] })],
  ['a long text', () => 'x'.repeat(1_000_000)],
  ['a text that is a name of objects', () => '__proto__'],
  ['an empty text', () => ''],
  ['NaN', () => NaN],
  ['Infinity', () => Infinity],
  ['-Infinity', () => -Infinity],
  ['-0', () => -0],
  ['a negative number', () => -1],
  ['a fraction', () => 0.5],
  ['a number beyond 2 ** 53', () => 1e300],
  ['a bigint', () => 7n],
  ['true', () => true],
  ['null', () => null],
  ['undefined', () => undefined],
  ['a list with a number in it', () => [1]],
  ['a list that is long and empty', () => new Array<unknown>(1e9)],
  ['bytes', () => new Uint8Array(8)],
  ['a date that is none', () => new Date(NaN)],
  ['a Map', () => new Map<unknown, unknown>([['__proto__', tower((below) => [below, below])]])],
  ['a Set', () => new Set<unknown>([[1]])],
  ['an error', () => new RangeError('odd')],
  [
    'own properties with the names of inherited ones',
    () => JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
  ],
]

/** Something that is taken from each value. */
const each = values.map(([what, make]) => [what, make] as const)

async function openLine(port: MessagePort): Promise<MessagePort> {
  const line = await askForLine(port)
  onTestFinished(() => line.close())
  return line
}

function start() {
  const errors = watchUncaught()
  const before = builtIns()
  const owner = bgThread(async () => HostileLogic, {
    name: 'hostile',
    linger: 0,
    onError: (e) => errors.push(e),
  })
  onTestFinished(() => owner.terminate())
  const guest = attach<HostileLogic>(owner.connect(), { linger: 0 })
  onTestFinished(() => guest.terminate())
  const expectUnharmed = async () => {
    expect(await owner.proxy.echo('owner')).toBe('owner')
    expect(await guest.proxy.echo('guest')).toBe('guest')
    expect(await owner.proxy.takeReached()).toEqual([])
    await turn()
    expect(errors).toEqual([])
    expect(builtIns()).toEqual(before)
    expect('polluted' in {}).toBe(false)
  }
  return { owner, expectUnharmed }
}

/** Everything that is sent in one op each, with numbers that are this client's own. */
const OPS: unknown[][] = [
  [Wire.START, 1, START_INFO, 0],
  [Wire.CALL, 10, 70, 1, 5],
  [Wire.CALL, 11, 70, Wire.JSON_ARGS, '[1]'],
  [Wire.CALL, 12, 70, Wire.RICH_ARGS, [1], []],
  [Wire.SUBSCRIBE, 13, 71, 0],
  [Wire.ITERATE, 14, 71, 0],
  [Wire.INVOKE, 15, 1, 0],
  [Wire.NOTHING, 16, 70, 0],
  [Wire.CREDIT, 14, 8, 0],
  [Wire.CANCEL, 10, Wire.RAW, 'reason'],
  [Wire.CANCEL, 10, Wire.ERROR, { type: 'Error', name: 'Error', message: '', stack: '', props: [] }],
  [Wire.END, Wire.DROPPED, Wire.RAW, undefined],
  [Wire.CONNECT, 0, null, 0],
  [Wire.NAME, 70, 'echo', 0],
]
for (let tag = Wire.RETURN; tag <= Wire.LAST; tag++)
  if (!OPS.some(([other]) => other === tag)) OPS.push([tag, 13, 0, 0])

const nameOf = (tag: unknown) =>
  Object.entries(Wire).find(
    ([name, value]) => value === tag && /^[A-Z_]+$/.test(name) && name !== 'CALLBACK',
  )?.[0]

describe('a client that puts anything into a slot harms nobody but itself', () => {
  it.each(OPS.map((op) => [`${nameOf(op[0]) ?? ''} ${String(op[3])}`, op] as const))('%s', async (_, op) => {
    const { owner, expectUnharmed } = start()
    for (let slot = 1; slot < op.length; slot++) {
      const line = await openLine(owner.connect())
      await startLine(line)
      line.postMessage([TOKEN, Wire.NAME, 70, 'echo', 0, Wire.NAME, 71, 'watchRows', 0])
      for (const [, make] of values) {
        const spoilt: unknown[] = [...op]
        spoilt[slot] = make()
        line.postMessage([TOKEN, ...spoilt])
      }
      await expectUnharmed()
    }
  })

  it.each(each)('%s as a message, a token or a tag', async (_, make) => {
    const { owner, expectUnharmed } = start()
    const line = await openLine(owner.connect())
    const send = () => {
      line.postMessage(make())
      line.postMessage([make(), Wire.CALL, 1, 70, 0])
      line.postMessage([TOKEN, make(), 1, 70, 0])
    }
    send()
    await startLine(line)
    send()
    await expectUnharmed()
  })
})

describe('a hole in arguments may have anything in its place', () => {
  it.each(each)('%s', async (_, make) => {
    const { owner, expectUnharmed } = start()
    const line = await openLine(owner.connect())
    await startLine(line)
    line.postMessage([TOKEN, Wire.NAME, 70, 'echo', 0])
    const args = [[], new Map([[tower((below) => [below, below]), 1]]), new Set([1])]
    for (const kind of [Wire.CALLBACK, Wire.SIGNAL, Wire.PROXY])
      for (const container of [args, ...args, make()])
        for (const hole of [
          [make(), 0, kind, 1],
          [container, make(), kind, 1],
          [container, 0, make(), 1],
          [container, 0, kind, make()],
          [container, 0, kind, [make(), 'bgthread:x', 'x']],
          [container, 0, kind, [null, make(), make()]],
          make(),
        ])
          line.postMessage([TOKEN, Wire.CALL, 20, 70, Wire.RICH_ARGS, args, [hole]])
    await expectUnharmed()
  })
})

describe('what introduces a client may be anything', () => {
  const fields = ['name', 'epoch', 'buffer', 'state', 'compute', 'limits', 'lock', 'host'] as const
  it.each(fields)('%s', async (field) => {
    const { owner, expectUnharmed } = start()
    for (const [, make] of values) {
      const line = await openLine(owner.connect())
      line.postMessage([TOKEN, Wire.START, 1, { ...START_INFO, [field]: make() }, 0])
      line.postMessage([TOKEN, Wire.NAME, 70, 'watch', 0, Wire.ITERATE, 2, 70, 0, Wire.CALL, 3, 70, 0])
    }
    await expectUnharmed()
  })

  it('the whole of it', async () => {
    const { owner, expectUnharmed } = start()
    for (const [, make] of values) {
      const line = await openLine(owner.connect())
      line.postMessage([TOKEN, Wire.START, 1, make(), 0])
      line.postMessage([TOKEN, Wire.START, make(), START_INFO, 0])
      line.postMessage([TOKEN, Wire.START, 1, START_INFO, make()])
    }
    await expectUnharmed()
  })
})

describe('what is asked of a page over the port of connect() may be anything', () => {
  it.each(each)('%s', async (_, make) => {
    const { owner, expectUnharmed } = start()
    for (const ask of [make(), { after: make() }, { after: 0, lock: make() }, { lock: make() }]) {
      const port = owner.connect()
      port.start()
      port.postMessage(ask)
    }
    await expectUnharmed()
  })
})

describe('what a client is told over the port of connect() may be anything', () => {
  it.each(each)('%s', async (_, make) => {
    const { expectUnharmed } = start()
    const error: EncodedError = { type: 'Error', name: 'E', message: '', stack: '', props: [] }
    const answers = [
      make(),
      { line: make(), epoch: 1 },
      { epoch: make() },
      { over: make() },
      { over: 'failed', error: make() },
      ...Object.keys(error).map((field) => ({ over: 'failed', error: { ...error, [field]: make() } })),
      { over: 'failed', error: { ...error, errors: make() } },
      { over: 'failed', error: { ...error, cause: make() } },
    ]
    for (const answer of answers) {
      const { port1, port2 } = new MessageChannel()
      const client = attach(port1, { name: 'victim' })
      onTestFinished(() => client.terminate())
      const asked = nextMessage(port2)
      await asked
      port2.postMessage(answer)
    }
    await expectUnharmed()
  })
})

describe('what a thread says first may be anything', () => {
  it.each(each)('%s', async (_, make) => {
    const { expectUnharmed } = start()
    const hellos = [
      make(),
      { bgthread: make() },
      { bgthread: Wire.VERSION, lock: make() },
      { bgthread: Wire.VERSION, ending: make() },
    ]
    for (const hello of hellos) {
      const { port1, port2 } = new MessageChannel()
      const thread = bgThread(() => port1 as unknown as Worker, { name: 'victim', linger: 0 })
      thread.ready.catch(() => {})
      onTestFinished(() => thread.terminate())
      port2.postMessage(hello)
    }
    await expectUnharmed()
  })
})
