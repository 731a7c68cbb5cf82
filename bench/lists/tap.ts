/** Collects what a page is posted, for counting it. */

/**
 * Collects every message that is read in this page, from a worker or a port, as JSON text.
 *
 * @returns a function that ends it, and gives what has come
 */
export function tap(): () => string[] {
  const whole = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data')!
  const seen = new WeakSet<MessageEvent>()
  const messages: string[] = []
  Object.defineProperty(MessageEvent.prototype, 'data', {
    configurable: true,
    get(this: MessageEvent) {
      const data: unknown = whole.get!.call(this)
      if (!seen.has(this)) messages.push(JSON.stringify(data) ?? 'null')
      seen.add(this)
      return data
    },
  })
  return () => {
    Object.defineProperty(MessageEvent.prototype, 'data', whole)
    return messages
  }
}
