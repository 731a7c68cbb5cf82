/** Two real connections over a real channel: a page's, and that of a thread with a logic. */
import { onTestFinished } from 'vitest'
import { Answerer } from '../../src/core/answerer.js'
import { Caller } from '../../src/core/caller.js'
import { Connection } from '../../src/core/connection.js'
import { ThreadClosedError } from '../../src/core/errors.js'
import type { RemoteCall } from '../../src/core/call.js'
import { makeProxy } from '../../src/core/proxy.js'
import { Service } from '../../src/core/service.js'
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

export async function connect(
  exposed: unknown,
  { buffer = 65_536, channel = new MessageChannel() } = {},
): Promise<Pair> {
  const { port1, port2 } = channel
  const uncaught: unknown[] = []
  const page = new Connection({
    token: TOKEN,
    name: 'todos',
    asks: (line) => makeCaller(line),
    answers: (line, caller) => new Answerer(line, caller),
    onUncaught: (error) => uncaught.push(error),
  })
  const service = new Service(exposed)
  service.accept(port2, true)
  port1.start()
  await new Promise((hello) => port1.addEventListener('message', hello, { once: true }))
  page.connect(port1)
  page.outbox.open()
  const close = () => {
    page.asker.end(() => new ThreadClosedError('the test is over'))
    page.close()
    service.end()
    for (const port of [port1, port2]) port.close()
  }
  onTestFinished(close)
  await page.asker.start({ name: 'todos', epoch: 1, buffer }, [])
  const thread = [...service.clients][0]!.connection
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
