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

/** The lines that the arguments of one call need: one to each thread, however often its proxy is passed. */
export class CallLines {
  readonly #lines = new Map<unknown, ThreadLine>()

  to(connect: () => ThreadLine): ThreadLine {
    const line = this.#lines.get(connect) ?? connect()
    this.#lines.set(connect, line)
    return line
  }

  get all(): ThreadLine[] {
    return [...this.#lines.values()]
  }
}

/** Gives up lines that nobody uses. */
export function drop(lines: readonly ThreadLine[]): void {
  for (const [port] of lines) {
    // No port is told that another was closed.
    port.postMessage(undefined)
    port.close()
  }
}
