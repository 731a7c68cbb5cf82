/** What a proxy brings along where it is passed to another thread. */
import type { ThreadLine } from './protocol.js'

/** On a proxy: how another client is connected. A symbol of the realm: a proxy may come from another bundle. */
export const CONNECT: unique symbol = Symbol.for('bgthread.connect') as never

/** What leads to a proxy's thread. */
export interface Connector {
  [CONNECT]?: () => ThreadLine
}

/** What leads to the thread of which this is the proxy. */
export function connectorOf(object: object): (() => ThreadLine) | undefined {
  return (object as Connector)[CONNECT]
}
