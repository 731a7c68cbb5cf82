/** A client whose messages can be read, and a source that emits when it is told to. */
import { Outbox } from '../../../src/core/outbox.js'
import * as Wire from '../../../src/core/protocol.js'
import { Replies } from '../../../src/core/replies.js'
import { Scope } from '../../../src/core/scope.js'
import { Hubs } from '../../../src/core/sources.js'
import { decode } from '../../../src/core/thrown.js'
import type { Reader, ReaderClient, StoreReader } from '../../../src/core/readers.js'

export const NAMES = new Map<unknown, string>(
  Object.entries({
    RETURN: Wire.RETURN,
    SNAPSHOT: Wire.SNAPSHOT,
    VALUE: Wire.VALUE,
    COMPLETE: Wire.COMPLETE,
    FAIL: Wire.FAIL,
  }).map(([name, tag]) => [tag, name]),
)

/** One client with an outbox whose messages are cloned, and what it was told: `[tag, value]`. */
export function makeClient(buffer = 65_536) {
  const said: [string | undefined, unknown][] = []
  const ended: Reader[] = []
  const dirty = new Set<StoreReader>()
  const send = (reader: StoreReader) => (dirty.delete(reader), reader.send())
  const outbox = new Outbox('token', (message, transfer) => {
    const slots = structuredClone(message, { transfer })
    for (let at = 1; at < slots.length; at += 4)
      said.push([NAMES.get(slots[at]), decode(slots[at + 2], slots[at + 3])])
  })
  outbox.beforeFlush = () => {
    replies.move()
    for (const reader of [...dirty]) if (reader.flow.ready) send(reader)
  }
  const replies = new Replies(outbox, {
    get idle() {
      return dirty.size === 0
    },
    pull() {
      let caughtUp = true
      for (const reader of [...dirty]) {
        if (reader.flow.pullable) send(reader)
        else if (reader.flow.waiting) caughtUp = false
      }
      return caughtUp
    },
  })
  outbox.open()
  const client: ReaderClient = {
    outbox,
    buffer,
    where: 'todos.watchTodos()',
    ended: (reader) => ended.push(reader),
    offered: (reader) => (dirty.add(reader), outbox.schedule()),
  }
  const hubs = new Hubs()
  const read = <R extends Reader>(
    Kind: new (...args: ConstructorParameters<typeof StoreReader>) => R,
    source: object,
    scope = new Scope(),
    owns = true,
  ) => {
    const hub = hubs.of(source)
    const reader = new Kind(1, hub, scope, owns, client)
    hub.add(reader)
    return reader
  }
  return { said, ended, outbox, replies, hubs, read }
}

/** A push source that tells nothing at first. */
export function makeSubject() {
  let observer: { next(v: unknown): void; error(e: unknown): void; complete(): void } | undefined
  return {
    pipe() {},
    subscribe(to: typeof observer) {
      observer = to
      return { unsubscribe: () => (observer = undefined) }
    },
    get observer() {
      return observer
    },
    next: (value: unknown) => observer?.next(value),
    error: (error: unknown) => observer?.error(error),
    complete: () => observer?.complete(),
  }
}

export const tick = () => Promise.resolve()

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}
