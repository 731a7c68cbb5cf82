/** The thread's side of the first words: says hello, waits for start, and answers from then on. */
import * as Wire from './protocol.js'
import { Asker } from './asker.js'
import { Connection } from './connection.js'
import type { Endpoint } from './endpoint.js'
import { ThreadClosedError } from './errors.js'
import { Logic } from './logic.js'
import { Responder } from './responder.js'
import { TOKEN_START } from './token.js'

export interface ServeOptions {
  /** The page has said start. */
  onStart?(connection: Connection): void
  /** The lock that is held as long as this thread lives, as soon as it is; undefined where there are none. */
  lock?: Promise<string | undefined>
}

/**
 * Offers a logic at an endpoint.
 *
 * @param exposed a class, a factory function, an instance, or a promise of one of these
 * @returns ends it
 */
export function serve(
  endpoint: Endpoint,
  exposed: unknown,
  { onStart, lock }: ServeOptions = {},
): () => void {
  const logic = new Logic(exposed)
  let connection: Connection | undefined

  const first = (event: MessageEvent) => {
    const message: unknown = event.data
    if (!Array.isArray(message)) return
    const [token, tag, , info] = message
    if (typeof token !== 'string' || !token.startsWith(TOKEN_START) || tag !== Wire.START) return
    endpoint.removeEventListener('message', first)
    connection = new Connection({
      token,
      name: String(info?.name),
      asks: (line) => new Asker(line),
      answers: (line, asker) => new Responder(line, asker, logic, lock),
    })
    connection.connect(endpoint)
    connection.outbox.open()
    onStart?.(connection)
    connection.receive(event)
  }
  endpoint.addEventListener('message', first)
  endpoint.postMessage({ bgthread: Wire.VERSION } satisfies Wire.Hello, [])

  return () => {
    endpoint.removeEventListener('message', first)
    logic.abort()
    connection?.asker.end(() => new ThreadClosedError('the thread has ended'))
    connection?.close()
  }
}
