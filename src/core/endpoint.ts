/**
 * What a connection needs of the thing it speaks through. A `Worker`, a worker's own global and a started
 * `MessagePort` are endpoints as they are; anything else needs an adapter of a few lines.
 */
export interface Endpoint {
  /** Sends a structured clone of `message`, moving what `transfer` lists. Throws what cannot be cloned. */
  postMessage(message: unknown, transfer: Transferable[]): void
  addEventListener(type: 'message' | 'messageerror', listener: (event: MessageEvent) => void): void
  removeEventListener(type: 'message' | 'messageerror', listener: (event: MessageEvent) => void): void
}
