/** Clients of a thread that somebody else has started. */
import { isPort } from './endpoint.js'
import { LineTo } from './line-to.js'
import { BackgroundThread } from './thread.js'
import type { AttachedThread, ThreadSettings } from './types.js'

/** What can be set for a connection to a thread that somebody else has started. */
export type AttachOptions = Pick<
  ThreadSettings,
  'name' | 'startTimeout' | 'callTimeout' | 'heartbeat' | 'limits' | 'linger' | 'buffer'
> & {
  /** Services that the thread may call, as the `host` of this client. */
  host?: object | undefined
}

/**
 * Makes a full client of a port that `thread.connect()` gave: actions, streams, callbacks and status, as of a thread
 * of one's own. What it says goes straight to the thread. When that starts again, so does this connection.
 *
 * @param port from `connect()`, for this client alone
 * @throws TypeError where `port` is no port
 * @example
 * // in a worker of your own
 * onmessage = ({ data }) => {
 *   const { proxy } = attach<Store>(data.port)
 *   proxy.watchRows().subscribe(draw)
 * }
 */
export function attach<T>(port: MessagePort, options: AttachOptions = {}): AttachedThread<T> {
  if (!isPort(port))
    throw new TypeError('attach(port): port must be a MessagePort that thread.connect() gave')
  const line = new LineTo(
    port,
    (how, error) => thread.endAs(how, error),
    () => void thread.restart(),
  )
  const thread = new BackgroundThread(
    () => line.next(),
    // How often it may start again is for the one who has it to say.
    { ...options, restart: { max: Infinity, within: 0 } },
    { left: (isClosed) => line.end(isClosed) },
  )
  return thread as unknown as AttachedThread<T>
}
