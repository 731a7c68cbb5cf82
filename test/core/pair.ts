/** Two real connections over a real channel: a page's, and that of a thread with a logic. */
import { onTestFinished } from 'vitest'
import { Connection } from '../../src/core/connection.js'
import { ThreadClosedError } from '../../src/core/errors.js'
import { Logic } from '../../src/core/logic.js'
import type { RemoteCall } from '../../src/core/call.js'
import { makeProxy } from '../../src/core/proxy.js'

export const TOKEN = 'bgthread:test'

export interface Pair {
  page: Connection
  thread: Connection
  /** Every name of the logic, public or not. */
  proxy: Record<string, (...args: unknown[]) => RemoteCall>
  /** Says something to the thread, or to the page, as if the other side had said it. */
  forge: Record<'thread' | 'page', (message: unknown) => void>
  /** What the thread has forwarded as uncaught. */
  uncaught: unknown[]
  close(): void
}

export async function connect(exposed: unknown, buffer = 65_536): Promise<Pair> {
  const { port1, port2 } = new MessageChannel()
  const uncaught: unknown[] = []
  const page = new Connection(port1, {
    token: TOKEN,
    name: 'todos',
    onUncaught: (error) => uncaught.push(error),
  })
  const thread = new Connection(port2, { token: TOKEN, name: 'todos', logic: new Logic(exposed) })
  page.outbox.open()
  thread.outbox.open()
  port1.start()
  port2.start()
  const close = () => {
    page.caller.end(() => new ThreadClosedError('the test is over'))
    for (const connection of [page, thread]) connection.close()
    for (const port of [port1, port2]) port.close()
  }
  onTestFinished(close)
  await page.caller.start({ name: 'todos', epoch: 1, buffer }, [])
  return {
    page,
    thread,
    uncaught,
    close,
    proxy: makeProxy(page.caller) as Pair['proxy'],
    forge: {
      thread: (message) => port1.postMessage(message),
      page: (message) => port2.postMessage(message),
    },
  }
}
