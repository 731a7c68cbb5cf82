/** Listens to what a page and its worker say, and counts what must not be. */
import * as Wire from '../../../src/core/protocol.js'

type Seen = Map<number, number>

export class Tap {
  /** The first slot of every message of this connection, as soon as one has left. */
  token: string | undefined
  /** Of what was asked, what was answered more than once, on either side. */
  twice = 0
  /** What the thread holds as long as it lives. */
  readonly locks: string[] = []

  constructor(readonly worker: Worker) {
    const fromPage: Seen = new Map()
    const fromThread: Seen = new Map()
    const post = worker.postMessage.bind(worker)
    worker.postMessage = (message: unknown[], options?: StructuredSerializeOptions | Transferable[]) => {
      post(message, options as Transferable[])
      this.token ??= message[0] as string
      this.#count(message, fromPage)
    }
    worker.addEventListener('message', ({ data }) => this.#count(data, fromThread))
    this.say = (message) => post(message)
  }

  /** Says what the library does not. */
  readonly say: (message: unknown) => void

  #count(message: unknown, seen: Seen): void {
    if (!Array.isArray(message) || message[0] !== this.token) return
    for (let at = 1; at < message.length; at += Wire.opLength(message[at] as number, message[at + 3])) {
      const [tag, id, a] = message.slice(at, at + 3) as [number, number, unknown]
      if (tag === Wire.LOCKED) this.locks.push(String(a))
      if (tag !== Wire.RETURN && tag !== Wire.THROW && tag !== Wire.RETURN_STREAM) continue
      const times = (seen.get(id) ?? 0) + 1
      seen.set(id, times)
      if (times > 1 && id < FOREIGN) this.twice++
    }
  }
}

/** Numbers of calls from here on are nobody's. */
export const FOREIGN = 1e9

/** What other libraries, frames and extensions might post, and what nobody should. */
export const STRANGE: readonly unknown[] = [
  null,
  1,
  'x',
  [],
  [NaN],
  {},
  { bgthread: 'no version' },
  ['bgthread:forged', Wire.RETURN, 1, Wire.RAW, 'forged'],
  ['bgthread:forged', Wire.CALL, 1, 0, 0],
  [undefined, Wire.THROW, 2, Wire.RAW, 'forged'],
]

/** Messages of this connection that no version of the library says. */
export const malformed = (token: string): unknown[][] =>
  [
    [],
    [0, 0, 0, 0],
    [Wire.LAST + 1, 1, 0, 0],
    [1.5, 1, 0, 0],
    ['2', 1, 0, 0],
    [Wire.CALL],
    [Wire.CALL, FOREIGN, 0, 1e9],
    [Wire.CALL, FOREIGN, {}, 0],
    [Wire.CALL, FOREIGN + 1, 0, Wire.JSON_ARGS, '{'],
    [Wire.CALL, FOREIGN + 2, 0, Wire.RICH_ARGS, 1, 2],
    [Wire.SUBSCRIBE, FOREIGN + 3, 1e9, 0],
    [Wire.INVOKE, FOREIGN + 4, 1e9, 0],
    [Wire.RETURN, FOREIGN, Wire.RAW, 'nobody asked'],
    [Wire.RETURN, FOREIGN, Wire.JSON_TEXT, '{'],
    [Wire.PATCH, FOREIGN, Wire.RAW, null],
    [Wire.NAME, FOREIGN, Object.prototype, 0],
    [Wire.CREDIT, FOREIGN, NaN, 0],
    [Wire.CANCEL, FOREIGN, Wire.ERROR, 1],
    [Wire.KEEP, FOREIGN, 0, 0],
    [Wire.RELEASE, '__proto__', 0, 0],
  ].map((ops) => [token, ...ops])
