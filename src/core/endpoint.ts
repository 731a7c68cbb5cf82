/**
 * What a connection needs of the thing it speaks through. A `Worker`, a worker's own global and a `MessagePort` are
 * endpoints as they are; anything else needs an adapter of a few lines.
 * docs/endpoints.md has one for Node.
 */
export interface Endpoint {
  /** Sends a structured clone of `message`, moving what `transfer` lists. Throws what cannot be cloned. */
  postMessage(message: unknown, transfer: Transferable[]): void
  addEventListener(type: 'message' | 'messageerror', listener: (event: MessageEvent) => void): void
  removeEventListener(type: 'message' | 'messageerror', listener: (event: MessageEvent) => void): void
  /** Messages may be delivered: whoever listens does so from now on. */
  start?(): void
  /** Ends what is on the other side, at once. */
  terminate?(): void
  /** Ends the connection. Called where there is no `terminate`. */
  close?(): void
}

/** What another side has sent as a port; structured clone makes functions of nothing else. */
export const isPort = (it: unknown): it is MessagePort =>
  typeof (it as MessagePort | null | undefined)?.start === 'function'
