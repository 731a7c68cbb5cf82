/** The object that stands for the logic on the page: every name is a method, and nothing can be set. */
import type { RemoteCall } from './call.js'
import { CONNECT } from './connect.js'
import type { ThreadLine } from './protocol.js'
import { PROBES } from './probes.js'

/** @param above the function whose caller is the user's line, for the stack */
type Ask = (action: string, args: readonly unknown[], above: unknown) => RemoteCall

/**
 * @param name the thread's
 * @param connect makes a line for another client
 * @returns a `Remote<T>` for whichever logic is asked
 */
export function makeProxy(name: string, ask: Ask, connect?: () => ThreadLine): object {
  const methods = new Map<string, (...args: unknown[]) => unknown>()
  const describe = () => `[thread '${name}']`

  const get = (_: object, key: string | symbol): unknown => {
    if (typeof key === 'symbol') {
      if (key === Symbol.toPrimitive) return describe
      if (key === CONNECT) return connect
      return key === Symbol.toStringTag ? 'Remote' : undefined
    }
    const known = methods.get(key)
    if (known) return known
    if (key === 'toString' || key === 'valueOf') return describe
    if (key === 'constructor') return Object
    // Vue must not make it reactive: a proxy around the proxy would turn its questions into calls.
    if (key === '__v_skip') return true
    if (PROBES.has(key) || /^(__|\$\$|@@)/.test(key)) return undefined
    const method = (...args: unknown[]) => ask(key, args, method)
    methods.set(key, method)
    return method
  }
  const no = () => false
  return new Proxy(Object.create(null) as object, {
    get,
    has: no,
    set: no,
    defineProperty: no,
    deleteProperty: no,
    setPrototypeOf: no,
    preventExtensions: no,
  })
}
