/** Two real connections over a real channel: a page's, and that of a thread with a logic. */
import { onTestFinished } from 'vitest'
import { Answerer } from '../../src/core/answerer.js'
import { Asker } from '../../src/core/asker.js'
import { Caller } from '../../src/core/caller.js'
import { Connection } from '../../src/core/connection.js'
import { ThreadClosedError } from '../../src/core/errors.js'
import { Logic } from '../../src/core/logic.js'
import type { RemoteCall } from '../../src/core/call.js'
import { makeProxy } from '../../src/core/proxy.js'
import { Responder } from '../../src/core/responder.js'
import { Shelf } from '../../src/core/shelf.js'
import type { Line } from '../../src/core/line.js'

export const TOKEN = 'bgthread:test'

export interface Pair {
  page: Connection<Caller>
  thread: Connection
  /** Every name of the logic, public or not. */
  proxy: Record<string, (...args: unknown[]) => RemoteCall>
  /** Says something to the thread, or to the page, as if the other side had said it. */
  forge: Record<'thread' | 'page', (message: unknown) => void>
  /** What the thread has forwarded as uncaught. */
  uncaught: unknown[]
  /** What each of them speaks through. */
  ports: Record<'page' | 'thread', MessagePort>
  close(): void
}

/** A caller whose streams are its own: nothing outlives it. */
export function makeCaller(line: Line, linger = 0): Caller {
  const caller: Caller = new Caller(line, {
    shelf: new Shelf(),
    linger,
    limits: { calls: Infinity, subscriptions: Infinity },
    caller: () => caller,
  })
  return caller
}

/** @param whole both sides ask and answer everything; else, as usual, the thread asks and the page answers callbacks only */
export async function connect(
  exposed: unknown,
  { buffer = 65_536, whole = false, channel = new MessageChannel() } = {},
): Promise<Pair> {
  const { port1, port2 } = channel
  const uncaught: unknown[] = []
  const pageLogic = whole ? new Logic({}) : undefined
  const page = new Connection({
    token: TOKEN,
    name: 'todos',
    asks: (line) => makeCaller(line),
    answers: (line, caller) =>
      pageLogic ? new Responder(line, caller, pageLogic) : new Answerer(line, caller),
    onUncaught: (error) => uncaught.push(error),
  })
  const logic = new Logic(exposed)
  const thread = new Connection<Asker>({
    token: TOKEN,
    name: 'todos',
    asks: (line) => (whole ? makeCaller(line) : new Asker(line)),
    answers: (line, asker) => new Responder(line, asker, logic),
  })
  page.connect(port1)
  thread.connect(port2)
  page.outbox.open()
  thread.outbox.open()
  port1.start()
  port2.start()
  const close = () => {
    for (const connection of [page, thread]) {
      connection.asker.end(() => new ThreadClosedError('the test is over'))
      connection.close()
    }
    for (const port of [port1, port2]) port.close()
  }
  onTestFinished(close)
  await page.asker.start({ name: 'todos', epoch: 1, buffer }, [])
  return {
    page,
    thread,
    uncaught,
    ports: { page: port1, thread: port2 },
    close,
    proxy: makeProxy('todos', (...call) => page.asker.call(...call)) as Pair['proxy'],
    forge: {
      thread: (message) => port1.postMessage(message),
      page: (message) => port2.postMessage(message),
    },
  }
}
