/** How a thread reaches its host and other threads: code that only those need which do. */
import { attach } from './attach.js'
import { drop } from './connect.js'
import { isPort, type Endpoint } from './endpoint.js'
import type { ThreadLine } from './protocol.js'
import { realm, type Outward } from './realm.js'
import { BackgroundThread } from './thread.js'
import { isToken } from './token.js'
import type { AttachedThread } from './types.js'

/** Of each thread whose proxy was passed to this one. */
const known = new Map<string, AttachedThread<object>>()

const outward: Outward = {
  // Its end is the end of whoever offers it.
  host: (endpoint: Endpoint, name: string) =>
    new BackgroundThread(
      () => endpoint,
      { name, restart: false, linger: 0 },
      { left() {} },
    ) as unknown as AttachedThread<object>,

  proxy(line) {
    const [port, identity, name] = read(line)
    for (const [other, thread] of known) if (isOver(thread)) known.delete(other)
    const before = known.get(identity)
    if (before) {
      // One line to each thread will do.
      drop([[port, identity, name]])
      return before.proxy
    }
    const thread = attach<object>(port, { name })
    known.set(identity, thread)
    return thread.proxy
  },
}

function read(line: unknown): ThreadLine {
  const [port, identity, name] = line as Partial<ThreadLine>
  if (!isPort(port) || !isToken(identity) || typeof name !== 'string') throw new TypeError('malformed line')
  return [port, identity, name]
}

const isOver = ({ status }: AttachedThread<object>) => /closed|failed/.test(status.get()?.state ?? '')

realm.outward ??= outward
