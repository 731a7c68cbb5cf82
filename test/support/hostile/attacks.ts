/** Ops that a client may send as fast as it can, each with a number of its own where that matters. */
import * as Wire from '../../../src/core/protocol.js'
import { TOKEN } from './client'

const NAMES = ['echo', 'forever', 'wait', 'watchRows', 'watchTicks', 'numbers']
const number = (name: string) => NAMES.indexOf(name)

let id = 100
let transfer: Transferable[] = []

const ATTACKS: Record<string, () => unknown[]> = {
  START: () => [Wire.START, id++, { name: 'x', epoch: 1, buffer: 8 }, 0],
  'CALL of nothing': () => [Wire.CALL, id++, 99, 0],
  'CALL that is answered': () => [Wire.CALL, id++, number('echo'), 1, 1],
  'CALL with a value': () => [Wire.CALL, id++, number('echo'), 1, { a: [1, 2, 3] }],
  'CALL that waits': () => [Wire.CALL, id++, number('forever'), 0],
  'CALL with a text': () => [Wire.CALL, id++, number('forever'), 1, 'x'.repeat(1_000)],
  'CALL of a stream': () => [Wire.CALL, id++, number('watchRows'), 0],
  'CALL with a callback': () => {
    const args = [null]
    return [Wire.CALL, id, number('wait'), Wire.RICH_ARGS, args, [[args, 0, Wire.CALLBACK, id++]]]
  },
  'SUBSCRIBE to rows': () => [Wire.SUBSCRIBE, id++, number('watchRows'), 0],
  'SUBSCRIBE and UNSUBSCRIBE': () => [
    Wire.SUBSCRIBE,
    id,
    number('watchRows'),
    0,
    Wire.UNSUBSCRIBE,
    id++,
    0,
    0,
  ],
  'ITERATE of a state': () => [Wire.ITERATE, id++, number('watchTicks'), 0],
  'ITERATE of a generator': () => [Wire.ITERATE, id++, number('numbers'), 0],
  INVOKE: () => [Wire.INVOKE, id++, 1, 0],
  NOTHING: () => [Wire.NOTHING, id++, 0, 0],
  NAME: () => [Wire.NAME, id++, `a name that is not short, ${id}`, 0],
  ACKNOWLEDGE: () => [Wire.ACKNOWLEDGE, 50, 0, 0],
  WHOLE: () => [Wire.WHOLE, 50, 0, 0, Wire.ACKNOWLEDGE, 50, 0, 0],
  'WHOLE of nothing': () => [Wire.WHOLE, id++, 0, 0],
  CREDIT: () => [Wire.CREDIT, 51, 64, 0],
  UNSUBSCRIBE: () => [Wire.UNSUBSCRIBE, id++, 0, 0],
  LET_GO: () => [Wire.LET_GO, id++, 0, 0],
  CANCEL: () => [Wire.CANCEL, id++, Wire.RAW, 'reason'],
  KEEP: () => [Wire.KEEP, id++, 0, 0],
  RELEASE: () => [Wire.RELEASE, id++, 0, 0],
  CLOSE: () => [Wire.CLOSE, id++, 0, 0],
  UNCAUGHT: () => [Wire.UNCAUGHT, id++, Wire.RAW, 1],
  LOCKED: () => [Wire.LOCKED, id++, `bgthread:${id}`, 0],
  PING: () => [Wire.PING, 0, 1, 0],
  HERE: () => [Wire.HERE, (id += 1_000), 1, 0],
  LOST: () => [Wire.LOST, id++, 0, 0],
  COMPLETE: () => [Wire.HERE, id + 1_000, 1, 0, Wire.COMPLETE, id++, 0, 0],
  CONNECT: () => {
    const { port1, port2 } = new MessageChannel()
    // A port that is not read is kept, with the hello that it was sent.
    port2.start()
    transfer.push(port1)
    return [Wire.CONNECT, 0, port1, 0]
  },
  END: () => [Wire.END, 9, Wire.RAW, 0],
  'no op': () => [99, 0, 0, 0],
}
const { RETURN, THROW, RETURN_STREAM, SNAPSHOT, PATCH, VALUE, FAIL } = Wire
for (const [name, tag] of Object.entries({ RETURN, THROW, RETURN_STREAM, SNAPSHOT, PATCH, VALUE, FAIL }))
  ATTACKS[name] = () => [tag, id++, Wire.RAW, 0]

export const attacks = Object.keys(ATTACKS)

/** What an attack is about: the names of methods, a snapshot reader and a loop. */
export const PREPARATIONS = [
  [TOKEN, ...NAMES.flatMap((name, at) => [Wire.NAME, at, name, 0])],
  [TOKEN, Wire.SUBSCRIBE, 50, number('watchRows'), 0, Wire.ITERATE, 51, number('numbers'), 0],
]

/** @returns a message of so many ops, and what moves with it */
export function makeMessage(attack: string, each: number): [unknown[], Transferable[]] {
  const make = ATTACKS[attack] as () => unknown[]
  const message: unknown[] = [TOKEN]
  transfer = []
  for (let i = 0; i < each; i++) message.push(...make())
  return [message, transfer]
}
