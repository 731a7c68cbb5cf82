/** The object that stands for the logic on the page: every name is a method, and nothing can be set. */
import type { Caller } from './caller.js'

/** Asked of any object by `await`, consoles, test frameworks, Vue and Svelte; none of it may become a call. */
const LOCAL: Record<string, unknown> = {
  // Vue must not make it reactive: a proxy around the proxy would turn these questions into calls.
  __v_skip: true,
  constructor: Object,
}
const SILENT = new Set(
  'then toJSON constructor asymmetricMatch nodeType tagName prototype inspect'.split(' '),
)

/** @returns a `Remote<T>` for whichever logic answers the caller */
export function makeProxy(caller: Caller): object {
  const methods = new Map<string, (...args: unknown[]) => unknown>()
  const describe = () => `[thread '${caller.name}']`

  const get = (_: object, key: string | symbol): unknown => {
    if (typeof key === 'symbol') {
      if (key === Symbol.toPrimitive) return describe
      return key === Symbol.toStringTag ? 'Remote' : undefined
    }
    const known = methods.get(key)
    if (known) return known
    if (Object.hasOwn(LOCAL, key)) return LOCAL[key]
    if (key === 'toString' || key === 'valueOf') return describe
    if (SILENT.has(key) || key.startsWith('__') || key.startsWith('$$') || key.startsWith('@@'))
      return undefined
    const method = (...args: unknown[]) => caller.call(key, args, method)
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
